package dev.weir.bench.patterns;

import com.sun.management.ThreadMXBean;
import dev.weir.runtime.Channel;
import dev.weir.runtime.Scheduler;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Messages that come steadily, ten each millisecond, are written into a buffer, handed to another
/// thread and read there: a fresh buffer for each, or one of a bounded pool. Measured are what is
/// allocated and computed for each, and the time from when it was due until it was read.
final class Buffers {
    private static final int BURST = 10;
    private static final long PERIOD = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int POOL = 256;

    private final int size;
    private final @Nullable Channel<byte[]> pool;

    Buffers(int size, boolean pooled) {
        this.size = size;
        this.pool = pooled ? Channel.bounded(POOL) : null;
    }

    @SuppressWarnings("ArrayRecordComponent") // handed over, and compared by nobody
    private record Message(byte[] buffer, long due) {}

    private byte[] take() {
        byte[] free = pool == null ? null : pool.tryReceive();
        return free == null ? new byte[size] : free;
    }

    private void giveBack(byte[] buffer) {
        if (pool != null) {
            pool.trySend(buffer);
        }
    }

    Map<String, Double> run(int n) throws InterruptedException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = threads.getTotalThreadAllocatedBytes();
        long computed = PatternCell.processorTime().toNanos();
        Channel<Message> channel = Channel.bounded(1_024);
        Scheduler.go("sender", () -> send(channel, n));
        long[] late = new long[n];
        for (int i = 0; i < n; i++) {
            Message message = channel.receive();
            check(message.buffer, i);
            giveBack(message.buffer);
            late[i] = System.nanoTime() - message.due;
        }
        Arrays.sort(late);
        return Map.of(
                "alloc",
                (double) (threads.getTotalThreadAllocatedBytes() - allocated) / n,
                "cpu",
                (PatternCell.processorTime().toNanos() - computed) / 1e3 / n,
                "p99",
                late[(int) (n * 0.99)] / 1e3);
    }

    private void send(Channel<Message> channel, int n) {
        try {
            long due = System.nanoTime();
            for (int i = 0; i < n; i++) {
                if (i % BURST == 0) {
                    due += PERIOD;
                    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                        LockSupport.parkNanos(left);
                    }
                }
                byte[] buffer = take();
                Arrays.fill(buffer, (byte) i);
                channel.send(new Message(buffer, due));
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this", e);
        }
    }

    private static void check(byte[] buffer, int i) {
        int sum = 0;
        for (byte one : buffer) {
            sum += one;
        }
        if (sum != (byte) i * buffer.length) {
            throw new IllegalStateException("message " + i + " was written over");
        }
    }
}
