package dev.weir.runtime;

import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/// The receiving side of a [Channel]: hand it to those who may receive, but neither send nor close.
///
/// All methods may be called by any thread, virtual or platform. Every element goes to exactly one
/// receiver, and receivers that wait are served first come, first served. A receiver whose wait
/// ends by interruption, timeout or context has taken no element.
///
/// @param <T> the type of the elements, which are never null
public sealed interface ReceiveChannel<T> extends Iterable<T> permits Channel {

    /// Receives the next element; waits while there is none.
    ///
    /// @throws ReceiveOnClosedException if the channel is closed and every element has been
    ///     received
    /// @throws InterruptedException if the thread is interrupted before or while it waits; no
    ///     element was taken
    T receive() throws InterruptedException;

    /// Receives as [#receive()] does, for as long as `context` is not done. A context that is done
    /// already wins over an element that is ready, so that a busy loop notices its cancellation.
    ///
    /// @throws ContextException if the context is done before an element came; no element was taken
    /// @throws ReceiveOnClosedException if the channel is closed and every element has been
    ///     received
    /// @throws InterruptedException if the thread is interrupted before or while it waits; no
    ///     element was taken
    T receive(Context context) throws InterruptedException;

    /// Receives the next element if there is one. Never blocks and never fails spuriously.
    ///
    /// @return the element, or null if there is none now
    /// @throws ReceiveOnClosedException if the channel is closed and every element has been
    ///     received
    @Nullable
    T tryReceive();

    /// Receives as [#receive()] does, but waits no longer than `timeout`; zero or less means not
    /// at all.
    ///
    /// @return the element, or null if none came in time
    /// @throws ReceiveOnClosedException if the channel is closed and every element has been
    ///     received
    /// @throws InterruptedException if the thread is interrupted before or while it waits; no
    ///     element was taken
    @Nullable
    T tryReceive(Duration timeout) throws InterruptedException;

    /// Waits for an element as [#receive()] does, then takes what else is there without waiting,
    /// up to `max` in all. One call costs little more than one [#receive()], and wakes the senders
    /// it makes room for.
    ///
    /// @param into gets the elements in order; if its `add` throws, the elements that were taken
    ///     and not yet added, that one included, go to the channel's `undelivered` function, and
    ///     are lost if it has none
    /// @param max at least 1
    /// @return how many elements were added; 0 only if the channel is closed and every element has
    ///     been received
    /// @throws InterruptedException if the thread is interrupted before or while it waits; no
    ///     element was taken
    int receiveUpTo(Collection<? super T> into, int max) throws InterruptedException;

    /// Receives as [#receiveUpTo(Collection, int)] does, for as long as `context` is not done.
    ///
    /// @param into gets the elements in order; if its `add` throws, the elements that were taken
    ///     and not yet added, that one included, go to the channel's `undelivered` function, and
    ///     are lost if it has none
    /// @param max at least 1
    /// @return how many elements were added; 0 only if the channel is closed and every element has
    ///     been received
    /// @throws ContextException if the context is done before an element came; no element was taken
    /// @throws InterruptedException if the thread is interrupted before or while it waits; no
    ///     element was taken
    int receiveUpTo(Collection<? super T> into, int max, Context context) throws InterruptedException;

    /// Receives until the channel is closed and drained: `for (var element : channel)`. The
    /// iterator belongs to one thread; its `hasNext` waits as [#receive()] does and takes the
    /// element, which `next` hands out: a loop that is left by `break` has lost nothing. On
    /// interruption it throws [IterationInterruptedException] and sets the thread's interrupt
    /// status again.
    @Override
    Iterator<T> iterator();

    /// The number of elements in the buffer at one instant; always 0 for an unbuffered channel,
    /// even with senders waiting.
    int length();

    /// The number of elements the buffer can hold; 0 for an unbuffered channel.
    int capacity();

    /// The counters of the channel at one instant. Does not block.
    ChannelStats stats();
}
