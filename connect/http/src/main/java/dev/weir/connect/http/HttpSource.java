package dev.weir.connect.http;

import dev.weir.engine.Connector.Surroundings;
import dev.weir.engine.Inlet;
import dev.weir.engine.Source;
import dev.weir.engine.config.HostPort;
import dev.weir.engine.tls.ServerTls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An HTTP server that takes readings. See the package for threads and bounds.
final class HttpSource implements Source {
    private static final Logger LOG = LoggerFactory.getLogger("http");
    private static final int HEADER = 16 * 1024;
    private static final int OUTPUT = 8 * 1024;

    /// Buffers and what Jetty remembers of a connection.
    private static final int CONNECTION_BYTES = 96 * 1024;

    private static final int CLIENT_BYTES = 160;
    private static final int TASKS = 64;
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final IngestOptions options;
    private final Surroundings around;

    /// Written under the lock. Null before `open` and after `close`.
    private volatile @Nullable Running running;

    private record Running(Server server, List<ServerConnector> connectors, Gate gate, SlowConnections connections) {}

    HttpSource(IngestOptions options, Surroundings around) {
        this.options = options;
        this.around = around;
    }

    @Override
    public long worstCaseBytes() {
        IngestOptions.Limits limits = options.limits();
        return limits.inFlight()
                + (long) limits.connections() * CONNECTION_BYTES
                + (long) limits.keys() * IdempotencyKeys.BYTES_EACH
                + (limits.rate() == 0 ? 0 : (long) ClientRates.CLIENTS * CLIENT_BYTES);
    }

    @Override
    public synchronized void open(Inlet inlet) throws IOException {
        String name = "http-" + around.name();
        VirtualThreadPool threads = new VirtualThreadPool(options.limits().connections() + TASKS);
        threads.setName(name);
        Server server = new Server(threads);
        Gate gate = new Gate();
        SlowConnections connections = new SlowConnections(options.limits().idle(), name + "-sweep");
        List<ServerConnector> connectors = connectors(server, cause -> ended(server, inlet, cause));
        connectors.forEach(connector -> connector.addBean(connections));
        server.addBean(
                new NetworkConnectionLimit(options.limits().connections(), connectors.toArray(ServerConnector[]::new)));
        server.setErrorHandler(new Problems());
        // The gate waits for those who are inside; idle connections need no waiting.
        server.setStopTimeout(0);
        server.setHandler(new IngestHandler(parts(inlet, gate, connections)));
        running = new Running(server, connectors, gate, connections);
        try {
            server.start();
        } catch (Exception e) {
            close();
            throw refused(e);
        }
        connectors.forEach(connector -> connector.addEventListener(new LifeCycle.Listener() {
            @Override
            public void lifeCycleStopped(LifeCycle event) {
                ended(server, inlet, new IOException("it does not listen any more"));
            }

            @Override
            public void lifeCycleFailure(LifeCycle event, Throwable cause) {
                ended(server, inlet, cause);
            }
        }));
    }

    /// A listener has ended: that is as it should be if the source is closed.
    private void ended(Server server, Inlet inlet, Throwable cause) {
        // Not synchronized: the thread that tells may be one that closing waits for.
        Running now = running;
        if (now != null && now.server.equals(server)) {
            inlet.failed(cause);
        }
    }

    private IngestHandler.Parts parts(Inlet inlet, Gate gate, SlowConnections connections) {
        IngestOptions.Limits limits = options.limits();
        Budget budget = new Budget(limits.inFlight());
        around.meters()
                .gauge("weir_http_in_flight_bytes", "Bytes that requests hold", budget::used, "source", around.name());
        return new IngestHandler.Parts(
                inlet,
                gate,
                new Callers(
                        around.access(),
                        options.secure().map(IngestOptions.Secure::tls).orElse(null)),
                new ClientRates(limits.rate(), System::nanoTime),
                new BodyReader(limits.body(), limits.idle(), budget),
                new IdempotencyKeys(limits.keys(), limits.keep(), System::nanoTime),
                limits.keys() > 0,
                new HandOver(inlet, limits.patience(), limits.timeout()),
                connections,
                new Complaints(LOG, around.name(), System::nanoTime),
                new AnswerCounts(around.meters(), around.name()),
                options.origins());
    }

