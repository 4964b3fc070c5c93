package dev.weir.connect.http;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Who is inside, so that closing can wait for them. Thread-safe.
final class Gate {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition left = lock.newCondition();

    /// Guarded by `lock`.
    private final Set<Thread> inside = new HashSet<>();

    private boolean shut;

    /// Goes in, unless it is shut.
    boolean enter() {
        lock.lock();
        try {
            return !shut && inside.add(Thread.currentThread());
        } finally {
            lock.unlock();
        }
    }

    void leave() {
        lock.lock();
        try {
            inside.remove(Thread.currentThread());
            left.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Lets nobody in any more, and waits until all have left: `grace` by themselves, then as long
    /// again after they were interrupted.
    void shut(Duration grace) {
        boolean interrupted = Thread.interrupted();
        lock.lock();
        try {
            shut = true;
            interrupted |= await(grace);
            inside.forEach(Thread::interrupt);
            interrupted |= await(grace);
        } finally {
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// @return whether the caller was interrupted, which makes it impatient
    private boolean await(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        while (!inside.isEmpty() && System.nanoTime() - end < 0) {
            try {
                long _ = left.awaitNanos(end - System.nanoTime());
            } catch (InterruptedException e) {
                return true;
            }
        }
        return false;
    }
}
