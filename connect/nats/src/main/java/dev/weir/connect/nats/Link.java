package dev.weir.connect.nats;

import dev.weir.engine.Meters;
import dev.weir.engine.link.Reconnector;
import dev.weir.runtime.Scheduler;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// Keeps a connection to one of the servers, for one source or sink. While there is a connection, a
/// second thread asks the server for a sign of life, and ends the connection that gives none.
final class Link implements AutoCloseable {
    private static final Duration GOODBYE = Duration.ofSeconds(1);

    private final LinkOptions options;
    private final int underWay;
    private final Session session;
    private final Reconnector<Wire> kept;

    /// Whose turn it is. Only the link's thread.
    private int turn;

    /// What is done over a connection.
    interface Session extends Wire.Listener {
        /// Uses a connection until it ends, on the link's thread. Calls [Link#ready] when it can be
        /// used, now or later.
        ///
        /// @throws IOException when it ends; it says why
        void follow(Link link, Wire wire) throws IOException, InterruptedException;

        /// How often [#tick] wants to be called at least.
        default Duration every() {
            return Duration.ofDays(1);
        }

        /// Called now and then while there is a connection, by a thread of its own.
        default void tick(Wire wire) {}

        /// The connection ends, on the link's thread. It may still work.
        ///
        /// @param closing whether there will be no other
        default void end(Wire wire, boolean closing) throws InterruptedException {}

        /// The connection has ended, and so have its threads.
        default void ended() {}
    }

    /// @param part `source` or `sink`, since both may have the same name
    /// @param underWay how many messages may be under way
    Link(String name, String part, LinkOptions options, int underWay, Session session, Meters meters) {
        this.options = options;
        this.underWay = underWay;
        this.session = session;
        this.turn = ThreadLocalRandom.current().nextInt(options.servers().size());
        this.kept = new Reconnector<>("nats", part, name, options.names(), options.backoff(), this::attempt, meters);
    }

    /// What the names of its threads begin with.
    String name() {
        return kept.name();
    }

    /// Begins to connect, in the background.
    void start() {
        kept.start();
    }

    private void attempt() throws IOException, InterruptedException {
        turn = (turn + 1) % options.servers().size();
        URI server = options.servers().get(turn);
        try (Wire wire = Wire.open(kept.name(), options, server, underWay, session)) {
            use(wire);
        }
    }

    private void use(Wire wire) throws IOException, InterruptedException {
        kept.made(wire);
        Thread watch = Scheduler.go(kept.name() + "-watch", () -> watch(wire));
        try {
            session.follow(this, wire);
        } catch (IllegalStateException ended) {
            // What jnats says on a connection that has ended; the wire knows why.
            wire.check();
            throw ended;
        } finally {
            kept.gone();
            try {
                session.end(wire, kept.isClosing());
            } finally {
                // Wakes the watch, which may wait for an answer.
                wire.close();
                session.ended();
                watch.join();
            }
        }
    }

    /// Asks for signs of life until the connection ends.
    private void watch(Wire wire) {
        try {
            while (!wire.awaitEnd(Collections.min(List.of(options.keepAlive().dividedBy(2), session.every())))) {
                session.tick(wire);
                wire.flush(options.ackTimeout());
            }
        } catch (IOException | IllegalStateException lost) {
            wire.fail(Reconnector.reason(lost));
        } catch (InterruptedException e) {
            wire.fail("the watch was interrupted");
        }
    }

    /// Says that the connection can be used.
    void ready(Wire wire) {
        kept.ready(wire);
    }

    /// The connection, as soon as it can be used.
    ///
    /// @throws IOException if it cannot within `patience`; it says why the last one was lost
    Wire await(Duration patience) throws IOException, InterruptedException {
        return kept.await(patience);
    }

    /// Ends the connection and the link's threads; when it returns the session is not called any
    /// more.
    @Override
    public void close() {
        kept.close(last -> last.fail("the link was closed"), GOODBYE);
    }
}
