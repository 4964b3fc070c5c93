package dev.weir.connect.http;

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

/// Closes connections that have not made the head of a request for a while, or not even a TLS
/// handshake. Jetty's idle time starts anew with each byte, so a client that sends one from time to
/// time would stay for ever and take the place of others (slowloris).
final class SlowConnections implements Connection.Listener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SlowConnections.class);
    private static final long SWEEP_SECONDS = 1;

    private final long patienceNanos;
    private final ConcurrentHashMap<Connection, Use> open = new ConcurrentHashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    private static final class Use {
        volatile boolean answering;
        volatile long since = System.nanoTime();
    }

    /// @param name of the thread
    SlowConnections(Duration patience, String name) {
        this.patienceNanos = patience.toNanos();
        this.thread = Scheduler.go(name, this::sweep);
    }

    @Override
    public void onOpened(Connection connection) {
        if (connection instanceof ConnectionMetaData) {
            open.put(connection, new Use());
        }
    }

    @Override
    public void onClosed(Connection connection) {
        open.remove(connection);
    }

    /// The head of a request has come; who reads the body has an eye on the time.
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

    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
