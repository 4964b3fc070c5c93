package dev.weir.runtime;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The wait of one thread for something that another one grants: permits, the end of tasks.
///
/// Who grants and who leaves (by interruption, context or deadline) race for one word, so a thread
/// that has left was never granted anything, and one that was granted it never leaves with an
/// exception. Belongs to the thread that makes it, except for [#grant()] and [#wake()].
final class Ticket implements Dependent {
    private static final int WAITING = 0;
    private static final int GRANTED = 1;
    private static final int LEFT = 2;

    private final Thread thread = Thread.currentThread();
    private final AtomicInteger state = new AtomicInteger(WAITING);

    /// Grants it what it waits for; returns false if it has left. To be followed by [#wake()],
    /// without locks.
    boolean grant() {
        return state.compareAndSet(WAITING, GRANTED);
    }

    long threadId() {
        return thread.threadId();
    }

    /// Lets the thread look again.
    void wake() {
        LockSupport.unpark(thread);
    }

    /// Waits until granted. Returns false if the context was done or the deadline passed before.
    ///
    /// @param blocker what thread dumps name
    /// @throws InterruptedException if the thread is interrupted before it was granted
    boolean await(Object blocker, @Nullable Context context, @Nullable Deadline deadline) throws InterruptedException {
        var owner = context == null ? null : CancelNode.nearest(context);
        if (owner == null) {
            return parkUntilGranted(blocker, null, deadline);
        }
        if (!owner.add(this)) {
            return !leave();
        }
        try {
            return parkUntilGranted(blocker, owner, deadline);
        } finally {
            owner.remove(this);
        }
    }

    private boolean parkUntilGranted(Object blocker, @Nullable CancelNode owner, @Nullable Deadline deadline)
            throws InterruptedException {
        while (state.get() == WAITING) {
            if (Thread.interrupted()) {
                if (leave()) {
                    throw new InterruptedException("interrupted while waiting for " + blocker);
                }
                // The grant was first: it stands, and the interrupt is left for the next wait.
                Thread.currentThread().interrupt();
            } else if (owner != null && owner.isDone()) {
                return !leave();
            } else if (deadline == null) {
                LockSupport.park(blocker);
            } else {
                if (deadline.remainingNanos() <= 0) {
                    return !leave();
                }
                deadline.park(blocker);
            }
        }
        return true;
    }

    private boolean leave() {
        return state.compareAndSet(WAITING, LEFT);
    }
}
