package dev.weir.planted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.runtime.junit.Bubble;
import dev.weir.runtime.junit.DeadlockError;
import dev.weir.runtime.junit.Interleaved;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The monitors, and the calls of the JDK, of code that was rewritten; they are as those that they
/// stand for. Each test runs under a few schedules.
@Timeout(30)
@SuppressWarnings("WaitNotInLoop") // simulated monitors wake nobody for no reason
final class RewrittenMonitorsTest {
    private static final int SCHEDULES = 50;
    private static int initialized;

    private static int instances;
    private final Object monitor = new Object();
    private int count;

    static {
        initialized++;
    }

    @BeforeEach
    void newInstance() {
        instances++;
        count = 0;
    }

    @AfterEach
    void oneInstanceForEachSchedule() {
        assertThat(instances).isPositive();
    }

    @Interleaved(schedules = SCHEDULES)
    @Test
    void enter_twiceByOneThread_isReentrant() {
        synchronized (monitor) {
            synchronized (monitor) {
                count++;
            }
            count++;
        }
        assertThat(count).isEqualTo(2);
    }

    @Interleaved(schedules = SCHEDULES)
    @Test
    void exit_byAnException_leavesTheMonitor() throws Exception {
        assertThatThrownBy(this::fails).hasMessage("inside");
        Threads.run(() -> {
            synchronized (this) {
                count++;
            }
        });
        assertThat(count).isEqualTo(1);
    }

    private synchronized void fails() {
        throw new IllegalStateException("inside");
    }

    private static synchronized long sum(int first, long second, double third, Object fourth) {
        return first + second + (long) third + fourth.hashCode();
    }

    @Interleaved(schedules = SCHEDULES)
    @Test
    void call_ofASynchronizedMethod_passesArgumentsAndResult() {
        assertThat(sum(1, 2L, 3.0, 4)).isEqualTo(10);
    }

    @Interleaved(schedules = SCHEDULES)
    @Test
    void wait_withATimeout_takesThatMuchOfTheBubblesTime() throws Exception {
        synchronized (monitor) {
            monitor.wait(1000);
        }
        assertThat(Bubble.nanoTime()).isEqualTo(1_000_000_000L);
    }

    @Interleaved(schedules = SCHEDULES)
    @Test
    void wait_withoutTheMonitor_isRefused() {
        assertThatThrownBy(monitor::notifyAll).isInstanceOf(IllegalMonitorStateException.class);
        assertThatThrownBy(() -> monitor.wait()).isInstanceOf(IllegalMonitorStateException.class);
    }

    @Interleaved(schedules = SCHEDULES)
    @Test
    void wait_whenInterrupted_throwsAndHasTheMonitor() throws Exception {
        var waiter = Thread.ofVirtual().start(() -> {
            synchronized (monitor) {
                try {
                    monitor.wait();
                } catch (InterruptedException e) {
                    monitor.notifyAll(); // only its owner may
                    count++;
                }
            }
        });
        Bubble.settle();
        waiter.interrupt();
        waiter.join();
        assertThat(count).isEqualTo(1);
    }

    @Interleaved(schedules = SCHEDULES)
    @Test
    void enter_ofAnObjectOfTheJdk_excludesTheJdkToo() throws Exception {
        var list = Collections.synchronizedList(new ArrayList<Integer>());
        Threads.run(() -> list.add(1), () -> list.add(2), () -> {
            synchronized (list) {
                for (int element : list) {
                    count += element;
                }
            }
        });
        assertThat(list).hasSize(2);
    }

    @Interleaved(schedules = SCHEDULES)
    @Test
    void sleep_andTheClocks_areOfTheBubble() throws Exception {
        long nanos = System.nanoTime();
        long millis = System.currentTimeMillis();
        var instant = java.time.Instant.now();
        Thread.sleep(Duration.ofDays(1));
        Thread.sleep(1);
        LockSupport.parkNanos(1_000_000);
        var passed = Duration.ofDays(1).plusMillis(2);
        assertThat(System.nanoTime() - nanos).isEqualTo(passed.toNanos());
        assertThat(System.currentTimeMillis() - millis).isEqualTo(passed.toMillis());
        assertThat(java.time.Instant.now()).isEqualTo(instant.plus(passed));
    }

    /// Something to wait for whose text needs a lock, and so takes the permit of a park that comes
    /// too early.
    private static final class Gate {
        private boolean open;

        synchronized void open(Thread waiter) {
            open = true;
            LockSupport.unpark(waiter);
        }

        synchronized boolean isOpen() {
            return open;
        }

        @Override
        public synchronized String toString() {
            return "Gate(" + open + ")";
        }
    }

    @Interleaved(schedules = 500)
    @Test
    void park_onABlockerWithALock_losesNoWakeUp() throws Exception {
        var gate = new Gate();
        var waiter = new AtomicReference<Thread>();
        Threads.run(
                () -> {
                    waiter.set(Thread.currentThread());
                    while (!gate.isOpen()) {
                        LockSupport.park(gate);
                    }
                },
                () -> {
                    while (waiter.get() == null) {
                        Thread.onSpinWait();
                    }
                    gate.open(waiter.get());
                },
                gate::isOpen);
        assertThat(gate.isOpen()).isTrue();
    }

    @Interleaved(schedules = SCHEDULES)
    @Test
    void class_isInitializedOnceForAllSchedules() {
        assertThat(initialized).isEqualTo(1);
    }

    @Interleaved(schedules = SCHEDULES)
    @Test
    void instance_isNewForEachScheduleAndPrepared() {
        assertThat(count++).isZero();
        assertThat(instances).isPositive();
    }

    @Interleaved(schedules = SCHEDULES)
    @Test
    void platformThread_inRewrittenCode_isRefused() throws Exception {
        var refused = new Throwable[1];
        var stranger = Thread.ofPlatform().unstarted(() -> {
            synchronized (monitor) {
                count++;
            }
        });
        stranger.setUncaughtExceptionHandler((thread, thrown) -> refused[0] = thrown);
        stranger.start();
        stranger.join();
        assertThat(refused[0]).isInstanceOf(IllegalStateException.class).hasMessageContaining("only virtual threads");
    }

    @Interleaved(schedules = SCHEDULES)
    @Test
    void bubble_insideOfAnInterleavedTest_findsItsDeadlock() {
        assertThatThrownBy(() -> Bubble.run(() -> {
                    synchronized (monitor) {
                        monitor.wait();
                    }
                }))
                .isInstanceOf(DeadlockError.class)
                .hasMessageContaining("a notify of java.lang.Object@");
    }
}
