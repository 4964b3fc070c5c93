package dev.weir.runtime;

import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A first-in, first-out queue between threads, as in Go: bounded, or unbuffered so that sender and receiver
/// meet.
///
/// Give [SendChannel] to the producers and [ReceiveChannel] to the consumers. Whoever knows that nothing more
/// will be sent closes the channel, which ends the loops of its consumers. To wait for several channels, use
/// [Select].
///
/// {@snippet file="ChannelSnippets.java" region="pipeline"}
///
/// Memory: an element's send happens before its receive completes; a close happens before a receive that
/// reports it; a receive from an unbuffered channel happens before the send of that element completes; the
/// k-th receive from a channel of capacity C happens before the (k+C)-th send completes.
///
/// @param <T> the type of the elements, which are never null
//
// The structure is that of Go's runtime/chan.go: one lock, a ring, two queues of waiters. At most one of the queues
// holds a live waiter, except for a select that waits on both sides: with elements in the ring nobody waits to
// receive, with room in the ring nobody waits to send. An operation that meets a waiter completes it by direct
// hand-off. Different from Go: waiters woken by an operation are linked in `woken` and unparked after unlocking,
// because unpark may enter the scheduler; an interrupt is resolved under the lock, so that it never costs an element.
public final class Channel<T> extends SpinLock implements SendChannel<T>, ReceiveChannel<T> {
    /// What [#receiveLocked()] returns when the channel is closed and drained.
    static final Object END = new Object();

    private static final int BATCH = 64;
    private static final AtomicLong IDS = new AtomicLong();
    private static final Channel<Object> NEVER = new Channel<>(0, true);

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

    private Channel(int capacity, boolean never) {
        this.ring = new Object[capacity];
        this.never = never;
    }

    /// A channel without a buffer: each send waits for its receive. Costs a thread switch for each element.
    ///
    /// @param <T> the type of the elements
    public static <T> Channel<T> unbuffered() {
        return new Channel<>(0, false);
    }

