package dev.weir.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Very many threads that wait on one channel, and come back. With `-Dweir.long=true` a million, which wants
/// six gigabytes (`-Dweir.runtime.heap=6g`); the heap that each takes is printed.
@Timeout(300)
final class ParkedTest {
    private static final int THREADS = Boolean.getBoolean("weir.long") ? 1_000_000 : 20_000;

    @Test
    void parkedThreads_areWokenByAClose() throws Exception {
        Channel<Integer> gate = Channel.unbuffered();
        var arrived = new AtomicInteger();
        var left = new AtomicInteger();
        var threads = Scheduler.shared().factory(Lane.SAMPLE, "parked-");
        long before = usedBytes();
        var started = new Thread[THREADS];
        for (int i = 0; i < THREADS; i++) {
            started[i] = threads.newThread(() -> {
                arrived.incrementAndGet();
                try {
                    gate.receive();
                } catch (ReceiveOnClosedException e) {
                    left.incrementAndGet();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            started[i].start();
        }
        Running.until(() -> arrived.get() == THREADS);
        for (var thread : started) {
            Running.until(() -> thread.getState() == Thread.State.WAITING);
        }
        System.out.println("ParkedTest: " + (usedBytes() - before) / THREADS + " bytes of heap for each of " + THREADS
                + " threads");
        gate.close();
        Running.until(() -> left.get() == THREADS);
        assertThat(gate.isIdle()).isTrue();
    }

    private static long usedBytes() {
        var runtime = Runtime.getRuntime();
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
