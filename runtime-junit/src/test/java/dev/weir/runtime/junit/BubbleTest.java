package dev.weir.runtime.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.runtime.Channel;
import dev.weir.runtime.Context;
import dev.weir.runtime.DeadlineExceededException;
import dev.weir.runtime.Group;
import dev.weir.runtime.Scheduler;
import dev.weir.runtime.Select;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What Go's `testing/synctest` is tested for, and what is ours.
@Timeout(30)
final class BubbleTest {
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void now_atTheBeginning_isTheFirstOfJanuary2000() throws Exception {
        Bubble.run(() -> {
            assertThat(Bubble.now()).isEqualTo(Instant.parse("2000-01-01T00:00:00Z"));
            assertThat(Bubble.clock().instant()).isEqualTo(Bubble.now());
            assertThat(Bubble.nanoTime()).isZero();
        });
    }

    @Test
    void run_ofAnEmptyBody_returns() throws Exception {
        Bubble.run(() -> {});
    }

    @Test
    void run_ofABodyThatThrows_throwsTheSame() {
        var mistake = new java.io.IOException("disk");
        assertThatThrownBy(() -> Bubble.run(() -> {
                    throw mistake;
                }))
                .isSameAs(mistake);
    }

    @Test
    void sleep_ofAnHour_takesExactlyThatOfTheBubble() throws Exception {
        Bubble.run(() -> {
            var before = Bubble.now();
            Bubble.sleep(HOUR);
            assertThat(Bubble.now()).isEqualTo(before.plus(HOUR));
        });
    }

