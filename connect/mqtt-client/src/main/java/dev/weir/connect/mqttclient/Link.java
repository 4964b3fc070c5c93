package dev.weir.connect.mqttclient;

import dev.weir.engine.Meters;
import dev.weir.engine.link.Reconnector;
import java.io.IOException;
import java.time.Duration;

/// Keeps a connection to a broker, for one source or sink.
///
/// Everything a [Session] sees comes from the link's own thread.
final class Link implements AutoCloseable {
    private static final Duration FAREWELL = Duration.ofMillis(500);

    private final LinkOptions options;
    private final Session session;
    private final Reconnector<Connection> kept;

    /// What is done over a connection. Called by the link's thread only.
    interface Session {
        /// What to say when the next connection is made.
        Greeting greeting();

        /// A connection was made: uses it until it is over, and calls [Link#ready] when others can.
        ///
        /// @throws IOException when it is over, with the reason
        void use(Link link, Connection connection) throws IOException, InterruptedException;

        /// The connection that was used is over.
        ///
        /// @param why for messages
        void end(String why);
    }

    /// @param part `source` or `sink`, since both may have the same name
    Link(String name, String part, LinkOptions options, Session session, Meters meters) {
        this.options = options;
        this.session = session;
        this.kept = new Reconnector<>("mqtt", part, name, options.broker(), options.backoff(), this::attempt, meters);
    }

    /// Begins to connect, in the background.
    void start() {
        kept.start();
    }

    private void attempt() throws IOException, InterruptedException {
        try (Connection connection = Connection.open(kept.name(), options, session.greeting())) {
            kept.made(connection);
            String why = "the link was closed";
            try {
                session.use(this, connection);
            } catch (IOException | RuntimeException lost) {
                why = Reconnector.reason(lost);
                throw lost;
            } finally {
                kept.gone();
                session.end(why);
            }
        }
    }

    /// Says that the connection can be used.
    void ready(Connection connection) {
        kept.ready(connection);
    }

    /// The connection, as soon as it can be used.
    ///
    /// @throws IOException if it cannot within `patience`; it says why the last one was lost
    Connection await(Duration patience) throws IOException, InterruptedException {
        return kept.await(patience);
    }

    /// Says goodbye and ends the link's thread; when it returns the session is not called any more.
    @Override
    public void close() {
        kept.close(last -> last.finish(FAREWELL), Duration.ZERO);
    }
}
