package dev.weir.runtime.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weir.runtime.Channel;
import dev.weir.runtime.Select;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@SuppressWarnings("ThreadPriorityCheck") // yields are part of what is tested
final class InterleavingsTest {
    private static final long FIRST_SEED = 20261121;

    /// Something with many different schedules: three threads, a channel, a select, a random
    /// choice.
    private static void busy() throws InterruptedException {
        var left = Channel.<Integer>bounded(1);
        var right = Channel.<Integer>unbuffered();
        var threads = new ArrayList<Thread>();
        for (var channel : List.of(left, right)) {
            threads.add(Thread.startVirtualThread(() -> {
                for (int i = 0; i < 5; i++) {
                    channel.trySend(i);
                    Thread.yield();
                }
                channel.close();
            }));
        }
        threads.add(Thread.startVirtualThread(() -> {
            try {
                boolean open = true;
                while (open) {
                    open = Select.select(
                            Select.receive(left, n -> true, () -> false),
                            Select.receive(right, n -> true, () -> false));
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }));
        for (var thread : threads) {
            thread.join();
        }
    }

    @Test
    void turns_ofTheSameSeed_areTheSame() throws Exception {
        var seeds = new SplittableRandom(FIRST_SEED);
        Interleavings.of(1).explore(InterleavingsTest::busy); // its classes are initialized now
        for (int i = 0; i < 200; i++) {
            long seed = Order.seed(seeds, 100);
            var turns = Interleavings.turns(InterleavingsTest::busy, seed);
            assertThat(turns).hasSizeGreaterThan(4);
            assertThat(Interleavings.turns(InterleavingsTest::busy, seed))
                    .as("the schedule of seed %d", seed)
                    .isEqualTo(turns);
        }
    }

    @Test
    void turns_ofManySeeds_areOfManyKinds() throws Exception {
        var seeds = new SplittableRandom(FIRST_SEED);
        var kinds = new HashSet<List<Integer>>();
        for (int i = 0; i < 200; i++) {
            var turns = new ArrayList<Integer>();
            for (int turn : Interleavings.turns(InterleavingsTest::busy, Order.seed(seeds, 100))) {
                turns.add(turn);
            }
            kinds.add(turns);
        }
        assertThat(kinds).hasSizeGreaterThan(100);
    }

    @Test
    void explore_withoutARun_makesAsManySchedulesAsAskedForAndTwoPlainOnes() throws Exception {
        var runs = new AtomicInteger();
        Interleavings.of(10).explore(runs::incrementAndGet);
        assertThat(runs).hasValue(12);
    }

    @Test
    void explore_withTheSeedInAProperty_runsThatScheduleAlone() throws Exception {
        var runs = new AtomicInteger();
        System.setProperty(Interleavings.SEED, "0x1234");
        try {
            Interleavings.of(10).explore(runs::incrementAndGet);
        } finally {
            System.clearProperty(Interleavings.SEED);
        }
        assertThat(runs).hasValue(2);
    }

    @Test
    void of_withTheCountInAProperty_takesThat() throws Exception {
        var runs = new AtomicInteger();
        System.setProperty(Interleavings.SCHEDULES, "3");
        try {
            Interleavings.of(10).explore(runs::incrementAndGet);
        } finally {
            System.clearProperty(Interleavings.SCHEDULES);
        }
        assertThat(runs).hasValue(5);
    }

    @Test
    void of_zero_isRefused() {
        assertThatThrownBy(() -> Interleavings.of(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("schedules must be 1 to 100000000, but was 0");
    }

    @Test
    void explore_ofABodyThatAlwaysFails_saysThatItNeedsNoSchedule() {
        assertThatThrownBy(() -> Interleavings.of(10).explore(() -> {
                    throw new IllegalStateException("always");
                }))
                .isInstanceOf(InterleavingError.class)
                .hasMessageStartingWith("failed without any switch")
                .hasRootCauseMessage("always");
    }

    @Test
    void explore_ofABodyThatIsNotTheSameEachTime_saysSo() {
        var runs = new AtomicInteger();
        assertThatThrownBy(() -> Interleavings.of(10).explore(() -> {
                    if (runs.incrementAndGet() == 5) {
                        throw new IllegalStateException("once");
                    }
                }))
                .isInstanceOf(InterleavingError.class)
                .hasMessageStartingWith("schedule 3 of 10 failed")
                .hasMessageContaining("it ended otherwise when it was run again");
    }

    @Test
    void explore_ofOperationsOfTheLibrary_switchesWithoutRewriting() {
        var found = catchThrowableOfType(
                InterleavingError.class,
                () -> Interleavings.of(100).explore(() -> {
                    var channel = Channel.<Integer>bounded(1);
                    channel.send(1);
                    var taker = Thread.startVirtualThread(channel::tryReceive);
                    if (channel.length() == 1) {
                        channel.receive();
                    }
                    taker.join();
                }));
        assertThat(found).hasCauseInstanceOf(DeadlockError.class);
    }

    @Test
    void explore_ofAnEndlessSchedule_ends() {
        assertThatThrownBy(() -> Bubble.outcome(
                        new World(
                                () -> {
                                    var channel = Channel.<Integer>bounded(1);
                                    while (channel.tryReceive() == null) {
                                        Thread.onSpinWait();
                                    }
                                },
                                Order.of(FIRST_SEED),
                                java.time.Duration.ofSeconds(30),
                                true,
                                new Trace(false)),
                        java.time.Duration.ofSeconds(30)))
                .isInstanceOf(StuckError.class)
                .hasMessageContaining("no end after 5000000 points");
    }

    @Test
    void explore_withAWaitingLoop_isNotStarvedByPriorities() throws Exception {
        Interleavings.of(200).explore(() -> {
            var flag = new AtomicBoolean();
            var waiter = Thread.startVirtualThread(() -> {
                while (!flag.get()) {
                    Thread.yield();
                }
            });
            var channel = Channel.<Integer>bounded(1);
            channel.send(1);
            flag.set(true);
            waiter.join();
        });
    }

    @Test
    void rewriting_aPackageOfTheJdk_isRefused() {
        assertThatThrownBy(() -> Interleavings.of(1).rewriting("java.util").explore(Nothing.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("classes of package java.util cannot be rewritten");
    }

    static final class Nothing implements Interleavings.Scenario {
        @Override
        public void run() {}
    }
}
