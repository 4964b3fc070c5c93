package dev.weir.connect.nats;

import dev.weir.runtime.Lane;
import dev.weir.runtime.Scheduler;
import io.nats.client.AuthenticationException;
import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.Consumer;
import io.nats.client.ErrorListener;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection to a server: what jnats made, the threads it may use, and why it ended.
///
/// jnats does not connect again by itself: its buffer for that time would hold what nobody counts,
/// its pauses do not grow, and it judges by TCP and PING alone. [Link] does it.
final class Wire implements AutoCloseable, ErrorListener, ConnectionListener {
    private static final Logger LOG = LoggerFactory.getLogger(Wire.class);

    /// What an error begins with that concerns one subject and leaves the connection alone.
    static final String PERMISSIONS = "Permissions Violation";

    private static final Duration LONG = Duration.ofDays(1);
    private static final int MOST_TROUBLES = 3;
    private static final long THREADS_END_SECONDS = 5;

    /// How much may wait to be written: beyond what a source or sink has under way, so that it
    /// never fills in good times.
    private static final int OUTGOING_SPARE = 1024;

    private final String name;
    private final LinkOptions options;
    private final URI server;
    private final Listener listener;
    private final ExecutorService threads;
    private final ScheduledThreadPoolExecutor timer;
    private final CountDownLatch over = new CountDownLatch(1);
    private final AtomicReference<@Nullable String> why = new AtomicReference<>();

    /// What went wrong so far, the first few. Written by jnats's threads, read for messages.
    private final List<String> troubles = new CopyOnWriteArrayList<>();

    private volatile @Nullable String lastError;

    /// Null while connecting.
    private volatile @Nullable Connection connection;

    private volatile @Nullable Runnable onEnd;

    /// What happens on a connection. Called by jnats's threads; must not block.
    interface Listener {
        /// The server does not like something.
        void error(String text);

        /// jnats drops messages that nobody takes.
        default void slow() {}
    }

    private Wire(String name, LinkOptions options, URI server, Listener listener) {
        this.name = name;
        this.options = options;
        this.server = server;
        this.listener = listener;
        ThreadFactory factory = Scheduler.shared().factory(Lane.SAMPLE, name + "-io-");
        this.threads = Executors.newThreadPerTaskExecutor(factory);
        this.timer = new ScheduledThreadPoolExecutor(1, factory);
        timer.setRemoveOnCancelPolicy(true);
    }

    /// Connects to a server. Blocks for as long as `connect-timeout` says, for each of its
    /// addresses.
    ///
    /// @param name what the names of the threads begin with
    /// @param underWay how many messages may be under way
    /// @throws IOException if it does not answer as it should; the message says why
    static Wire open(String name, LinkOptions options, URI server, int underWay, Listener listener)
            throws IOException, InterruptedException {
        Wire wire = new Wire(name, options, server, listener);
        try {
            wire.connection = Nats.connect(wire.settings(underWay));
            if (wire.connection().getStatus() != Connection.Status.CONNECTED) {
                wire.fail("the server hung up at once");
            }
            return wire;
        } catch (AuthenticationException refused) {
            wire.endThreads();
            throw new IOException(
                    "the server at " + server.getAuthority() + " does not let " + options.login() + " in: "
                            + wire.lastError
                            + "; check user, password, token or credentials, and whether the account has expired",
                    refused);
        } catch (IOException | RuntimeException failed) {
            wire.endThreads();
            throw new IOException("no connection to " + server.getAuthority() + ": " + wire.reason(failed), failed);
        } catch (InterruptedException closed) {
            wire.endThreads();
            throw closed;
        }
    }

    private Options settings(int underWay) {
        Options.Builder settings = Options.builder()
                .server(server.toString())
                .connectionName(options.client())
                .connectionTimeout(options.connectTimeout())
                .maxReconnects(0)
                .reconnectBufferSize(0)
                // What a server says of its cluster may not be reachable from here, nor be trusted.
                .ignoreDiscoveredServers()
                .hostnameResolveMode(Options.HostnameResolveMode.ResolveToAllIncludeIPV6)
                // The link asks for signs of life itself.
                .pingInterval(LONG)
                .maxPingsOut(0)
                .maxMessagesInOutgoingQueue(4 * underWay + OUTGOING_SPARE)
                .writeQueuePushTimeout(options.ackTimeout())
                .dontForceFlushOnRequest()
                .executor(threads)
                .scheduledExecutor(timer)
                .callbackExecutor(new OnTheSpot())
                .connectExecutor(
                        Executors.newThreadPerTaskExecutor(Scheduler.shared().factory(Lane.SAMPLE, name + "-connect-")))
                .errorListener(this)
                .connectionListener(this);
        options.tls().ifPresent(tls -> settings.sslContext(CheckedTls.context(tls, server.getHost())));
        options.login().apply(settings);
        return settings.build();
    }

