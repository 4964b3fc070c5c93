package dev.weir.node.api;

import dev.weir.runtime.Scheduler;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Closes connections that have not made a complete request for a while. Jetty's idle time starts
/// anew with each byte, so a client that sends one from time to time would stay for ever and take
/// the place of others (slowloris).
final class Connections implements Connection.Listener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
    private static final long SWEEP_SECONDS = 1;

    private final long patienceNanos;
    private final ConcurrentHashMap<Connection, Use> open = new ConcurrentHashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    private static final class Use {
        volatile boolean answering;
        volatile long since = System.nanoTime();
    }

    Connections(Duration patience) {
        this.patienceNanos = patience.toNanos();
        this.thread = Scheduler.go("weir-api-sweep", this::sweep);
    }

    @Override
    public void onOpened(Connection connection) {
        // WebSockets have their own ways to find out.
        if (connection instanceof ConnectionMetaData) {
            open.put(connection, new Use());
        }
    }

    @Override
    public void onClosed(Connection connection) {
        open.remove(connection);
    }

    /// A request has come in whole and is being answered.
    void begin(Request request) {
        Use use = open.get(request.getConnectionMetaData().getConnection());
        if (use != null) {
            use.answering = true;
        }
    }

    /// It has been answered.
    void end(Request request) {
        Use use = open.get(request.getConnectionMetaData().getConnection());
        if (use != null) {
            use.since = System.nanoTime();
            use.answering = false;
        }
    }

    private void sweep() {
        try {
            while (!closed.await(SWEEP_SECONDS, TimeUnit.SECONDS)) {
                long now = System.nanoTime();
                open.forEach((connection, use) -> {
                    if (!use.answering && now - use.since > patienceNanos) {
                        cut(connection);
                    }
                });
            }
        } catch (InterruptedException e) {
            // Nobody interrupts it; if somebody did it would be to end it.
        }
    }

    /// One that cannot be closed must not keep the others open.
    private static void cut(Connection connection) {
        try {
            connection.getEndPoint().close();
        } catch (RuntimeException e) {
            LOG.atWarn().setCause(e).log("closing a connection that was idle for long failed");
        }
    }

    /// Closes those that are not being answered, for which a server that stops would wait, and
    /// ends.
    @Override
    public void close() {
        closed.countDown();
        open.forEach((connection, use) -> {
            if (!use.answering) {
                cut(connection);
            }
        });
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
