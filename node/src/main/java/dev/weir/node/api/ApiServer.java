package dev.weir.node.api;

import dev.weir.engine.Meters;
import java.io.IOException;
import java.net.BindException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;

/// The HTTP interface of a node. Owns its socket and threads: Jetty's, as many as there are
/// requests to answer, and one for each connection at most.
public final class ApiServer implements AutoCloseable {
    private static final int HEADER = 16 * 1024;
    private static final long STOP_MILLIS = 2_000;
    /// Threads beside one for each connection: for accepting and selecting.
    private static final int SPARE = 8;
    private static final int IDLE_MILLIS = 60_000;

    private final Server server;
    private final Listener connector;
    private final LivePump pump;
    private final Connections connections;

    private ApiServer(Server server, Listener connector, LivePump pump, Connections connections) {
        this.server = server;
        this.connector = connector;
        this.pump = pump;
        this.connections = connections;
    }

    /// Listens. From when it returns requests are answered.
    ///
    /// @param mounts the paths that sources serve by WebSocket
    /// @param failed told when nobody accepts connections any more, from any thread
    /// @throws IOException if it cannot; the message says what to do
    public static ApiServer start(
            ApiSettings settings, ApiModel model, Mounts mounts, Meters meters, Consumer<Throwable> failed)
            throws IOException {
        // Not virtual: behind connections that keep all carriers busy, such as devices that publish as
        // fast as they can, those wait their turn, and /health/live has to answer throughout.
        // The queue is not Jetty's own because that one starts all of JMX, for 3 MiB. It has no bound
        // of its own, which Jetty asks for: a connection makes one or two jobs at a time.
        QueuedThreadPool threads =
                new QueuedThreadPool(settings.connections() + SPARE, SPARE, IDLE_MILLIS, new LinkedBlockingQueue<>());
        threads.setName("weir-api");
        Server server = new Server(threads);
        Listener connector = new Listener(server, new HttpConnectionFactory(http()), failed);
        connector.setHost(settings.listen().host());
        connector.setPort(settings.listen().port());
        connector.setIdleTimeout(settings.patience().toMillis());
        connector.setAcceptQueueSize(64);
        server.addConnector(connector);
        ConnectionLimit limit = new ConnectionLimit(settings.connections(), connector);
        connector.getSelectorManager().addEventListener(limit);
        server.setErrorHandler(new Problems());
        server.setStopTimeout(STOP_MILLIS);

        LivePump pump = new LivePump(
                model.live(),
                settings.followers(),
                meters.counter("weir_api_live_lost", "Live events that clients were too slow for"));
        meters.gauge(
                "weir_api_connections",
                "Clients connected to the API",
                () -> connector.getConnectedEndPoints().size());
        Connections connections = new Connections(settings.patience());
        connector.addBean(connections);
        ServerWebSocketContainer sockets = ServerWebSocketContainer.ensure(server);
        sockets.setIdleTimeout(Duration.ofMinutes(1));
        sockets.setMaxTextMessageSize(1_024);
        sockets.setMaxBinaryMessageSize(1_024);
        Origins origins = new Origins(settings.listen().host());
        server.setHandler(new ApiHandler(Routes.of(model), origins, connections, pump, mounts, limit));
        ApiServer api = new ApiServer(server, connector, pump, connections);
        try {
            server.start();
            return api;
        } catch (Exception e) {
            api.close();
            throw refused(settings, e);
        }
    }

    private static HttpConfiguration http() {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(HEADER);
        http.setOutputBufferSize(32 * 1024);
        return http;
    }

    private static IOException refused(ApiSettings settings, Exception e) {
        Throwable cause = e;
        while (!(cause instanceof BindException) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        String why = Objects.toString(cause.getMessage(), cause.toString());
        return new IOException(
                "the API cannot listen on " + settings.listen() + " (" + why
                        + "): stop what uses the port, or choose another one with 'api: { listen: … }'",
                e);
    }

    /// The port that it listens on.
    public int port() {
        return connector.getLocalPort();
    }

    /// Ends what is being answered, and the live connections. Waits for some seconds at most.
    @Override
    public void close() {
        pump.close();
        connections.close();
        try {
            server.stop();
        } catch (Exception e) {
            // What could not be stopped in order is gone with its socket.
            server.destroy();
        }
    }

    /// What Jetty itself refuses: requests that are no HTTP, headers that are too large.
    private static final class Problems extends ErrorHandler {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            int status = response.getStatus() < 400 ? 500 : response.getStatus();
            Object message = request.getAttribute(ErrorHandler.ERROR_MESSAGE);
            Answer.Content problem = Problem.of(status, Objects.toString(message, "the request is refused"), Map.of());
            response.setStatus(status);
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.TYPE);
            response.write(true, ByteBuffer.wrap(problem.body()), callback);
            return true;
        }
    }
}
