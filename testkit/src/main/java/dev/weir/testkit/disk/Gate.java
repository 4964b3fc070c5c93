package dev.weir.testkit.disk;

import dev.weir.testkit.Eventually;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Holds every force that begins while it is closed. What such a force makes durable was written
/// before it began: a write that comes while it is held has to wait for the next one. A cut and
/// the close of a channel let its force go, which then fails. Thread-safe.
public final class Gate {
    private final ReentrantLock lock;
    private final Condition changed;

    // Guarded by lock.
    private boolean open;
    private int held;

    Gate(ReentrantLock lock, Condition changed) {
        this.lock = lock;
        this.changed = changed;
    }

    /// Lets the forces go that it holds, and holds no others. Again does nothing.
    public void open() {
        lock.lock();
        try {
            open = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until so many forces are held, [Eventually#PATIENCE] at most.
    public void awaitHeld(int forces) throws InterruptedException {
        long left = Eventually.PATIENCE.toNanos();
        lock.lock();
        try {
            while (held < forces) {
                if (left <= 0) {
                    throw new AssertionError(held + " forces are held, not " + forces);
                }
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Holds the calling thread, which has the lock, until it opens or there is no use in waiting.
    void pass(DiskChannel channel) {
        held++;
        changed.signalAll();
        while (!open && channel.isUsable()) {
            changed.awaitUninterruptibly();
        }
        held--;
    }
}