    private List<ServerConnector> connectors(Server server, Consumer<Throwable> failed) {
        List<ServerConnector> connectors = new ArrayList<>();
        options.plain()
                .ifPresent(listen -> connectors.add(
                        connector(server, failed, listen, new HttpConnectionFactory(configuration(false)))));
        options.secure().ifPresent(secure -> {
            secure.tls().meter(around.meters(), around.name());
            connectors.add(connector(
                    server,
                    failed,
                    secure.listen(),
                    new SslConnectionFactory(tls(secure.tls()), "http/1.1"),
                    new HttpConnectionFactory(configuration(true))));
        });
        connectors.forEach(server::addConnector);
        return connectors;
    }

    private ServerConnector connector(
            Server server, Consumer<Throwable> failed, HostPort listen, ConnectionFactory... factories) {
        ServerConnector connector = new Listener(server, failed, factories);
        connector.setHost(listen.host());
        connector.setPort(listen.port());
        connector.setIdleTimeout(options.limits().idle().toMillis());
        connector.setAcceptQueueSize(64);
        return connector;
    }

    private static HttpConfiguration configuration(boolean secure) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(HEADER);
        http.setOutputBufferSize(OUTPUT);
        if (secure) {
            // Devices know the node by its number as often as by a name.
            http.addCustomizer(new SecureRequestCustomizer(false));
        }
        return http;
    }

    private static SslContextFactory.Server tls(ServerTls tls) {
        SslContextFactory.Server factory = new SslContextFactory.Server();
        factory.setSslContext(tls.context());
        factory.setIncludeProtocols(tls.parameters().getProtocols());
        switch (tls.clients()) {
            case NONE -> {}
            case OPTIONAL -> factory.setWantClientAuth(true);
            case REQUIRED -> factory.setNeedClientAuth(true);
        }
        return factory;
    }

    private IOException refused(Exception e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String where = options.plain().map(HostPort::toString).orElse("")
                + options.secure().map(secure -> " and " + secure.listen()).orElse("");
        return new IOException(
                "http cannot listen on " + where + " (" + Objects.toString(cause.getMessage(), cause.toString())
                        + "): stop what uses the port, or give another with 'listen:'",
                e);
    }

    /// The port of the listener without TLS, or of the only one, for tests that let the system
    /// choose.
    synchronized int port() {
        return ports().getFirst();
    }

    /// The ports of all listeners, the one without TLS first.
    synchronized List<Integer> ports() {
        if (running == null) {
            throw new IllegalStateException("the source is not open");
        }
        return running.connectors.stream().map(ServerConnector::getLocalPort).toList();
    }

    @Override
    public synchronized void close() {
        if (running == null) {
            return;
        }
        Running ending = running;
        running = null;
        // First the doors, so that what was taken still gets its answer.
        ending.connectors.forEach(ServerConnector::close);
        ending.gate.shut(GRACE);
        ending.connections.close();
        try {
            ending.server.stop();
        } catch (Exception e) {
            // What could not be stopped in order is gone with its socket.
            ending.server.destroy();
        }
    }

    /// What Jetty itself refuses: requests that are no HTTP, headers that are too large.
    private static final class Problems extends ErrorHandler {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            int status = response.getStatus() < 400 ? 500 : response.getStatus();
            String detail = status == 431
                    ? "the head of a request must have at most " + HEADER + " bytes"
                    : Objects.toString(request.getAttribute(ErrorHandler.ERROR_MESSAGE), "it is no HTTP");
            Reply reply = new Readings().refused(new Refusal(status, "malformed", detail));
            response.setStatus(status);
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, reply.type());
            response.write(true, ByteBuffer.wrap(reply.body()), callback);
            return true;
        }
    }
}
