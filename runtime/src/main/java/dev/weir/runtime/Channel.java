package dev.weir.runtime;

import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A first-in, first-out queue between threads, as in Go: bounded, or unbuffered so that sender and receiver meet.
///
/// Give [SendChannel] to the producers and [ReceiveChannel] to the consumers. Whoever knows that nothing more will be
/// sent closes the channel, which ends the loops of its consumers. To wait for several channels, use [Select].
///
/// {@snippet file="ExamplesTest.java" region="pipeline"}
///
/// Memory: an element's send happens before its receive completes; a close happens before a receive that reports it;
/// a receive from an unbuffered channel happens before the send of that element completes; the k-th receive from a
/// channel of capacity C happens before the (k+C)-th send completes.
///
/// @param <T> the type of the elements, which are never null
public final class Channel<T> extends ChannelState implements SendChannel<T>, ReceiveChannel<T> {
    private static final int BATCH = 64;
    private static final Channel<Object> NEVER = new Channel<>(0, true);

    private Channel(int capacity, boolean never) {
        super(capacity, never);
    }

    /// A channel without a buffer: each send waits for its receive, which costs a thread switch for each element.
    ///
    /// @param <T> the type of the elements
    public static <T> Channel<T> unbuffered() {
        return new Channel<>(0, false);
    }

    /// A channel that holds up to `capacity` elements. 64 and more suit the stages of a pipeline: a hop through a
    /// buffer costs a tenth of an unbuffered one. The memory for the buffer is taken at once.
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

    /// The channel on which every operation waits for ever, Go's nil channel: put it in the place of a channel to
    /// disable a case of a [Select]. It keeps neither elements nor waiters, and it cannot be closed.
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
        context.throwIfDone();
        checkInterrupt();
        if (!trySend(element)) {
            Selection.await(this, element, context);
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
        context.throwIfDone();
        checkInterrupt();
        int taken = drain(into, max);
        return taken > 0 ? taken : fill(into, max, receiveOrEnd(context));
    }

    private int fill(Collection<? super T> into, int max, Object first) {
        if (isEnd(first)) {
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
