package dev.weir.runtime;

import dev.weir.runtime.control.Insight;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a channel consists of, without the types and without waiting: the lock, the ring, the
/// queues of those who wait, and the counters.
///
/// The structure is that of Go's `runtime/chan.go`. At most one of the queues holds a live waiter,
/// except for a select that waits on both sides: with elements in the ring nobody waits to
/// receive, with room in the ring nobody waits to send. An operation that meets a waiter completes
/// it by direct hand-off. Different from Go, the waiters that an operation completed are linked in
/// `woken` and unparked after unlocking, because unpark may enter the scheduler.
///
/// The methods whose names end in `Locked` want the lock held, and leave in `woken` whom to wake.
abstract sealed class Exchange extends SpinLock permits ChannelState {
    /// What a receive gives when the channel is closed and drained.
    static final Object END = new Object();

    /// How many elements are moved in one locked section at most, so that it stays short.
    static final int BATCH = 64;

    // set once
    private final boolean never;
    private final @Nullable Object[] ring;

    /// Null unless it is the channel of a timer or ticker.
    final @Nullable TickSource ticks;

    // guarded by the lock
    private int head;
    private int length;
    private int highWater;
    private long received;
    private long undelivered;
    /// The ids of the threads that have used a side last, as far as one of the two had to wait.
    private long lastSender;

    private long lastReceiver;
    private final WaitQueue senders = new WaitQueue();
    private final WaitQueue receivers = new WaitQueue();
    private @Nullable Waiter woken;

    // written under the lock, read by anybody
    private volatile boolean closed;

