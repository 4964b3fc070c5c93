package dev.weir.runtime;

import dev.weir.runtime.control.Simulations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A number of permits of which each caller takes as many as its work weighs: bytes of memory,
/// connections.
///
/// {@snippet file="ExamplesTest.java" region="semaphore"}
///
/// Strictly first come, first served: while somebody waits for many permits, nobody gets fewer
/// before, so a big request is served in its turn however busy the semaphore is.
/// [java.util.concurrent.Semaphore], also a fair one, lets [#tryAcquire(long)] overtake, and knows
/// no contexts.
///
/// Permits have no owner: any thread may release what another one acquired. All methods may be
/// called by any thread. What a thread did before a release is visible to those who acquire
/// afterwards. Memory is taken for threads that wait only.
public final class WeightedSemaphore {

    private record Waiting(long permits, Ticket ticket) {}

    // set once
    private final long size;
    private final long crew;
    private final ReentrantLock lock = new ReentrantLock();

    // guarded by the lock
    private final LinkedHashSet<Waiting> queue = new LinkedHashSet<>();
    private long held;

    /// The id of the thread that was served last; who holds what is not known.
    private long lastHolder;

    private WeightedSemaphore(long size, long crew) {
        this.size = size;
        this.crew = crew;
    }

    /// A semaphore with `size` permits, all of them free.
    ///
    /// @throws IllegalArgumentException if `size` is negative
    public static WeightedSemaphore of(long size) {
        if (size < 0) {
            throw new IllegalArgumentException("size must be at least 0, but was " + size);
        }
        return new WeightedSemaphore(size, 0);
    }

    /// The places of the tasks of a group.
    ///
    /// @param crew its id
    static WeightedSemaphore of(long size, long crew) {
        return new WeightedSemaphore(size, crew);
    }

    long crew() {
        return crew;
    }

    /// The id of the thread that was served last and may hold permits; 0 if none are held.
    long lastHolder() {
        lock.lock();
        try {
            return held == 0 ? 0 : lastHolder;
        } finally {
            lock.unlock();
        }
    }

    /// Takes permits; waits while there are not enough or others wait. A request for more permits
    /// than there are at all waits until it is interrupted, and keeps nobody else waiting.
    ///
    /// @throws IllegalArgumentException if `permits` is negative
    /// @throws InterruptedException if the thread is interrupted before or while it waits; nothing
    ///     was taken
    public void acquire(long permits) throws InterruptedException {
        acquire(permits, null, null);
    }

    /// Takes permits as [#acquire(long)] does, for as long as `context` is not done. A context
    /// that is done wins over permits that are free.
    ///
    /// @throws ContextException if the context is done before; nothing was taken
    /// @throws IllegalArgumentException if `permits` is negative
    /// @throws InterruptedException if the thread is interrupted before or while it waits; nothing
    ///     was taken
    public void acquire(long permits, Context context) throws InterruptedException {
        acquire(permits, Objects.requireNonNull(context, "context"), null);
    }

    /// Takes permits if there are enough and nobody waits. Never blocks.
    ///
    /// @return whether they were taken
    /// @throws IllegalArgumentException if `permits` is negative
    public boolean tryAcquire(long permits) {
        check(permits);
        Simulations.point();
        lock.lock();
        try {
            return takeLocked(permits);
        } finally {
            lock.unlock();
        }
    }

    /// Takes permits as [#acquire(long)] does, but waits no longer than `timeout`; zero or less
    /// means not at all.
    ///
    /// @return whether they were taken
    /// @throws IllegalArgumentException if `permits` is negative
    /// @throws InterruptedException if the thread is interrupted before or while it waits; nothing
    ///     was taken
    public boolean tryAcquire(long permits, Duration timeout) throws InterruptedException {
        return acquire(permits, null, Deadline.in(timeout));
    }

    /// Gives permits back.
    ///
    /// @throws IllegalArgumentException if `permits` is negative
    /// @throws IllegalStateException if it is more than are held; nothing was changed
    public void release(long permits) {
        check(permits);
        List<Ticket> granted;
        Simulations.point();
        lock.lock();
        try {
            if (permits > held) {
                throw new IllegalStateException(
                        "release of " + permits + " permits, but only " + held + " of " + size + " are held");
            }
            held -= permits;
            granted = grantLocked();
        } finally {
            lock.unlock();
        }
        granted.forEach(Ticket::wake);
    }

    /// How many permits there are, free or held.
    public long size() {
        return size;
    }

    /// How many permits are free at this instant.
    public long available() {
        lock.lock();
        try {
            return size - held;
        } finally {
            lock.unlock();
        }
    }

    private boolean acquire(long permits, @Nullable Context context, @Nullable Deadline deadline)
            throws InterruptedException {
        check(permits);
        if (context != null) {
            context.throwIfDone();
        }
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before acquiring " + permits + " permits");
        }
        boolean granted = tryAcquire(permits) || await(permits, context, deadline);
        // A context that was done before the permits were taken wins, also in the moment between.
        if (context != null && context.isDone()) {
            if (granted) {
                release(permits);
            }
            context.throwIfDone();
        }
        return granted;
    }

    private boolean await(long permits, @Nullable Context context, @Nullable Deadline deadline)
            throws InterruptedException {
        var waiting = new Waiting(permits, new Ticket());
        Simulations.point();
        lock.lock();
        try {
            if (takeLocked(permits)) {
                return true;
            }
            if (permits <= size) {
                queue.add(waiting);
            }
        } finally {
            lock.unlock();
        }
        boolean granted = false;
        try {
            granted = waiting.ticket.await(this, context, deadline);
        } finally {
            if (!granted) {
                leave(waiting);
            }
        }
        return granted;
    }

    private boolean takeLocked(long permits) {
        if (!queue.isEmpty() || permits > size - held) {
            return false;
        }
        held += permits;
        lastHolder = Thread.currentThread().threadId();
        return true;
    }

    /// Serves those in front for whom there are enough permits; the first for whom there are not
    /// ends it.
    private List<Ticket> grantLocked() {
        if (queue.isEmpty()) {
            return List.of();
        }
        var granted = new ArrayList<Ticket>();
        while (!queue.isEmpty() && queue.getFirst().permits <= size - held) {
            var first = queue.removeFirst();
            if (first.ticket.grant()) {
                held += first.permits;
                lastHolder = first.ticket.threadId();
                granted.add(first.ticket);
            }
        }
        return granted;
    }

    /// Removes one that has given up, which may have kept others waiting.
    private void leave(Waiting waiting) {
        List<Ticket> granted;
        lock.lock();
        try {
            queue.remove(waiting);
            granted = grantLocked();
        } finally {
            lock.unlock();
        }
        granted.forEach(Ticket::wake);
    }

    private static void check(long permits) {
        if (permits < 0) {
            throw new IllegalArgumentException("permits must be at least 0, but was " + permits);
        }
    }

    /// Read without the lock: who asks may be about to wait for it, and the figures are out of date
    /// anyway.
    @Override
    public String toString() {
        return "WeightedSemaphore(" + held + " of " + size + " held, " + queue.size() + " waiting)";
    }
}
