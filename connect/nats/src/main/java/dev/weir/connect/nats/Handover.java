package dev.weir.connect.nats;

import dev.weir.engine.Inlet;
import dev.weir.engine.Message;
import dev.weir.engine.Receipt;
import dev.weir.runtime.Scheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Messages that came and were not handed over yet, and the thread that hands them over, one after
/// the other. It lives as long as the source: a connection that is lost takes nothing along that
/// had come.
final class Handover implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Handover.class);

    private static final long RETRY_NANOS = 20_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final int maxMessages;
    private final long maxBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by lock.
    private final Deque<Arrival> arrivals = new ArrayDeque<>();
    private long bytes;
    private boolean closed;

    private @Nullable Thread thread;

    /// A message, and who is told what became of it.
    record Arrival(Message message, Settlement settlement) {}

    /// Told once, by any thread, if it is a message that somebody waits for. Must not block.
    interface Settlement {
        /// The node has it, or has counted that it does not want it.
        void taken();

        /// The node had no room, and said so only after it had taken the next one.
        void refused();
    }

    Handover(int maxMessages, long maxBytes) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
    }

    void start(String name, Inlet inlet) {
        thread = Scheduler.go(name, () -> run(inlet));
    }

    /// Takes a message if there is room. One is always taken into an empty queue, however large.
    /// Does not block.
    boolean offer(Arrival arrival) {
        int size = arrival.message().length();
        lock.lock();
        try {
            boolean full = arrivals.size() >= maxMessages || (bytes > 0 && bytes + size > maxBytes);
            if (closed || full) {
                return false;
            }
            arrivals.add(arrival);
            bytes += size;
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Whether [#close] was called.
    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until no more than `limit` bytes wait here.
    ///
    /// @return how many there are; above the limit if that took too long
    long await(long limit, Duration patience) throws InterruptedException {
        long left = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (bytes > limit && left > 0) {
                left = changed.awaitNanos(left);
            }
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    private void run(Inlet inlet) {
        try {
            while (true) {
                Arrival next = next();
                try {
                    handOver(next, inlet);
                } catch (RuntimeException failed) {
                    LOG.error(
                            "a message could not be handed over address={}",
                            next.message().address(),
                            failed);
                    next.settlement().refused();
                }
            }
        } catch (InterruptedException end) {
            LOG.debug("hand-over ends");
        }
    }

    private Arrival next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (arrivals.isEmpty()) {
                changed.await();
            }
            Arrival next = arrivals.remove();
            bytes -= next.message().length();
            changed.signalAll();
            return next;
        } finally {
            lock.unlock();
        }
    }

    /// Hands a message over, and again while the inlet says at once that it cannot take it: what
    /// comes after it waits.
    private static void handOver(Arrival arrival, Inlet inlet) throws InterruptedException {
        while (true) {
            Told told = new Told(arrival.settlement());
            inlet.accept(arrival.message(), told);
            if (!told.isRefused()) {
                return;
            }
            LockSupport.parkNanos(RETRY_NANOS);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    /// What the inlet says about one attempt.
    private static final class Told implements Inlet.Ack {
        private final Settlement settlement;
        private boolean refused;
        private boolean returned;

        Told(Settlement settlement) {
            this.settlement = settlement;
        }

        @Override
        public void settle(Receipt receipt) {
            switch (receipt) {
                case Receipt.Accepted _, Receipt.Unmatched _, Receipt.Undecodable _ -> settlement.taken();
                case Receipt.Overloaded _ -> refuse();
            }
        }

        private void refuse() {
            boolean late;
            synchronized (this) {
                refused = true;
                late = returned;
            }
            if (late) {
                settlement.refused();
            }
        }

        /// Whether the message was refused before `accept` returned.
        synchronized boolean isRefused() {
            returned = true;
            return refused;
        }
    }

    /// Ends the thread. When it returns nothing will be handed over any more.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        Thread running = thread;
        if (running == null) {
            return;
        }
        running.interrupt();
        try {
            if (!running.join(PATIENCE)) {
                LOG.warn("hand-over does not end thread={}", running.getName());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// How many messages were never handed over, after [#close].
    int left() {
        lock.lock();
        try {
            return arrivals.size();
        } finally {
            lock.unlock();
        }
    }
}
