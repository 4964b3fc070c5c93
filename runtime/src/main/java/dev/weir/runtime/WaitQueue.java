package dev.weir.runtime;

import org.jspecify.annotations.Nullable;

/// A first-in, first-out queue of waiters, linked through the waiters themselves so that one can
/// leave from the middle in constant time. Guarded by the lock of the channel it belongs to.
final class WaitQueue {
    /// The lock of the channel is held meanwhile.
    private static final int MOST_LOOKED_AT = 64;

    private @Nullable Waiter first;
    private @Nullable Waiter last;

    boolean isEmpty() {
        return first == null;
    }

    @Nullable
    Waiter first() {
        return first;
    }

    /// Whether anybody in it still waits: a select stays here for a moment when it has another
    /// winner.
    boolean hasLive() {
        var waiter = first;
        while (waiter != null && waiter.isTooLate()) {
            waiter = waiter.next;
        }
        return waiter != null;
    }

    /// A thread's waiter, if it is among the first.
    @Nullable
    Waiter find(Thread thread) {
        var waiter = first;
        for (int i = 0; waiter != null && i < MOST_LOOKED_AT; i++) {
            if (waiter.isOf(thread)) {
                return waiter;
            }
            waiter = waiter.next;
        }
        return null;
    }

    void add(Waiter waiter) {
        var tail = last;
        waiter.queue = this;
        waiter.previous = tail;
        if (tail == null) {
            first = waiter;
        } else {
            tail.next = waiter;
        }
        last = waiter;
    }

    @Nullable
    Waiter poll() {
        var head = first;
        if (head != null) {
            remove(head);
        }
        return head;
    }

    /// Removes the waiter if it is in this queue; a waiter that was polled already is left alone.
    void remove(Waiter waiter) {
        if (waiter.queue != this) {
            return;
        }
        var before = waiter.previous;
        var after = waiter.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.previous = before;
        }
        waiter.previous = null;
        waiter.next = null;
        waiter.queue = null;
    }
}
