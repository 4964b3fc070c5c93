package dev.weir.runtime;

import static dev.weir.runtime.Select.orElse;
import static dev.weir.runtime.Select.receive;
import static dev.weir.runtime.Select.select;
import static dev.weir.runtime.Select.send;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// That the choice is uniform, and made on the state of one instant.
@Timeout(300)
final class SelectChoiceTest {
    private static final int ROUNDS = 10_000;
    // A fair select exceeds this once in a million runs.
    private static final double SIGMAS = 4.89;
    private static final int RACES = 100_000;
    private static final int JITTER = 16;

    @Test
    void select_withTwoReadyChannels_choosesEachHalfOfTheTime() throws Exception {
        Channel<Integer> first = Channel.bounded(1);
        Channel<Integer> second = Channel.bounded(1);
        first.send(0);
        second.send(1);
        int ones = 0;
        for (int i = 0; i < ROUNDS; i++) {
            int chosen = select(receive(first, v -> v), receive(second, v -> v));
            ones += chosen;
            (chosen == 0 ? first : second).send(chosen);
        }
        assertShare(ones, 0.5);
    }

    @Test
    void select_withReadyCasesAmongIdleOnes_choosesEachWithTheSameProbability() throws Exception {
        Channel<Integer> idle = Channel.unbuffered();
        Channel<Integer> ready = Channel.bounded(1);
        ready.send(0);
        int last = 0;
        for (int i = 0; i < ROUNDS; i++) {
            last += (int) select(
                    receive(ready, v -> 0),
                    receive(idle, v -> 0),
                    receive(idle, v -> 0),
                    receive(ready, v -> 0),
                    receive(ready, v -> 1));
            ready.send(0);
        }
        assertShare(last, 1.0 / 3);
    }

    @Test
    void select_withTwoSendsToOneChannel_choosesEachHalfOfTheTime() throws Exception {
        Channel<Integer> channel = Channel.bounded(1);
        int ones = 0;
        for (int i = 0; i < ROUNDS; i++) {
            select(send(channel, 0, () -> {}), send(channel, 1, () -> {}));
            ones += channel.receive();
        }
        assertShare(ones, 0.5);
    }

    private static void assertShare(int hits, double expected) {
        double deviation = Math.sqrt(expected * (1 - expected) / ROUNDS);
        assertThat(hits / (double) ROUNDS).isBetween(expected - SIGMAS * deviation, expected + SIGMAS * deviation);
    }

    /// The second channel is filled before the first is emptied, so that one of them is ready at every instant: a
    /// select that looked at one after the other could miss both. Both threads run at once, with a jitter.
    @Test
    void select_withOneCaseReadyAtEveryInstant_neverTakesTheDefault() throws Exception {
        var race = new AtomicReference<@Nullable Race>();
        var missed = new AtomicInteger();
        var polling = Running.callOnPlatform(() -> {
            for (int i = 0; i < RACES; i++) {
                Running.until(() -> race.get() != null);
                var current = Objects.requireNonNull(race.getAndSet(null));
                if (select(receive(current.second, v -> 0), receive(current.first, v -> 0), orElse(() -> 1)) == 1) {
                    missed.incrementAndGet();
                }
                current.over = true;
            }
            return true;
        });
        var jitter = new SplittableRandom();
        for (int i = 0; i < RACES; i++) {
            var current = new Race();
            current.first.send(1);
            race.set(current);
            Running.until(() -> race.get() == null);
            for (int spin = jitter.nextInt(JITTER); spin > 0; spin--) {
                Thread.onSpinWait();
            }
            current.second.send(1);
            select(receive(current.first, v -> true), orElse(() -> false));
            Running.until(() -> current.over);
        }
        polling.result();
        assertThat(missed).hasValue(0);
    }

    private static final class Race {
        final Channel<Integer> first = Channel.bounded(1);
        final Channel<Integer> second = Channel.bounded(1);
        volatile boolean over;
    }

    /// A close races with a poll for a buffered element: the poll must find the element or the end, never
    /// nothing.
    @Test
    void select_whileChannelWithElementIsClosed_neverTakesTheDefault() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            Channel<Integer> channel = Channel.bounded(1);
            channel.send(1);
            var polling = Running.call(() -> {
                int result = select(receive(channel, v -> v, () -> 1), orElse(() -> 0));
                return result;
            });
            channel.close();
            assertThat(polling.result()).isEqualTo(1);
        }
    }
}