    /// A channel that holds up to `capacity` elements. 64 and more suit the stages of a pipeline: a hop
    /// through a full buffer costs a tenth of an unbuffered one. The memory for the buffer is taken at once.
    ///
    /// @param <T> the type of the elements
    /// @param capacity at least 1
    /// @throws IllegalArgumentException if `capacity` is less than 1
    public static <T> Channel<T> bounded(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity must be at least 1, but was " + capacity
                    + "; a channel without a buffer is Channel.unbuffered()");
        }
        return new Channel<>(capacity, false);
    }

    /// The channel on which every operation waits for ever, Go's nil channel: put it in the place of a
    /// channel to disable a case of a [Select]. Neither elements nor waiters are kept, and it cannot be
    /// closed.
    ///
    /// @param <T> the type of the elements
    @SuppressWarnings("unchecked") // no element ever goes in or comes out
    public static <T> Channel<T> never() {
        return (Channel<T>) NEVER;
    }

    // ---- sending

    @Override
    public void send(T element) throws InterruptedException {
        checkInterrupt();
        if (!trySend(element)) {
            sendSlowly(element, null);
        }
    }

    @Override
    public void send(T element, Context context) throws InterruptedException {
        Objects.requireNonNull(element, "element");
        context.throwIfDone();
        checkInterrupt();
        if (!trySend(element)) {
            Selection.await(this, element, context);
        }
    }

    @Override
    public boolean trySend(T element) {
        Objects.requireNonNull(element, "element");
        lock();
        int outcome;
        try {
            outcome = sendLocked(element);
        } finally {
            unlockAndWake();
        }
        return isSent(outcome);
    }

    @Override
    public boolean trySend(T element, Duration timeout) throws InterruptedException {
        var deadline = Deadline.in(timeout);
        checkInterrupt();
        return trySend(element) || sendSlowly(element, deadline);
    }

    private boolean sendSlowly(T element, @Nullable Deadline deadline) throws InterruptedException {
        var waiter = new Waiter(element);
        lock();
        int outcome;
        try {
            outcome = sendLocked(element);
            if (outcome == Waiter.WAITING) {
                enqueueSender(waiter);
            }
        } finally {
            unlockAndWake();
        }
        return isSent(outcome == Waiter.WAITING ? await(waiter, deadline) : outcome);
    }

    private boolean isSent(int outcome) {
        if (outcome == Waiter.CLOSED) {
            throw new SendOnClosedException(this);
        }
        return outcome == Waiter.TRANSFERRED;
    }

    /// Sends if that is possible now; [Waiter#WAITING] means that it is not. The caller holds the lock and
    /// wakes what this leaves in `woken`.
    int sendLocked(Object element) {
        if (closed) {
            return Waiter.CLOSED;
        }
        Waiter receiver;
        while ((receiver = receivers.poll()) != null) {
            if (receiver.completeReceive(element)) {
                wakeLater(receiver);
                return Waiter.TRANSFERRED;
            }
        }
        if (length < ring.length) {
            enqueue(element);
            return Waiter.TRANSFERRED;
        }
        return Waiter.WAITING;
    }

    // ---- receiving

    @Override
    public T receive() throws InterruptedException {
        checkInterrupt();
        var received = receiveNow();
        return element(received == null ? receiveSlowly(null) : received);
    }

    @Override
    public T receive(Context context) throws InterruptedException {
        return element(receiveOrEnd(context));
    }

    @Override
    public @Nullable T tryReceive() {
        var received = receiveNow();
        return received == null ? null : element(received);
    }

    @Override
    public @Nullable T tryReceive(Duration timeout) throws InterruptedException {
        var deadline = Deadline.in(timeout);
        checkInterrupt();
        var received = receiveNow();
        if (received == null) {
            received = receiveSlowly(deadline);
        }
        return received == null ? null : element(received);
    }

    @Override
    public int receiveUpTo(Collection<? super T> into, int max) throws InterruptedException {
        checkBatch(into, max);
        checkInterrupt();
        int taken = drain(into, max);
        return taken > 0 ? taken : fill(into, max, receiveSlowly(null));
    }

    @Override
    public int receiveUpTo(Collection<? super T> into, int max, Context context) throws InterruptedException {
        checkBatch(into, max);
        context.throwIfDone();
        checkInterrupt();
        int taken = drain(into, max);
        return taken > 0 ? taken : fill(into, max, receiveOrEnd(context));
    }

    private int fill(Collection<? super T> into, int max, @Nullable Object first) {
        if (first == null || isEnd(first)) {
            return 0;
        }
        into.add(element(first));
        return 1 + drain(into, max - 1);
    }

    /// Takes what is there. The collection is the caller's code, so it is called between the locked sections.
    private int drain(Collection<? super T> into, int max) {
        int taken = 0;
        var batch = new Object[Math.min(max, BATCH)];
        while (taken < max) {
            int wanted = Math.min(batch.length, max - taken);
            int got = receiveNow(batch, wanted);
            for (int i = 0; i < got; i++) {
                into.add(element(batch[i]));
            }
            taken += got;
            if (got < wanted) {
                break;
            }
        }
        return taken;
    }

    private int receiveNow(Object[] batch, int wanted) {
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

    private Object receiveOrEnd(Context context) throws InterruptedException {
        context.throwIfDone();
        checkInterrupt();
        var received = receiveNow();
        return received == null ? Selection.await(this, null, context) : received;
    }

    /// Receives the next element or [#END]; waits while there is neither.
    Object receiveOrEnd() throws InterruptedException {
        checkInterrupt();
        var received = receiveNow();
        if (received == null) {
            received = receiveSlowly(null);
        }
        return Objects.requireNonNull(received, "a wait without a deadline ends with an element or the end");
    }

    private @Nullable Object receiveNow() {
        lock();
        Object received;
        try {
            received = receiveLocked();
        } finally {
            unlockAndWake();
        }
        return received;
    }

    private @Nullable Object receiveSlowly(@Nullable Deadline deadline) throws InterruptedException {
        var waiter = new Waiter(null);
        lock();
        Object received;
        try {
            received = receiveLocked();
            if (received == null) {
                enqueueReceiver(waiter);
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

    /// Returns the next element, [#END], or null if there is neither now. The caller holds the lock and wakes
    /// what this leaves in `woken`.
    @Nullable
    Object receiveLocked() {
        if (length == 0) {
            var sender = nextSender();
            if (sender != null) {
                return sender.element;
            }
            return closed ? END : null;
        }
        var received = ring[head];
        ring[head] = null;
        head = head + 1 == ring.length ? 0 : head + 1;
        length--;
        var sender = nextSender();
        if (sender != null) {
            enqueue(Objects.requireNonNull(sender.element));
        }
        return received;
    }

    private @Nullable Waiter nextSender() {
        Waiter sender;
        while ((sender = senders.poll()) != null) {
            if (sender.completeSend()) {
                wakeLater(sender);
                return sender;
            }
        }
        return null;
    }

    @Override
    public Iterator<T> iterator() {
        return new ChannelIterator<>(this);
    }

    // ---- closing

    @Override
    public void close() {
        if (!closeIfOpen()) {
            throw new CloseOfClosedException(this);
        }
    }

    @Override
    public boolean closeIfOpen() {
        if (never) {
            throw new IllegalStateException("close of Channel.never(), which nobody owns");
        }
        lock();
        try {
            if (closed) {
                return false;
            }
            closed = true;
            completeClosed(receivers);
            completeClosed(senders);
        } finally {
            unlockAndWake();
        }
        return true;
    }

    private void completeClosed(WaitQueue queue) {
        Waiter waiter;
        while ((waiter = queue.poll()) != null) {
            if (waiter.completeClosed()) {
                wakeLater(waiter);
            }
        }
    }

    /// Whether an internal result is [#END] rather than an element.
    @SuppressWarnings("ReferenceEquality") // elements are the caller's, and may be equal to anything
    static boolean isEnd(@Nullable Object result) {
        return result == END;
    }

    boolean isClosed() {
        return closed;
    }

    // ---- state

    @Override
    public int length() {
        lock();
        int now = length;
        unlock();
        return now;
    }

    @Override
    public int capacity() {
        return ring.length;
    }

    /// Whether nobody waits on this channel.
    boolean isIdle() {
        lock();
        boolean idle = senders.isEmpty() && receivers.isEmpty();
        unlock();
        return idle;
    }

    boolean isNever() {
        return never;
    }

    /// Identity, shape and state, for logs and for thread dumps, where the channel is the blocker of those
    /// who wait on it.
    @Override
    public String toString() {
        if (never) {
            return "Channel.never()";
        }
        // Read without the lock: a message may be made while it is held, and the figure is out of date anyway.
        var shape = ring.length == 0 ? "unbuffered" : "length " + length + " of " + ring.length;
        return "Channel#" + id + "(" + shape + (closed ? ", closed)" : ")");
    }

    // ---- inside

    void enqueueSender(Waiter waiter) {
        if (!never) {
            senders.add(waiter);
        }
    }

    void enqueueReceiver(Waiter waiter) {
        if (!never) {
            receivers.add(waiter);
        }
    }

    void removeWaiter(Waiter waiter) {
        lock();
        var queue = waiter.queue;
        if (queue != null) {
            queue.remove(waiter);
        }
        unlock();
    }

    /// Parks until the waiter is completed. Returns its outcome; [Waiter#WAITING] means that the deadline has
    /// passed.
    private int await(Waiter waiter, @Nullable Deadline deadline) throws InterruptedException {
        while (waiter.outcome() == Waiter.WAITING) {
            if (Thread.interrupted()) {
                if (abandon(waiter)) {
                    throw new InterruptedException("interrupted while waiting on " + this);
                }
                // The hand-off was first: it stands, and the interrupt is left for the next wait.
                Thread.currentThread().interrupt();
                break;
            }
            if (deadline == null) {
                LockSupport.park(this);
                continue;
            }
            long remaining = deadline.remainingNanos();
            if (remaining <= 0) {
                abandon(waiter);
                break;
            }
            LockSupport.parkNanos(this, remaining);
        }
        return waiter.outcome();
    }

    /// Withdraws a waiter. Returns false if it had been completed before.
    private boolean abandon(Waiter waiter) {
        removeWaiter(waiter);
        return waiter.outcome() == Waiter.WAITING;
    }

    private void enqueue(Object element) {
        int tail = head + length;
        ring[tail < ring.length ? tail : tail - ring.length] = element;
        length++;
    }

    private void wakeLater(Waiter waiter) {
        waiter.next = woken;
        woken = waiter;
    }

    /// Detaches the waiters that were completed under the lock; the caller wakes them after unlocking.
    @Nullable
    Waiter takeWoken() {
        var list = woken;
        if (list != null) {
            woken = null;
        }
        return list;
    }

    private void unlockAndWake() {
        var list = takeWoken();
        unlock();
        if (list != null) {
            Waiter.wakeAll(list);
        }
    }

    private void checkInterrupt() throws InterruptedException {
        if (Thread.currentThread().isInterrupted() && Thread.interrupted()) {
            throw new InterruptedException("interrupted before an operation on " + this);
        }
    }

    private static void checkBatch(Collection<?> into, int max) {
        Objects.requireNonNull(into, "into");
        if (max < 1) {
            throw new IllegalArgumentException("max must be at least 1, but was " + max);
        }
    }

    @SuppressWarnings("unchecked") // only elements of T are ever stored
    private T element(@Nullable Object received) {
        if (isEnd(received)) {
            throw new ReceiveOnClosedException(this);
        }
        return (T) Objects.requireNonNull(received);
    }
}
