package dev.weir.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/// The node's HTTP port, as far as connectors may use it: a path whose WebSocket clients they take
/// over. Thread-safe.
public interface Upgrades {
    /// Gives a path to a service. Returns at once.
    ///
    /// @throws IOException if the path is taken, or the node has no HTTP port; the message says by
    ///     whom and what to do
    Mount mount(String path, WebSocketTerms terms, Service service) throws IOException;

    /// What a service wants of its WebSockets.
    ///
    /// @param protocols the subprotocols it speaks, the preferred one first; a client that offers
    ///     none of them is refused
    /// @param origins the pages that may connect beside the node's own: `https://ui.example`, or
    ///     `*` for all; programs that are no browsers send no origin and are always let in
    /// @param connections how many at a time; further ones get 503
    /// @param frame the largest frame from a client, in bytes
    record WebSocketTerms(List<String> protocols, List<String> origins, int connections, int frame) {
        public WebSocketTerms {
            protocols = List.copyOf(protocols);
            origins = List.copyOf(origins);
        }
    }

    /// Serves WebSockets as two streams of bytes; where frames begin and end says nothing.
    @FunctionalInterface
    interface Service {
        /// Called for each WebSocket on a virtual thread of its own. When it returns the WebSocket
        /// is closed.
        void serve(Duplex duplex) throws InterruptedException;
    }

    /// Two streams of bytes over one WebSocket. Nothing is taken from the network beyond what has
    /// been read and one frame, so that not reading slows the client down.
    interface Duplex {
        /// What the client sends in binary frames; a text frame ends the connection.
        InputStream input();

        /// Each write is one binary frame, and blocks while the client takes nothing.
        OutputStream output();

        /// Where the client is.
        InetAddress peer();

        /// The client's address and port, for logs.
        String peerText();

        /// Limits how long a read blocks from now on: `SocketTimeoutException` then.
        void limitReads(Duration timeout);

        /// Says to the peer that nothing more comes.
        void finishOutput() throws IOException;

        /// Ends it; blocked reads and writes fail. Any thread; never throws.
        void close();
    }

    /// A path that a service has.
    interface Mount extends AutoCloseable {
        /// Gives the path back and ends its WebSockets. When it returns no `serve` is running.
        /// Blocks for a few seconds at most.
        @Override
        void close();
    }

    /// A node without an HTTP port.
    static Upgrades none() {
        return (path, terms, service) -> {
            throw new IOException("there is no HTTP port for '" + path + "'");
        };
    }
}