    Exchange(int capacity, boolean never, @Nullable TickSource ticks) {
        this.ring = new Object[capacity];
        this.never = never;
        this.ticks = ticks;
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

    /// The number of elements in the ring.
    final int lengthLocked() {
        return length;
    }

    /// The number of elements the ring can hold.
    public final int capacity() {
        return ring.length;
    }

    final boolean hasSendersLocked() {
        return !senders.isEmpty();
    }

    final boolean hasReceiversLocked() {
        return !receivers.isEmpty();
    }

    /// Sent is not counted, because it follows from the rest: one increment for an element is
    /// enough.
    final ChannelStats statsLocked(Duration sendersBlocked, Duration receiversBlocked) {
        return new ChannelStats(
                received + undelivered + length,
                received,
                undelivered,
                length,
                highWater,
                ring.length,
                sendersBlocked,
                receiversBlocked);
    }

    /// Corrects the counters for elements that were taken, but reached no receiver.
    final void countUndeliveredLocked(int elements) {
        received -= elements;
        undelivered += elements;
    }

    /// Whether a send would not have to wait, as far as can be told before it is tried: a receiver
    /// who selects may be completed by another channel first.
    final boolean canSendLocked() {
        return closed || length < ring.length || receivers.hasLive();
    }

    /// The same for a receive.
    final boolean canReceiveLocked() {
        return length > 0 || senders.hasLive() || closed || (ticks != null && ticks.isDueLocked());
    }

    /// Sends an element, or of a [Batch] what fits, up to [#BATCH] elements: if that is at least
    /// one, the outcome is [Waiter#TRANSFERRED], whether there are more or not.
    final int sendAnyLocked(Object element) {
        if (!(element instanceof Batch batch)) {
            return sendLocked(element);
        }
        int outcome = sendLocked(batch.head());
        if (outcome != Waiter.TRANSFERRED) {
            return outcome;
        }
        batch.advance();
        int left = Math.min(BATCH, batch.left());
        while (left > 0 && !receivers.isEmpty() && sendLocked(batch.head()) == Waiter.TRANSFERRED) {
            batch.advance();
            left--;
        }
        for (int fits = Math.min(left, ring.length - length); fits > 0; fits--) {
            appendLocked(batch.take());
        }
        return Waiter.TRANSFERRED;
    }

    final int sendLocked(Object element) {
        if (closed) {
            return Waiter.CLOSED;
        }
        Waiter receiver;
        while ((receiver = receivers.poll()) != null) {
            if (receiver.completeReceive(element)) {
                received++;
                lastSender = Thread.currentThread().threadId();
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

    /// Receives an element, or [#END], or null if there is neither now.
    final @Nullable Object receiveLocked() {
        if (length == 0) {
            return receiveDirectlyLocked();
        }
        var taken = ring[head];
        ring[head] = null;
        head = head + 1 == ring.length ? 0 : head + 1;
        length--;
        received++;
        if (!senders.isEmpty()) {
            refillLocked();
        }
        return taken;
    }

    /// Receives up to `wanted` elements and returns how many.
    final int receiveLocked(@Nullable Object[] into, int wanted) {
        int got = 0;
        while (got < wanted) {
            if (length == 0) {
                var direct = receiveDirectlyLocked();
                if (direct == null || isEnd(direct)) {
                    break;
                }
                into[got++] = direct;
                continue;
            }
            int now = Math.min(wanted - got, length);
            for (int i = 0; i < now; i++) {
                into[got++] = ring[head];
                ring[head] = null;
                head = head + 1 == ring.length ? 0 : head + 1;
            }
            length -= now;
            received += now;
            if (!senders.isEmpty()) {
                refillLocked();
            }
        }
        return got;
    }

    private void refillLocked() {
        while (length < ring.length) {
            var next = nextSentLocked();
            if (next == null) {
                return;
            }
            appendLocked(next);
        }
    }

    private @Nullable Object receiveDirectlyLocked() {
        var sent = nextSentLocked();
        if (sent == null) {
            if (closed) {
                return END;
            }
            sent = ticks == null ? null : ticks.takeLocked();
            if (sent == null) {
                return null;
            }
        }
        received++;
        return sent;
    }

    /// Takes an element from the first sender who waits. The sender of a [Batch] stays first until
    /// its last element is taken; only then is it completed.
    private @Nullable Object nextSentLocked() {
        Waiter sender;
        while ((sender = senders.first()) != null) {
            var element = sender.element;
            if (element instanceof Batch batch) {
                // Before it is completed, because then its thread may run already and look at it.
                element = batch.take();
                if (!batch.isSent() && !sender.isTooLate()) {
                    return element;
                }
            }
            senders.remove(sender);
            if (sender.completeSend()) {
                lastReceiver = Thread.currentThread().threadId();
                wakeLaterLocked(sender);
                return element;
            }
            if (sender.element instanceof Batch batch) {
                batch.putBack();
            }
        }
        return null;
    }

    private void appendLocked(@Nullable Object element) {
        int tail = head + length;
        ring[tail < ring.length ? tail : tail - ring.length] = element;
        length++;
        if (length > highWater) {
            highWater = length;
        }
    }

    /// Closes the channel; returns false if it was closed already.
    final boolean endLocked() {
        if (closed) {
            return false;
        }
        closed = true;
        completeClosedLocked(receivers);
        completeClosedLocked(senders);
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
            lastSender = waiter.threadId();
            senders.add(waiter);
        }
    }

    final void enqueueReceiverLocked(Waiter waiter) {
        if (!never) {
            lastReceiver = waiter.threadId();
            receivers.add(waiter);
        }
    }

    /// What a thread waits for that is parked on this channel.
    ///
    /// @param sends whether it does, where that is known
    final Insight.Cause causeLocked(long id, String text, Thread thread, @Nullable Boolean sends, long sinceNanos) {
        var sender = senders.find(thread);
        var found = sender == null ? receivers.find(thread) : sender;
        boolean isSender = sends == null ? sender != null || (found == null && receivers.isEmpty()) : sends;
        long since = sinceNanos == 0 && found != null ? found.sinceNanos : sinceNanos;
        return new Insight.Cause(
                Insight.Kind.CHANNEL,
                id,
                text,
                sideOf(sends, isSender),
                length,
                ring.length,
                received,
                since,
                0,
                isSender ? lastReceiver : lastSender);
    }

    /// The channel that keeps no waiters does not know.
    private Insight.Side sideOf(@Nullable Boolean known, boolean isSender) {
        if (never && known == null) {
            return Insight.Side.NONE;
        }
        return isSender ? Insight.Side.SEND : Insight.Side.RECEIVE;
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

    final void unlockAndWake() {
        var list = takeWokenLocked();
        unlock();
        if (list != null) {
            Waiter.wakeAll(list);
        }
    }
}
