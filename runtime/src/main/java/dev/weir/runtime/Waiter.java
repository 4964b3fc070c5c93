package dev.weir.runtime;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// One thread that waits on one side of one channel, alone or as a case of a [Selection].
///
/// Whoever completes the operation does all the work under the channel's lock and wakes the thread
/// after unlocking; the thread never retries. That keeps waiters first come, first served, because
/// nobody can overtake a hand-off.
final class Waiter {
    static final int WAITING = 0;
    static final int TRANSFERRED = 1;
    static final int CLOSED = 2;

    // set once
    private final Thread thread = Thread.currentThread();
    private final @Nullable Selection selection;
    final int index;

    // a sender's element is set once; a receiver's is written before `outcome` or the selection's claim publishes it
    @Nullable
    Object element;

    // guarded by the channel's lock; `next` also links the waiters that an operation has yet to wake
    @Nullable
    Waiter previous;

    @Nullable
    Waiter next;

    @Nullable
    WaitQueue queue;

    /// When it began to wait, or 0 where that is not measured. For tools, which may read it too
    /// early.
    long sinceNanos;

    private volatile int outcome = WAITING;

    Waiter(@Nullable Object element) {
        this(element, null, 0);
    }

    Waiter(@Nullable Object element, @Nullable Selection selection, int index) {
        this.element = element;
        this.selection = selection;
        this.index = index;
    }

    long threadId() {
        return thread.threadId();
    }

    boolean isOf(Thread asked) {
        return thread.equals(asked);
    }

    int outcome() {
        return outcome;
    }

    /// Whether the waiter's select has another winner already.
    boolean isTooLate() {
        return selection != null && selection.isDecided();
    }

    /// Completes a send. The element may be taken only if this returns true: else the select has
    /// another winner.
    boolean completeSend() {
        return complete(TRANSFERRED);
    }

    /// Completes a receive with an element.
    boolean completeReceive(Object received) {
        element = received;
        if (complete(TRANSFERRED)) {
            return true;
        }
        element = null;
        return false;
    }

    /// Tells the waiter that its channel is closed.
    boolean completeClosed() {
        return complete(CLOSED);
    }

    private boolean complete(int how) {
        outcome = how;
        return selection == null || selection.claim(this);
    }

    /// Wakes every thread of a list that is linked by `next`, the newest link last. The caller
    /// must hold no channel's lock.
    static void wakeAll(Waiter newest) {
        var waiter = reverse(newest);
        while (waiter != null) {
            var following = waiter.next;
            waiter.next = null;
            LockSupport.unpark(waiter.thread);
            waiter = following;
        }
    }

    private static @Nullable Waiter reverse(Waiter newest) {
        Waiter reversed = null;
        Waiter waiter = newest;
        while (waiter != null) {
            var following = waiter.next;
            waiter.next = reversed;
            reversed = waiter;
            waiter = following;
        }
        return reversed;
    }
}
