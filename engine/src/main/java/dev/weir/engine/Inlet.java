package dev.weir.engine;

import java.time.Duration;

/// Where a source puts its messages: the node's side of the door. Thread-safe; messages of one
/// device must come from one
/// thread at a time, in their order.
public interface Inlet {
    /// Hands a message over. Blocks while a pipeline with `overflow: block` has no room: a source
    /// that then stops reading its socket slows its devices down.
    ///
    /// `ack` is told exactly once, by any thread, possibly before this method returns; with
    /// `ack: received` the caller's own thread tells it.
    ///
    /// @throws InterruptedException if interrupted while waiting; the message was not taken and
    ///     `ack` is not told
    void accept(Message message, Ack ack) throws InterruptedException;

    /// Like [#accept(Message, Ack)], but waits at most `patience`, then tells `ack`
    /// [Receipt.Overloaded].
    ///
    /// @throws InterruptedException if interrupted while waiting; the message was not taken and
    ///     `ack` is not told
    void accept(Message message, Ack ack, Duration patience) throws InterruptedException;

    /// Counts a message that the source itself turned away before it could be handed over.
    ///
    /// @param reason a fixed word, since it becomes a label: `not-authorized`, `too-large`, …
    void rejected(String reason);

    /// Says that the source has no more messages (a file that ended): open windows are closed once
    /// everything handed over
    /// before is processed. Does not block.
    void finished();

    /// Says that the source works no more although nobody has closed it: a thread of it has died,
    /// or it does not listen any more. The node then closes it, and opens a new one in its place
    /// after a rest. Only the first call counts. Does not block; any thread may call it, also one
    /// that the source's `close` waits for.
    default void failed(Throwable cause) {}

    /// Told what became of a message.
    @FunctionalInterface
    interface Ack {
        /// Must not block and must not throw.
        void settle(Receipt receipt);
    }
}