    /// jnats reports what went wrong apart from what it throws.
    private String reason(Exception thrown) {
        String error = lastError;
        if (error != null && !error.isEmpty()) {
            return error;
        }
        return troubles.isEmpty() ? message(thrown) : String.join("; ", troubles);
    }

    private String message(Exception exception) {
        Throwable inner = exception instanceof ExecutionException && exception.getCause() != null
                ? exception.getCause()
                : exception;
        if (inner instanceof TimeoutException) {
            return "no answer within " + options.connectTimeout().toMillis() + " ms";
        }
        return inner.getMessage() == null ? inner.getClass().getSimpleName() : inner.getMessage();
    }

    /// What jnats made.
    Connection connection() {
        Connection made = connection;
        if (made == null) {
            throw new IllegalStateException("not connected yet");
        }
        return made;
    }

    /// What to do when the connection ends, at once if it has ended. Must not block.
    void whenOver(Runnable action) {
        onEnd = action;
        if (over.getCount() == 0) {
            action.run();
        }
    }

    /// Ends the connection as soon as its link's thread sees it. Does not block.
    void fail(String reason) {
        if (!why.compareAndSet(null, reason)) {
            return;
        }
        over.countDown();
        Runnable action = onEnd;
        if (action != null) {
            action.run();
        }
    }

    /// Waits for the end.
    ///
    /// @return whether it came
    boolean awaitEnd(Duration patience) throws InterruptedException {
        return over.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// Waits for the end.
    ///
    /// @throws IOException always; it says why
    void awaitEnd() throws IOException, InterruptedException {
        over.await();
        check();
    }

    /// @throws IOException if the connection has ended; it says why
    void check() throws IOException {
        String reason = why.get();
        if (reason != null) {
            throw new IOException(reason);
        }
    }

    /// Waits until the server has read all that was sent before: a PING and its PONG.
    ///
    /// @throws IOException if it does not answer in time, which ends the connection
    void flush(Duration patience) throws IOException, InterruptedException {
        try {
            connection().flush(patience);
        } catch (TimeoutException e) {
            fail("the server did not answer within " + patience.toMillis() + " ms");
            check();
        }
        // A flush that begins on a lost connection returns as if all were well; such a connection
        // is never up again.
        if (connection().getStatus() != Connection.Status.CONNECTED) {
            fail("the connection was lost");
        }
        check();
    }

    /// Lets the server read what was sent before, if it does so in time.
    void farewell(Duration patience) throws InterruptedException {
        try {
            connection().flush(patience);
        } catch (TimeoutException e) {
            LOG.debug("the server does not read the good-bye", e);
        }
    }

    @Override
    @SuppressWarnings("deprecation") // the interface has no other method without a body
    public void connectionEvent(Connection from, Events event) {
        boolean ended = event == Events.DISCONNECTED || event == Events.CLOSED;
        if (ended && connection != null) {
            String error = lastError;
            String reason = error != null ? error : String.join("; ", troubles);
            fail("the connection was lost" + (reason.isEmpty() ? "" : ": " + reason));
        }
    }

    @Override
    public void errorOccurred(Connection from, String error) {
        if (!error.regionMatches(true, 0, PERMISSIONS, 0, PERMISSIONS.length())) {
            lastError = error;
        }
        listener.error(error);
    }

    @Override
    public void exceptionOccurred(Connection from, Exception exception) {
        String trouble = message(exception);
        if (troubles.size() < MOST_TROUBLES && !troubles.contains(trouble)) {
            troubles.add(trouble);
        }
    }

    @Override
    public void slowConsumerDetected(Connection from, Consumer consumer) {
        listener.slow();
    }

    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        fail("the link was closed");
        try {
            connection().close();
        } catch (InterruptedException e) {
            interrupted = true;
        }
        endThreads();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void endThreads() {
        boolean interrupted = Thread.interrupted();
        timer.shutdownNow();
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(THREADS_END_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("threads of a connection do not end server={}", server.getAuthority());
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
