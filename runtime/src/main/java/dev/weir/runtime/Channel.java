package dev.weir.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A first-in, first-out queue between threads, as in Go: bounded, or unbuffered so that sender
/// and receiver meet.
///
/// Give [SendChannel] to the producers and [ReceiveChannel] to the consumers. Whoever knows that
/// nothing more will be sent closes the channel, which ends the loops of its consumers. To wait
/// for several channels, use [Select].
///
/// {@snippet file="ExamplesTest.java" region="pipeline"}
///
/// Memory: an element's send happens before its receive completes; a close happens before a
/// receive that reports it; a receive from an unbuffered channel happens before the send of that
/// element completes; the k-th receive from a channel of capacity C happens before the (k+C)-th
/// send completes.
///
/// @param <T> the type of the elements, which are never null
public final class Channel<T> extends ChannelState implements SendChannel<T>, ReceiveChannel<T> {
    // 64 MiB of references; Go refuses what exceeds its address space, and we what exceeds any sense.
    private static final int MAX_CAPACITY = 1 << 24;

    private static final Channel<Object> NEVER = new Channel<>(0, true, null, null);

    private final @Nullable Consumer<? super T> undelivered;

    private Channel(
            int capacity, boolean never, @Nullable TickSource ticks, @Nullable Consumer<? super T> undelivered) {
        super(capacity, never, ticks);
        this.undelivered = undelivered;
    }

    static Channel<Instant> of(TickSource ticks) {
        return new Channel<>(0, false, ticks, null);
    }

    /// A channel without a buffer: each send waits for its receive, which costs a thread switch
    /// for each element.
    ///
    /// @param <T> the type of the elements
    public static <T> Channel<T> unbuffered() {
        return new Channel<>(0, false, null, null);
    }

    /// A channel that holds up to `capacity` elements. 64 and more suit the stages of a pipeline:
    /// a hop through a buffer costs a tenth of an unbuffered one. The memory for the buffer is
    /// taken at once.
    ///
    /// @param <T> the type of the elements
    /// @param capacity 1 to 16,777,216
    /// @throws IllegalArgumentException if `capacity` is less or more
    public static <T> Channel<T> bounded(int capacity) {
        return new Channel<>(checkedCapacity(capacity), false, null, null);
    }

    /// A channel as [#bounded(int)] makes it, of elements that somebody must release, such as
    /// sockets: no element that was sent gets lost. Each is either received or given to
    /// `undelivered`, exactly once:
    ///
    /// - what [#closeAndDrain()] finds in the buffer is given to it;
    /// - so is what [#receiveUpTo(Collection, int)] has taken from the channel and could not add
    /// to its collection.
    ///
    /// Nothing else can lose an element: a send or receive that ends by interruption, timeout or
    /// context has moved none, and one that was completed at the same time stands. An element
    /// whose send fails stays the sender's.
    ///
    /// {@snippet file="ExamplesTest.java" region="undelivered"}
    ///
    /// @param <T> the type of the elements
    /// @param capacity 1 to 16,777,216
    /// @param undelivered is called by the thread that meets the element, without any lock; what
    ///     it throws is thrown when all elements have been given to it
    /// @throws IllegalArgumentException if `capacity` is less or more
    public static <T> Channel<T> bounded(int capacity, Consumer<? super T> undelivered) {
        Objects.requireNonNull(undelivered, "undelivered");
        return new Channel<>(checkedCapacity(capacity), false, null, undelivered);
    }

    /// A channel without a buffer as [#unbuffered()] makes it, that loses no element, as
    /// [#bounded(int, Consumer)] says.
    ///
    /// @param <T> the type of the elements
    /// @param undelivered gets the elements that [#receiveUpTo(Collection, int)] took and could
    ///     not add
    public static <T> Channel<T> unbuffered(Consumer<? super T> undelivered) {
        return new Channel<>(0, false, null, Objects.requireNonNull(undelivered, "undelivered"));
    }

