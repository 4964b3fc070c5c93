package dev.weir.runtime;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// What a channel consists of, without the types: the lock, the ring, and the queues of those who wait.
///
/// The structure is that of Go's `runtime/chan.go`. At most one of the queues holds a live waiter, except for a
/// select that waits on both sides: with elements in the ring nobody waits to receive, with room in the ring nobody
/// waits to send. An operation that meets a waiter completes it by direct hand-off. Different from Go, the waiters
/// that an operation completed are linked in `woken` and unparked after unlocking, because unpark may enter the
/// scheduler, and an interrupt is resolved under the lock, so that it never costs an element.
///
/// The methods whose names end in `Locked` want the lock held, and leave in `woken` whom to wake.
abstract sealed class ChannelState extends SpinLock permits Channel {
    /// What a receive gives when the channel is closed and drained.
    static final Object END = new Object();

    private static final AtomicLong IDS = new AtomicLong();

    // set once
    /// The order in which a select locks its channels.
    final long id = IDS.incrementAndGet();

    private final boolean never;
    private final @Nullable Object[] ring;

    // guarded by the lock
    private int head;
    private int length;
    private final WaitQueue senders = new WaitQueue();
    private final WaitQueue receivers = new WaitQueue();
    private @Nullable Waiter woken;

    // written under the lock, read by anybody
    private volatile boolean closed;

    ChannelState(int capacity, boolean never) {
        this.ring = new Object[capacity];
        this.never = never;
    }

    /// Whether an internal result is [#END] rather than an element.
    @SuppressWarnings("ReferenceEquality") // elements are the caller's, and may be equal to anything
    static boolean isEnd(@Nullable Object result) {
        return result == END;
    }

    final boolean isNever() {
        return never;
    }

    final boolean isClosed() {
        return closed;
    }

    /// Whether nobody waits on this channel.
    final boolean isIdle() {
        lock();
        boolean idle = senders.isEmpty() && receivers.isEmpty();
        unlock();
        return idle;
    }

    /// The number of elements in the ring at one instant.
    public final int length() {
        lock();
        int now = length;
        unlock();
        return now;
    }

    /// The number of elements the ring can hold.
    public final int capacity() {
        return ring.length;
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

    /// Sends or waits until that is possible; the outcome [Waiter#WAITING] means that the deadline has passed.
    final int sendOrWait(Object element, @Nullable Deadline deadline) throws InterruptedException {
        var waiter = new Waiter(element);
        lock();
        int outcome;
        try {
            outcome = sendLocked(element);
            if (outcome == Waiter.WAITING) {
                enqueueSenderLocked(waiter);
            }
        } finally {
            unlockAndWake();
        }
        return outcome == Waiter.WAITING ? await(waiter, deadline) : outcome;
    }

    final int sendLocked(Object element) {
        if (closed) {
            return Waiter.CLOSED;
        }
        Waiter receiver;
        while ((receiver = receivers.poll()) != null) {
            if (receiver.completeReceive(element)) {
                wakeLaterLocked(receiver);
                return Waiter.TRANSFERRED;
            }
        }
        if (length == ring.length) {
            return Waiter.WAITING;
        }
        appendLocked(element);
        return Waiter.TRANSFERRED;
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
        int got = 0;
        lock();
        try {
            while (got < wanted) {
                var received = receiveLocked();
                if (received == null || isEnd(received)) {
                    break;
                }
                batch[got++] = received;
            }
        } finally {
            unlockAndWake();
        }
        return got;
    }

    /// Receives or waits until that is possible: an element, [#END], or null if the deadline has passed.
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
        return switch (await(waiter, deadline)) {
            case Waiter.TRANSFERRED -> waiter.element;
            case Waiter.CLOSED -> END;
            default -> null;
        };
    }

    final @Nullable Object receiveLocked() {
        if (length == 0) {
            var sender = nextSenderLocked();
            if (sender != null) {
                return sender.element;
            }
            return closed ? END : null;
        }
        var received = ring[head];
        ring[head] = null;
        head = head + 1 == ring.length ? 0 : head + 1;
        length--;
        var sender = nextSenderLocked();
        if (sender != null) {
            appendLocked(sender.element);
        }
        return received;
    }

    private @Nullable Waiter nextSenderLocked() {
        Waiter sender;
        while ((sender = senders.poll()) != null) {
            if (sender.completeSend()) {
                wakeLaterLocked(sender);
                return sender;
            }
        }
        return null;
    }

    private void appendLocked(@Nullable Object element) {
        int tail = head + length;
        ring[tail < ring.length ? tail : tail - ring.length] = element;
        length++;
    }

    /// Closes the channel; returns false if it was closed already.
    final boolean end() {
        lock();
        try {
            if (closed) {
                return false;
            }
            closed = true;
            completeClosedLocked(receivers);
            completeClosedLocked(senders);
        } finally {
            unlockAndWake();
        }
        return true;
    }

    private void completeClosedLocked(WaitQueue queue) {
        Waiter waiter;
        while ((waiter = queue.poll()) != null) {
            if (waiter.completeClosed()) {
                wakeLaterLocked(waiter);
            }
        }
    }

    final void enqueueSenderLocked(Waiter waiter) {
        if (!never) {
            senders.add(waiter);
        }
    }

    final void enqueueReceiverLocked(Waiter waiter) {
        if (!never) {
            receivers.add(waiter);
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

    private void wakeLaterLocked(Waiter waiter) {
        waiter.next = woken;
        woken = waiter;
    }

    /// Detaches the waiters that were completed, so that they can be woken after unlocking.
    final @Nullable Waiter takeWokenLocked() {
        var list = woken;
        if (list != null) {
            woken = null;
        }
        return list;
    }

    private void unlockAndWake() {
        var list = takeWokenLocked();
        unlock();
        if (list != null) {
            Waiter.wakeAll(list);
        }
    }

    /// Parks until the waiter is completed. Returns its outcome; [Waiter#WAITING] means that the deadline has passed.
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

    /// Identity, shape and state, for logs and for thread dumps, where the channel is the blocker of those who wait.
    @Override
    public final String toString() {
        if (never) {
            return "Channel.never()";
        }
        // Read without the lock: a message may be made while it is held, and the figure is out of date anyway.
        var shape = ring.length == 0 ? "unbuffered" : "length " + length + " of " + ring.length;
        return "Channel#" + id + "(" + shape + (closed ? ", closed)" : ")");
    }
}
