package dev.weir.planted;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.runtime.Channel;
import dev.weir.runtime.Context;
import dev.weir.runtime.ContextException;
import dev.weir.runtime.Group;
import dev.weir.runtime.ReceiveOnClosedException;
import dev.weir.runtime.Select;
import dev.weir.runtime.SendOnClosedException;
import dev.weir.runtime.TaskFailedException;
import dev.weir.runtime.junit.Bubble;
import dev.weir.runtime.junit.Interleaved;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The library itself, rewritten: its threads are switched between any two accesses to its fields,
/// also while they hold its locks.
@Timeout(60)
final class RuntimeUnderSchedulesTest {
    private static final String RUNTIME = "dev.weir.runtime";

    private final List<Integer> received = new ArrayList<>();

    @Interleaved(rewrite = RUNTIME)
    @Test
    void channel_unbuffered_handsEachElementOverOnce() throws Exception {
        transfer(Channel.unbuffered());
    }

    @Interleaved(rewrite = RUNTIME)
    @Test
    void channel_bounded_handsEachElementOverOnce() throws Exception {
        transfer(Channel.bounded(2));
    }

    private void transfer(Channel<Integer> channel) throws Exception {
        var open = new AtomicInteger(2);
        Threads.run(
                () -> sendTwo(channel, 0, open),
                () -> sendTwo(channel, 10, open),
                () -> receive(channel),
                () -> receive(channel));
        assertThat(received).containsExactlyInAnyOrder(0, 1, 10, 11);
        assertThat(channel.length()).isZero();
    }

    private static void sendTwo(Channel<Integer> channel, int first, AtomicInteger open) throws InterruptedException {
        channel.send(first);
        channel.send(first + 1);
        if (open.decrementAndGet() == 0) {
            channel.close();
        }
    }

    private void receive(Channel<Integer> channel) {
        for (int element : channel) {
            synchronized (received) {
                received.add(element);
            }
        }
    }

    @Interleaved(rewrite = RUNTIME)
    @Test
    void close_besideSendAndReceive_losesNothingThatWasSent() throws Exception {
        var channel = Channel.<Integer>bounded(1);
        var sent = new AtomicInteger();
        Threads.run(
                () -> {
                    try {
                        for (int i = 0; i < 3; i++) {
                            channel.send(i);
                            sent.incrementAndGet();
                        }
                    } catch (SendOnClosedException e) {
                        // as it may
                    }
                },
                () -> receive(channel),
                channel::close);
        assertThat(received).hasSize(sent.get());
    }

    @Interleaved(rewrite = RUNTIME)
    @Test
    void select_ofTwoInOppositeDirections_meets() throws Exception {
        var left = Channel.<Integer>unbuffered();
        var right = Channel.<Integer>unbuffered();
        var met = new AtomicInteger();
        Threads.run(() -> exchange(left, right, met), () -> exchange(right, left, met));
        assertThat(met.get()).isEqualTo(2);
    }

    private static void exchange(Channel<Integer> out, Channel<Integer> in, AtomicInteger met)
            throws InterruptedException {
        Select.select(Select.send(out, 1, met::incrementAndGet), Select.receive(in, element -> met.incrementAndGet()));
    }

    @Interleaved(rewrite = RUNTIME)
    @Test
    void select_ofTwoWithASenderEach_takesBothElements() throws Exception {
        var first = Channel.<Integer>unbuffered();
        var second = Channel.<Integer>unbuffered();
        Threads.run(() -> first.send(1), () -> second.send(2), () -> {
            for (int i = 0; i < 2; i++) {
                Select.select(Select.receive(first, received::add), Select.receive(second, received::add));
            }
        });
        assertThat(received).containsExactlyInAnyOrder(1, 2);
    }

    @Interleaved(rewrite = RUNTIME)
    @Test
    void select_withADefault_neverMissesWhatIsThere() throws Exception {
        // One of the two channels always has an element, as in Go's TestNonblockSelectRace.
        var first = Channel.<Integer>bounded(1);
        var second = Channel.<Integer>bounded(1);
        first.send(1);
        var missed = new AtomicInteger();
        Threads.run(
                () -> {
                    second.send(1);
                    first.tryReceive();
                },
                () -> Select.select(
                        Select.receive(first, element -> 0),
                        Select.receive(second, element -> 0),
                        Select.orElse(missed::incrementAndGet)));
        assertThat(missed.get()).isZero();
    }

    @Interleaved(rewrite = RUNTIME)
    @Test
    void tryReceive_withATimeoutBesideASend_losesNothing() throws Exception {
        var channel = Channel.<Integer>unbuffered();
        Threads.run(
                () -> {
                    var element = channel.tryReceive(Duration.ofSeconds(1));
                    if (element != null) {
                        received.add(element);
                    }
                },
                () -> {
                    Bubble.sleep(Duration.ofSeconds(1));
                    if (channel.trySend(7)) {
                        received.add(0);
                    }
                });
        assertThat(received).hasSizeBetween(0, 2).doesNotHaveDuplicates();
        assertThat(received.size() % 2).isZero();
    }

    @Interleaved(rewrite = RUNTIME)
    @Test
    void cancel_besideAReceive_endsItOrItHasItsElement() throws Exception {
        var channel = Channel.<Integer>unbuffered();
        try (var context = Context.background().withCancel()) {
            Threads.run(
                    () -> {
                        try {
                            received.add(channel.receive(context));
                        } catch (ContextException | ReceiveOnClosedException e) {
                            received.add(-1);
                        }
                    },
                    () -> channel.trySend(1),
                    context::cancel);
        }
        assertThat(received).hasSize(1);
    }

    @Interleaved(rewrite = RUNTIME)
    @Test
    void group_withAFailure_cancelsTheOthersAndReportsIt() throws Exception {
        try (var group = Group.of(Context.background(), "task").limit(2)) {
            var context = group.context();
            group.go(() -> Channel.never().receive(context));
            group.go(() -> {
                throw new java.io.IOException("disk");
            });
            group.go(() -> received.add(1));
            group.await();
            throw new AssertionError("await should have thrown");
        } catch (TaskFailedException e) {
            assertThat(e).hasRootCauseMessage("disk");
        }
        assertThat(received).containsExactly(1);
    }

    @Interleaved(rewrite = RUNTIME)
    @Test
    void context_thatEndsByDeadlineAndCancel_runsItsFunctionOnce() throws Exception {
        var runs = new AtomicInteger();
        try (var context = Context.background().withTimeout(Duration.ofSeconds(1))) {
            context.afterFunc(runs::incrementAndGet);
            Threads.run(
                    () -> {
                        Bubble.sleep(Duration.ofSeconds(1));
                        context.cancel();
                    },
                    context::await);
            Bubble.settle();
        }
        assertThat(runs.get()).isEqualTo(1);
    }
}