    /// The channel that brings one tick when `delay` has passed, and then nothing for ever: Go's
    /// `time.After`. [ChannelTimer] can be stopped and set again; a select waits cheaper with
    /// [Select#timeout(Duration, Select.Reply)].
    public static ReceiveChannel<Instant> after(Duration delay) {
        return ChannelTimer.in(delay).tick();
    }

    private static int checkedCapacity(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("the capacity of a channel must be at least 1, but was " + capacity
                    + "; a channel without a buffer is Channel.unbuffered()");
        }
        if (capacity > MAX_CAPACITY) {
            throw new IllegalArgumentException("the capacity of a channel must be at most " + MAX_CAPACITY
                    + ", because its memory is taken at once, but was " + capacity);
        }
        return capacity;
    }

    /// The channel on which every operation waits for ever, Go's nil channel: put it in the place
    /// of a channel to disable a case of a [Select]. It keeps neither elements nor waiters, and it
    /// cannot be closed.
    ///
    /// @param <T> the type of the elements
    @SuppressWarnings("unchecked") // no element ever goes in or comes out
    public static <T> Channel<T> never() {
        return (Channel<T>) NEVER;
    }

    @Override
    public void send(T element) throws InterruptedException {
        checkInterrupt();
        if (!trySend(element)) {
            isSent(sendOrWait(element, null));
        }
    }

    @Override
    public void send(T element, Context context) throws InterruptedException {
        Objects.requireNonNull(element, "element");
        Objects.requireNonNull(context, "context");
        context.throwIfDone();
        checkInterrupt();
        if (!trySend(element)) {
            Selection.await(this, element, context);
        }
    }

    @Override
    public void sendAll(Collection<? extends T> elements) throws InterruptedException {
        sendAll(Batch.of(elements), null);
    }

    @Override
    public void sendAll(Collection<? extends T> elements, Context context) throws InterruptedException {
        Objects.requireNonNull(context, "context");
        sendAll(Batch.of(elements), context);
    }

    private void sendAll(Batch batch, @Nullable Context context) throws InterruptedException {
        try {
            if (context != null) {
                context.throwIfDone();
            }
            checkInterrupt();
            while (!batch.isSent()) {
                if (context == null) {
                    isSent(sendOrWait(batch, null));
                } else {
                    Selection.await(this, batch, context);
                }
            }
        } catch (InterruptedException e) {
            if (batch.sent() == 0) {
                throw e;
            }
            Thread.currentThread().interrupt();
            throw new PartialSendException(this, batch, e);
        } catch (ContextException | SendOnClosedException e) {
            throw batch.sent() == 0 ? e : new PartialSendException(this, batch, e);
        }
    }

    @Override
    public boolean trySend(T element) {
        return isSent(sendNow(Objects.requireNonNull(element, "element")));
    }

    @Override
    public boolean trySend(T element, Duration timeout) throws InterruptedException {
        var deadline = Deadline.in(timeout);
        checkInterrupt();
        return trySend(element) || isSent(sendOrWait(element, deadline));
    }

    private boolean isSent(int outcome) {
        if (outcome == Waiter.CLOSED) {
            throw new SendOnClosedException(this);
        }
        return outcome == Waiter.TRANSFERRED;
    }

    @Override
    public T receive() throws InterruptedException {
        return element(receiveOrEnd());
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
            received = receiveOrWait(deadline);
        }
        return received == null ? null : element(received);
    }

    @Override
    public int receiveUpTo(Collection<? super T> into, int max) throws InterruptedException {
        checkBatch(into, max);
        checkInterrupt();
        int taken = drain(into, max);
        return taken > 0 ? taken : fill(into, max, receiveOrEnd());
    }

    @Override
    public int receiveUpTo(Collection<? super T> into, int max, Context context) throws InterruptedException {
        checkBatch(into, max);
        Objects.requireNonNull(context, "context");
        context.throwIfDone();
        checkInterrupt();
        int taken = drain(into, max);
        return taken > 0 ? taken : fill(into, max, receiveOrEnd(context));
    }

    private int fill(Collection<? super T> into, int max, Object first) {
        if (isEnd(first)) {
            return 0;
        }
        addAll(into, new Object[] {first}, 1);
        return 1 + drain(into, max - 1);
    }

    /// Takes what is there. The collection is the caller's code, so it is called between the
    /// locked sections.
    private int drain(Collection<? super T> into, int max) {
        int taken = 0;
        var batch = new Object[Math.min(max, BATCH)];
        while (taken < max) {
            int wanted = Math.min(batch.length, max - taken);
            int got = receiveNow(batch, wanted);
            addAll(into, batch, got);
            taken += got;
            if (got < wanted) {
                break;
            }
        }
        return taken;
    }

    private void addAll(Collection<? super T> into, Object[] batch, int count) {
        int added = 0;
        try {
            while (added < count) {
                into.add(element(batch[added]));
                added++;
            }
        } catch (RuntimeException | Error e) {
            var left = new ArrayList<T>();
            for (int i = added; i < count; i++) {
                left.add(element(batch[i]));
            }
            giveBack(left, e);
            throw e;
        }
    }

    /// Hands over the elements that no receiver gets. Returns what that threw, or `failure`, with
    /// what came later suppressed.
    @SuppressWarnings("ReferenceEquality") // a throwable cannot suppress itself, and may be thrown twice
    private @Nullable Throwable giveBack(List<T> elements, @Nullable Throwable failure) {
        countUndelivered(elements.size());
        var first = failure;
        if (undelivered != null) {
            for (var element : elements) {
                try {
                    undelivered.accept(element);
                } catch (RuntimeException | Error e) {
                    if (first == null) {
                        first = e;
                    } else if (first != e) {
                        first.addSuppressed(e);
                    }
                }
            }
        }
        return first;
    }

    /// Closes the channel unless it is closed already, and takes out what is in its buffer: for
    /// the side that receives when it gives up. Senders that wait get a [SendOnClosedException]
    /// and keep their elements. Does not block.
    ///
    /// @return the elements that nobody had received, in order. If the channel has an
    ///     `undelivered` function, it was called with each of them
    /// @throws IllegalStateException if this is [#never()]
    public List<T> closeAndDrain() {
        closeIfOpen();
        var left = new ArrayList<T>();
        var batch = new Object[BATCH];
        int got;
        while ((got = receiveNow(batch, batch.length)) > 0) {
            for (int i = 0; i < got; i++) {
                left.add(element(batch[i]));
            }
        }
        var failure = giveBack(left, null);
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
        return left;
    }

    @Override
    public Iterator<T> iterator() {
        return new ChannelIterator<>(this);
    }

    /// Receives the next element or [#END]; waits while there is neither.
    Object receiveOrEnd() throws InterruptedException {
        checkInterrupt();
        var received = receiveNow();
        if (received == null) {
            received = receiveOrWait(null);
        }
        return Objects.requireNonNull(received, "a wait without a deadline ends with an element or the end");
    }

    private Object receiveOrEnd(Context context) throws InterruptedException {
        Objects.requireNonNull(context, "context");
        context.throwIfDone();
        checkInterrupt();
        var received = receiveNow();
        return received == null ? Selection.await(this, null, context) : received;
    }

    @Override
    public void close() {
        if (!closeIfOpen()) {
            throw new CloseOfClosedException(this);
        }
    }

    @Override
    public boolean closeIfOpen() {
        if (isNever()) {
            throw new IllegalStateException("close of Channel.never(), which nobody owns");
        }
        return end();
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
    private T element(Object received) {
        if (isEnd(received)) {
            throw new ReceiveOnClosedException(this);
        }
        return (T) received;
    }
}
