package dev.weir.engine;

import java.io.IOException;

/// A way into the node. A source owns its threads and sockets.
///
/// Life: constructed (touches nothing outside) → [#open] once → [#close] once. Constructing is
/// cheap and harmless, so that
/// `weir check` can do it. One that cannot go on says so by [Inlet#failed]: it is closed, and
/// another one made of the same options.
public interface Source extends AutoCloseable {
    /// Starts to listen or to connect, and from then on hands messages to `inlet`. Returns when
    /// devices can reach it.
    ///
    /// @throws IOException if it cannot start: the message says what was tried and what to do
    ///     (port taken, no permission)
    void open(Inlet inlet) throws IOException, InterruptedException;

    /// How many bytes its own queues and stores can take at worst, for `weir check`.
    default long worstCaseBytes() {
        return 0;
    }

    /// Takes no more messages, ends all connections and threads. When it returns, no call to the
    /// inlet is under way or will
    /// be made. Blocks for a few seconds at most. Does nothing the second time.
    @Override
    void close();
}
