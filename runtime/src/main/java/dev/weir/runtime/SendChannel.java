package dev.weir.runtime;

import java.time.Duration;
import java.util.Collection;

/// The sending side of a [Channel]: hand it to those who may send and close, but not receive.
///
/// All methods may be called by any thread, virtual or platform. Elements of one sender are
/// received in the order in which they were sent, and senders that wait are served first come,
/// first served. What a thread did before it sent an element is visible to the thread that
/// received it.
///
/// @param <T> the type of the elements, which are never null
public sealed interface SendChannel<T> permits Channel {

    /// Sends an element; waits while a bounded channel is full, or until a receiver takes it if
    /// the channel is unbuffered.
    ///
    /// @throws SendOnClosedException if the channel is closed before the element was taken
    /// @throws InterruptedException if the thread is interrupted before or while it waits; the
    ///     element was not sent
    void send(T element) throws InterruptedException;

    /// Sends as [#send(Object)] does, for as long as `context` is not done. A context that is done
    /// already wins over a channel that is ready, so that a busy loop notices its cancellation.
    ///
    /// @throws ContextException if the context is done before the element was taken; the element
    ///     was not sent
    /// @throws SendOnClosedException if the channel is closed before the element was taken
    /// @throws InterruptedException if the thread is interrupted before or while it waits; the
    ///     element was not sent
    void send(T element, Context context) throws InterruptedException;

    /// Sends the elements in the order of the collection; waits as long as there is no room for
    /// all. Costs much less than as many sends: what fits goes in at once, and receivers take the
    /// rest from this thread without waking it for each. While it waits, its elements follow one
    /// another; elements of others may come between them as long as it does not. An empty
    /// collection sends nothing, also on a closed channel.
    ///
    /// An exception other than [PartialSendException] means that nothing was sent.
    ///
    /// {@snippet file="ExamplesTest.java" region="batches"}
    ///
    /// @param elements without null; is copied first
    /// @throws PartialSendException if some elements were sent when the channel was closed or the
    ///     thread was interrupted; it says how many
    /// @throws SendOnClosedException if the channel is closed before an element was taken
    /// @throws InterruptedException if the thread is interrupted before an element was taken
    void sendAll(Collection<? extends T> elements) throws InterruptedException;

    /// Sends as [#sendAll(Collection)] does, for as long as `context` is not done. A context that
    /// is done already wins over a channel that is ready.
    ///
    /// @param elements without null; is copied first
    /// @throws PartialSendException if some elements were sent when the context was done, the
    ///     channel was closed or the thread was interrupted; it says how many
    /// @throws ContextException if the context is done before an element was taken
    /// @throws SendOnClosedException if the channel is closed before an element was taken
    /// @throws InterruptedException if the thread is interrupted before an element was taken
    void sendAll(Collection<? extends T> elements, Context context) throws InterruptedException;

    /// Sends an element if that is possible without waiting. Never blocks and never fails
    /// spuriously.
    ///
    /// @return whether the element was sent
    /// @throws SendOnClosedException if the channel is closed
    boolean trySend(T element);

    /// Sends as [#send(Object)] does, but waits no longer than `timeout`; zero or less means not
    /// at all.
    ///
    /// @return whether the element was sent in time
    /// @throws SendOnClosedException if the channel is closed before the element was taken
    /// @throws InterruptedException if the thread is interrupted before or while it waits; the
    ///     element was not sent
    boolean trySend(T element, Duration timeout) throws InterruptedException;

    /// Closes the channel: elements in its buffer can still be received, then receivers are told
    /// that this is the end. Senders that wait get a [SendOnClosedException]. Does not block.
    ///
    /// @throws CloseOfClosedException if the channel is closed already
    /// @throws IllegalStateException if this is [Channel#never()]
    void close();

    /// Closes the channel as [#close()] does, unless it is closed already.
    ///
    /// @return whether this call closed it
    /// @throws IllegalStateException if this is [Channel#never()]
    boolean closeIfOpen();

    /// The number of elements in the buffer at one instant; always 0 for an unbuffered channel,
    /// even with senders waiting.
    int length();

    /// The number of elements the buffer can hold; 0 for an unbuffered channel.
    int capacity();

    /// The counters of the channel at one instant. Does not block.
    ChannelStats stats();
}
