package dev.weir.runtime;

import dev.weir.runtime.control.Simulations;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A count of what is going on, and those who wait until it is zero.
final class Tally {
    private static final AtomicLong IDS = new AtomicLong();

    // set once
    /// By which the tasks that it counts know it.
    final long id = nextId();

    private final Object owner;
    private final boolean usedOnce;
    private final ReentrantLock lock = new ReentrantLock();

    // guarded by the lock
    private final LinkedHashSet<Ticket> waiting = new LinkedHashSet<>();
    private long count;
    private boolean ended;

    /// @param owner what those who wait are blocked on, for thread dumps and messages
    /// @param usedOnce whether the first wait that has met zero ends the counting
    Tally(Object owner, boolean usedOnce) {
        this.owner = owner;
        this.usedOnce = usedOnce;
    }

    static long nextId() {
        return IDS.incrementAndGet();
    }

    /// Changes the count; returns false, and changes nothing, if the counting has ended.
    ///
    /// @throws IllegalStateException if the count would be negative or too large; nothing was
    ///     changed
    boolean add(long delta) {
        List<Ticket> released = List.of();
        Simulations.point();
        lock.lock();
        try {
            if (ended) {
                return false;
            }
            long next = count + delta;
            if (next < 0) {
                throw new IllegalStateException("the count of " + owner + " would be negative: " + count
                        + (delta < 0 ? " - " + -delta : " + " + delta));
            }
            count = next;
            if (next == 0) {
                released = waiting.stream().filter(Ticket::grant).toList();
                waiting.clear();
                ended = usedOnce && !released.isEmpty();
            }
        } finally {
            lock.unlock();
        }
        released.forEach(Ticket::wake);
        return true;
    }

    long count() {
        lock.lock();
        try {
            return count;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until the count is zero. Returns false if the context was done or the deadline passed
    /// before.
    boolean await(@Nullable Context context, @Nullable Deadline deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before waiting for " + owner);
        }
        var ticket = new Ticket();
        Simulations.point();
        lock.lock();
        try {
            if (count == 0) {
                ended = usedOnce;
                return true;
            }
            waiting.add(ticket);
        } finally {
            lock.unlock();
        }
        boolean granted = false;
        try {
            granted = ticket.await(owner, context, deadline);
        } finally {
            if (!granted) {
                leave(ticket);
            }
        }
        return granted;
    }

    /// Waits until the count is zero, whatever happens; an interrupt is kept for the caller.
    void awaitUninterruptibly() {
        boolean interrupted = false;
        while (true) {
            try {
                await(null, null);
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void leave(Ticket ticket) {
        lock.lock();
        try {
            waiting.remove(ticket);
        } finally {
            lock.unlock();
        }
    }
}