    @Test
    void sleep_ofSeveral_wakesThemInTheOrderOfTime() throws Exception {
        var woken = Collections.synchronizedList(new ArrayList<Integer>());
        Bubble.run(() -> {
            for (int i : new int[] {3, 1, 2}) {
                Thread.startVirtualThread(() -> {
                    try {
                        Bubble.sleep(Duration.ofMinutes(i));
                        woken.add(i);
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                });
            }
            Bubble.sleep(HOUR);
        });
        assertThat(woken).containsExactly(1, 2, 3);
    }

    @Test
    void sleep_outsideOfABubble_isRefused() {
        assertThatThrownBy(() -> Bubble.sleep(HOUR))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("not in a bubble");
        assertThat(Bubble.isInside()).isFalse();
    }

    @Test
    void settle_withARunningThread_letsItRunUntilItIsBlocked() throws Exception {
        Bubble.run(() -> {
            var done = new boolean[1];
            Thread.startVirtualThread(() -> done[0] = true);
            assertThat(done[0]).isFalse();
            Bubble.settle();
            assertThat(done[0]).isTrue();
        });
    }

    @Test
    void settle_withAChainOfAHundredThreads_letsAllRun() throws Exception {
        Bubble.run(() -> {
            var count = new int[1];
            chain(100, count);
            Bubble.settle();
            assertThat(count[0]).isEqualTo(100);
        });
    }

    private static void chain(int length, int[] count) {
        if (length > 0) {
            Thread.startVirtualThread(() -> {
                count[0]++;
                chain(length - 1, count);
            });
        }
    }

    @Test
    void settle_withASleeper_doesNotWaitForIt() throws Exception {
        Bubble.run(() -> {
            var started = new boolean[2];
            var sleeper = Thread.startVirtualThread(() -> {
                started[0] = true;
                try {
                    Bubble.sleep(HOUR);
                    started[1] = true;
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            Bubble.settle();
            assertThat(started).containsExactly(true, false);
            assertThat(Bubble.nanoTime()).isZero();
            sleeper.join();
            assertThat(started[1]).isTrue();
        });
    }

    @Test
    void tryReceive_withATimeout_waitsExactlyThatLong() throws Exception {
        Bubble.run(() -> {
            var channel = Channel.<String>unbuffered();
            assertThat(channel.tryReceive(HOUR)).isNull();
            assertThat(Bubble.nanoTime()).isEqualTo(HOUR.toNanos());
        });
    }

    @Test
    void tryReceive_withASenderBeforeTheDeadline_hasTheElementAndNoTimeIsLost() throws Exception {
        Bubble.run(() -> {
            var channel = Channel.<String>unbuffered();
            Thread.startVirtualThread(() -> {
                try {
                    Bubble.sleep(Duration.ofMinutes(59));
                    channel.send("in time");
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            assertThat(channel.tryReceive(HOUR)).isEqualTo("in time");
            assertThat(Bubble.nanoTime()).isEqualTo(Duration.ofMinutes(59).toNanos());
        });
    }

    @Test
    void select_withATimeout_takesItAfterThatTime() throws Exception {
        Bubble.run(() -> {
            String chosen = Select.select(
                    Select.receive(Channel.<String>never(), element -> element), Select.timeout(HOUR, () -> "timeout"));
            assertThat(chosen).isEqualTo("timeout");
            assertThat(Bubble.nanoTime()).isEqualTo(HOUR.toNanos());
        });
    }

    @Test
    void context_withATimeout_endsAtThatTimeAndNotBefore() throws Exception {
        Bubble.run(() -> {
            try (var context = Context.background().withTimeout(HOUR)) {
                assertThat(context.deadline()).contains(Bubble.now().plus(HOUR));
                Bubble.sleep(HOUR.minusNanos(1));
                Bubble.settle();
                assertThat(context.isDone()).isFalse();
                Bubble.sleep(Duration.ofNanos(1));
                Bubble.settle();
                assertThat(context.err()).containsInstanceOf(DeadlineExceededException.class);
            }
        });
    }

    @Test
    void context_afterFunc_runsInTheBubble() throws Exception {
        Bubble.run(() -> {
            var inside = Channel.<Boolean>bounded(1);
            try (var context = Context.background().withTimeout(HOUR)) {
                context.afterFunc(() -> inside.trySend(Bubble.isInside()));
                assertThat(inside.receive()).isTrue();
            }
        });
    }

    @Test
    void group_ofTasksThatSleep_takesAsLongAsTheLongest() throws Exception {
        Bubble.run(() -> {
            try (var group = Group.of(Context.background(), "worker").limit(2)) {
                for (int i = 0; i < 4; i++) {
                    group.go(() -> Bubble.sleep(HOUR));
                }
                group.await();
            }
            assertThat(Bubble.nanoTime()).isEqualTo(2 * HOUR.toNanos());
        });
    }

    @Test
    void run_withAReceiveThatNobodyServes_isADeadlockAndNamesIt() {
        assertThatThrownBy(() -> Bubble.run(() -> {
                    var channel = Channel.<String>bounded(7);
                    Thread.ofVirtual().name("other").start(() -> {
                        try {
                            channel.receive();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    });
                    channel.receive();
                }))
                .isInstanceOf(DeadlockError.class)
                .hasMessageContaining("all 2 threads are blocked")
                .hasMessageContaining("\"other\", WAITING on Channel#")
                .hasMessageContaining("length 0 of 7")
                .hasMessageContaining("BubbleTest.java")
                .hasMessageContaining("started by");
    }

    @Test
    void run_withAForeverTimeout_isADeadlock() {
        assertThatThrownBy(() -> Bubble.run(() -> {
                    try (var context = Context.background().withDeadline(Instant.MAX)) {
                        context.await();
                    }
                }))
                .isInstanceOf(DeadlockError.class);
    }

    @Test
    void run_withLocksInOppositeOrder_isADeadlock() {
        assertThatThrownBy(() -> Bubble.run(() -> {
                    var first = new ReentrantLock();
                    var second = new ReentrantLock();
                    var other = Thread.startVirtualThread(() -> {
                        second.lock();
                        first.lock();
                    });
                    first.lock();
                    Bubble.settle();
                    second.lock();
                    other.join();
                }))
                .isInstanceOf(DeadlockError.class)
                .hasMessageContaining("ReentrantLock");
    }

    @Test
    void run_withABlockerThatCannotSayWhatItIs_isADeadlockAllTheSame() {
        var lock = new ReentrantLock();
        var blocker = new Object() {
            @Override
            public String toString() {
                lock.lock();
                return "never said";
            }
        };
        assertThatThrownBy(() -> Bubble.run(() -> {
                    lock.lock();
                    LockSupport.park(blocker);
                }))
                .isInstanceOf(DeadlockError.class)
                .hasMessageContaining("WAITING on dev.weir.runtime.junit.BubbleTest$");
    }

    @Test
    void run_withAThreadLeftBehind_namesIt() {
        assertThatThrownBy(() ->
                        Bubble.run(() -> Thread.ofVirtual().name("left").start(() -> {
                            try {
                                Channel.never().receive();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        })))
                .isInstanceOf(ThreadsLeftError.class)
                .hasMessageContaining("\"left\", WAITING on Channel.never()");
    }

    @Test
    void run_withASleeperLeftBehind_doesNotMoveTimeForIt() {
        assertThatThrownBy(() -> Bubble.run(() -> Thread.startVirtualThread(() -> {
                    try {
                        Bubble.sleep(HOUR);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                })))
                .isInstanceOf(ThreadsLeftError.class)
                .hasMessageContaining("Bubble.sleep(PT1H)");
    }

    @Test
    void run_withAnExceptionInAnotherThread_throwsIt() {
        var mistake = new IllegalStateException("in the worker");
        assertThatThrownBy(() -> Bubble.run(() -> {
                    Thread.startVirtualThread(() -> {
                        throw mistake;
                    });
                    Channel.never().receive();
                }))
                .isSameAs(mistake);
    }

    @Test
    void run_withAnErrorInAGroup_leavesItToTheGroup() throws Exception {
        Bubble.run(() -> {
            try (var group = Group.of(Context.background(), "worker")) {
                group.go(() -> {
                    throw new AssertionError("expected in this test");
                });
                assertThatThrownBy(group::await).hasRootCauseMessage("expected in this test");
            }
        });
    }

    @Test
    void run_withARealSocket_waitsForItInRealTimeAndTheClockStands() throws Exception {
        Bubble.run(() -> {
            try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                    var client = new Socket(server.getInetAddress(), server.getLocalPort());
                    var accepted = server.accept()) {
                var outside = Thread.ofPlatform().start(() -> {
                    try {
                        accepted.getOutputStream().write(42);
                    } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                });
                try (var context = Context.background().withTimeout(HOUR)) {
                    assertThat(client.getInputStream().read()).isEqualTo(42);
                    assertThat(context.isDone()).isFalse();
                }
                assertThat(Bubble.nanoTime()).isZero();
                outside.join();
            }
        });
    }

    @Test
    void run_withAThreadThatComputesForEver_losesPatience() {
        var end = new java.util.concurrent.atomic.AtomicBoolean();
        try {
            assertThatThrownBy(() -> Bubble.run(Duration.ofMillis(300), () -> {
                        while (!end.get()) {
                            Thread.onSpinWait();
                        }
                    }))
                    .isInstanceOf(StuckError.class)
                    .hasMessageContaining("has not given up its turn")
                    .hasMessageContaining("BubbleTest");
        } finally {
            end.set(true);
        }
    }

    @Test
    void run_withALatchThatNobodyOutsideOpens_losesPatience() throws Exception {
        var latch = new CountDownLatch(1);
        assertThatThrownBy(() -> Bubble.run(Duration.ofMillis(300), () -> {
                    assertThat(latch.await(20, java.util.concurrent.TimeUnit.SECONDS))
                            .isTrue();
                }))
                .isInstanceOf(StuckError.class)
                .hasMessageContaining("outside");
        latch.countDown();
    }

    @Test
    void run_withAPlatformThreadThatOpensALatch_waitsForIt() throws Exception {
        Bubble.run(() -> {
            var latch = new CountDownLatch(1);
            Thread.ofPlatform().start(latch::countDown);
            latch.await();
        });
    }

    @Test
    void run_withContendedMonitors_goesOn() throws Exception {
        var monitor = new Object();
        var entered = new ArrayList<Integer>();
        Bubble.run(() -> {
            var gate = Channel.<Integer>unbuffered();
            for (int i = 0; i < 3; i++) {
                int number = i;
                Thread.startVirtualThread(() -> {
                    synchronized (monitor) {
                        entered.add(number);
                        try {
                            gate.receive();
                        } catch (InterruptedException e) {
                            throw new AssertionError(e);
                        }
                    }
                });
            }
            for (int i = 0; i < 3; i++) {
                gate.send(i);
            }
        });
        assertThat(entered).hasSize(3).first().isEqualTo(0);
    }

    @Test
    void run_insideOfAnother_hasItsOwnTime() throws Exception {
        Bubble.run(() -> {
            Bubble.sleep(HOUR);
            Bubble.run(() -> assertThat(Bubble.nanoTime()).isZero());
            assertThat(Bubble.nanoTime()).isEqualTo(HOUR.toNanos());
        });
    }

    @Test
    void select_ofTwoReadyChannels_choosesTheSameEachTime() throws Exception {
        assertThat(choices()).isEqualTo(choices()).contains(0, 1);
    }

    private static List<Integer> choices() throws Exception {
        var chosen = new ArrayList<Integer>();
        Bubble.run(() -> {
            var first = Channel.<Integer>bounded(1);
            var second = Channel.<Integer>bounded(1);
            for (int i = 0; i < 20; i++) {
                first.trySend(0);
                second.trySend(1);
                chosen.add(Select.select(Select.receive(first, n -> n), Select.receive(second, n -> n)));
            }
        });
        return chosen;
    }

    @Test
    void scheduler_ofTheProcess_startsThreadsInTheBubble() throws Exception {
        Bubble.run(() -> {
            var inside = Channel.<Boolean>bounded(1);
            Scheduler.shared().start("worker", () -> inside.trySend(Bubble.isInside()));
            assertThat(inside.receive()).isTrue();
        });
    }
}
