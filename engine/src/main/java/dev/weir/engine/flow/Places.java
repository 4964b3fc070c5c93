package dev.weir.engine.flow;

import java.util.concurrent.Semaphore;

/// How many partitions of a segment work at once: so many places, and a worker takes one for each
/// batch, in the order in which they ask. A device stays in its partition whatever their number is,
/// which is what lets it change at any moment: nothing moves, so nothing can be overtaken or lost.
/// Thread-safe.
final class Places {
    private final int partitions;
    private final Permits permits;

    /// Guarded by this, for changes.
    private volatile int count;

    /// A semaphore whose permits can be taken away, also those that somebody holds.
    private static final class Permits extends Semaphore {
        private static final long serialVersionUID = 1;

        Permits(int permits) {
            // Fair: a partition that always has something to do does not keep the others out.
            super(permits, true);
        }

        void reduce(int by) {
            reducePermits(by);
        }
    }

    /// @param partitions how many there are
    /// @param count how many may work at once, 1 to `partitions`
    Places(int partitions, int count) {
        this.partitions = partitions;
        this.count = count;
        this.permits = new Permits(count);
    }

    int count() {
        return count;
    }

    /// Whether a partition may have to wait for another one.
    boolean isLimited() {
        return count < partitions;
    }

    /// Changes their number. Those at work finish their batch.
    ///
    /// @param wanted cut to what is possible
    synchronized void resize(int wanted) {
        int next = Math.clamp(wanted, 1, partitions);
        if (next > count) {
            permits.release(next - count);
        } else {
            permits.reduce(count - next);
        }
        count = next;
    }

    /// Waits for a place.
    void enter() throws InterruptedException {
        permits.acquire();
    }

    void leave() {
        permits.release();
    }
}
