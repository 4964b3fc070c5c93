package dev.weir.runtime;

import dev.weir.runtime.control.Insight;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The operations of a channel without the types: those that do not wait and those that do.
///
/// An interrupt is resolved under the lock, so that it never costs an element.
abstract sealed class ChannelState extends Exchange permits Channel {
    private static final AtomicLong IDS = new AtomicLong();

    // set once
    /// The order in which a select locks its channels.
    final long id = IDS.incrementAndGet();

    /// [BlockedTime#UNMEASURED] for an unbuffered channel.
    private final BlockedTime blocked;

    ChannelState(int capacity, boolean never, @Nullable TickSource ticks) {
        super(capacity, never, ticks);
        this.blocked = capacity == 0 ? BlockedTime.UNMEASURED : BlockedTime.measured();
    }

    final BlockedTime blocked() {
        return blocked;
    }

    /// Whether nobody waits on this channel.
    final boolean isIdle() {
        lock();
        boolean idle = !hasSendersLocked() && !hasReceiversLocked();
        unlock();
        return idle;
    }

    /// The number of elements in the ring at one instant.
    public final int length() {
        lock();
        int now = lengthLocked();
        unlock();
        return now;
    }

    /// The counters of this channel at one instant. Does not block.
    public final ChannelStats stats() {
        var sendersBlocked = blocked.senders();
        var receiversBlocked = blocked.receivers();
        lock();
        try {
            return statsLocked(sendersBlocked, receiversBlocked);
        } finally {
            unlock();
        }
    }

    /// What a thread waits for that is parked on this channel. [Channel#never()] is every
    /// thread's, so that of it nothing but the name is known.
    final Insight.Cause cause(Thread thread) {
        return cause(thread, null, 0);
    }

    final Insight.Cause cause(Thread thread, @Nullable Boolean sends, long sinceNanos) {
        var text = toString();
        lock();
        try {
            return causeLocked(id, text, thread, sends, sinceNanos);
        } finally {
            unlock();
        }
    }

    final void countUndelivered(int elements) {
        lock();
        countUndeliveredLocked(elements);
        unlock();
    }

    /// Sends without waiting; the outcome is one of [Waiter]'s.
    final int sendNow(Object element) {
        lock();
        try {
            return sendLocked(element);
        } finally {
            unlockAndWake();
        }
    }

    /// Sends or waits until that is possible; the outcome [Waiter#WAITING] means that the deadline
    /// has passed. Of a [Batch] it sends at least one element.
    final int sendOrWait(Object element, @Nullable Deadline deadline) throws InterruptedException {
        var waiter = new Waiter(element);
        lock();
        int outcome;
        try {
            outcome = sendAnyLocked(element);
            if (outcome == Waiter.WAITING) {
                enqueueSenderLocked(waiter);
            }
        } finally {
            unlockAndWake();
        }
        return outcome == Waiter.WAITING ? awaitMeasured(waiter, deadline, true) : outcome;
    }

    /// Receives without waiting: an element, [#END], or null if there is neither now.
    final @Nullable Object receiveNow() {
        lock();
        try {
            return receiveLocked();
        } finally {
            unlockAndWake();
        }
    }

    /// Receives up to `wanted` elements without waiting and returns how many.
    final int receiveNow(Object[] batch, int wanted) {
        lock();
        try {
            return receiveLocked(batch, wanted);
        } finally {
            unlockAndWake();
        }
    }

    /// Receives or waits until that is possible: an element, [#END], or null if the deadline has
    /// passed.
    final @Nullable Object receiveOrWait(@Nullable Deadline deadline) throws InterruptedException {
        var waiter = new Waiter(null);
        lock();
        Object received;
        try {
            received = receiveLocked();
            if (received == null) {
                enqueueReceiverLocked(waiter);
            }
        } finally {
            unlockAndWake();
        }
        if (received != null) {
            return received;
        }
        return switch (awaitMeasured(waiter, deadline, false)) {
            case Waiter.TRANSFERRED -> waiter.element;
            case Waiter.CLOSED -> END;
            default -> null;
        };
    }

    /// Closes the channel; returns false if it was closed already.
    final boolean end() {
        lock();
        try {
            return endLocked();
        } finally {
            unlockAndWake();
        }
    }

    /// Removes a waiter, unless it has been completed or is not queued here.
    final void removeWaiter(Waiter waiter) {
        lock();
        var queue = waiter.queue;
        if (queue != null) {
            queue.remove(waiter);
        }
        unlock();
    }

    /// To be called by one who has queued a receiver, before parking and without the lock.
    final void armTicks() {
        if (ticks != null) {
            ticks.arm();
        }
    }

    /// To be called by one who had queued a receiver, when it is gone.
    final void disarmTicks() {
        if (ticks != null) {
            ticks.disarm();
        }
    }

    private int awaitMeasured(Waiter waiter, @Nullable Deadline deadline, boolean sends) throws InterruptedException {
        armTicks();
        long start = blocked.start();
        waiter.sinceNanos = start;
        var event = Tracing.blocking();
        try {
            return await(waiter, deadline);
        } finally {
            Tracing.blocked(event, sends ? "send" : "receive", this);
            blocked.add(sends, start);
            disarmTicks();
        }
    }

    /// Parks until the waiter is completed. Returns its outcome; [Waiter#WAITING] means that the
    /// deadline has passed.
    private int await(Waiter waiter, @Nullable Deadline deadline) throws InterruptedException {
        while (waiter.outcome() == Waiter.WAITING) {
            if (Thread.interrupted()) {
                if (withdraw(waiter)) {
                    throw new InterruptedException("interrupted while waiting on " + this);
                }
                // The hand-off was first: it stands, and the interrupt is left for the next wait.
                Thread.currentThread().interrupt();
            } else if (deadline == null) {
                LockSupport.park(this);
            } else {
                if (deadline.remainingNanos() <= 0 && withdraw(waiter)) {
                    break;
                }
                deadline.park(this);
            }
        }
        return waiter.outcome();
    }

    /// Returns false if the waiter had been completed before it could be withdrawn.
    private boolean withdraw(Waiter waiter) {
        removeWaiter(waiter);
        return waiter.outcome() == Waiter.WAITING;
    }

    /// Identity, shape and state, for logs and for thread dumps, where the channel is the blocker
    /// of those who wait.
    @Override
    public final String toString() {
        if (isNever()) {
            return "Channel.never()";
        }
        // Read without the lock: a message may be made while it is held, and the figure is out of date anyway.
        var shape = capacity() > 0 ? "length " + lengthLocked() + " of " + capacity() : "unbuffered";
        if (ticks != null) {
            shape = ticks.toString();
        }
        return "Channel#" + id + "(" + shape + (isClosed() ? ", closed)" : ")");
    }
}
