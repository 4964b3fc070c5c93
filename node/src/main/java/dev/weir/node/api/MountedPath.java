package dev.weir.node.api;

import dev.weir.engine.Upgrades.Mount;
import dev.weir.engine.Upgrades.Service;
import dev.weir.engine.Upgrades.WebSocketTerms;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A path that a source serves by WebSocket, and the WebSockets that it has. Thread-safe.
final class MountedPath implements Mount {
    private static final Logger LOG = LoggerFactory.getLogger(MountedPath.class);
    private static final Duration ENDING = Duration.ofSeconds(5);

    private final String path;
    private final WebSocketTerms terms;
    private final Service service;
    private final Consumer<MountedPath> remove;
    private final Semaphore places;
    private final Set<SocketStreams> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    MountedPath(String path, WebSocketTerms terms, Service service, Consumer<MountedPath> remove) {
        this.path = path;
        this.terms = terms;
        this.service = service;
        this.remove = remove;
        this.places = new Semaphore(terms.connections());
    }

    String path() {
        return path;
    }

    List<String> origins() {
        return terms.origins();
    }

    Service service() {
        return service;
    }

    /// Lets a client in, or says why not.
    ///
    /// @param connections where a WebSocket's connection no longer counts
    Answer.Upgrade answer(Request request, ConnectionLimit connections) throws ApiException {
        if (!"websocket".equalsIgnoreCase(request.getHeaders().get(HttpHeader.UPGRADE))) {
            throw new ApiException(426, path + " is for WebSockets only", Map.of("Upgrade", "websocket"));
        }
        List<String> offered = request.getHeaders().getCSV(HttpHeader.SEC_WEBSOCKET_SUBPROTOCOL, false);
        String protocol =
                terms.protocols().stream().filter(offered::contains).findFirst().orElse(null);
        if (protocol == null && !terms.protocols().isEmpty()) {
            throw new ApiException(
                    400,
                    "the WebSocket must offer the subprotocol " + String.join(" or ", terms.protocols()) + ", but "
                            + (offered.isEmpty() ? "offers none" : "offers others"));
        }
        if (closed || !places.tryAcquire()) {
            throw new ApiException(
                    503,
                    "there are " + terms.connections() + " WebSockets at " + path + " already",
                    Map.of("Retry-After", "1"));
        }
        connections.upgraded();
        AtomicBoolean given = new AtomicBoolean(true);
        Runnable leave = () -> {
            if (given.getAndSet(false)) {
                connections.ended();
                places.release();
            }
        };
        Request.addCompletionListener(request, failure -> {
            if (failure != null) {
                leave.run();
            }
        });
        return new Answer.Upgrade(
                (upgrade, response, callback) -> {
                    // Compression would cost memory for each client that nobody has counted.
                    response.setExtensions(List.of());
                    if (protocol != null) {
                        response.setAcceptedSubProtocol(protocol);
                    }
                    return new SocketStreams(this, terms.frame(), leave);
                },
                leave);
    }

    /// A WebSocket is open. It must end itself if this says that nobody serves it any more.
    boolean opened(SocketStreams socket) {
        open.add(socket);
        return !closed;
    }

    void ended(SocketStreams socket) {
        open.remove(socket);
    }

    @Override
    public void close() {
        closed = true;
        remove.accept(this);
        open.forEach(SocketStreams::abandon);
        long end = System.nanoTime() + ENDING.toNanos();
        for (SocketStreams socket : open) {
            try {
                if (!socket.awaitEnd(Duration.ofNanos(Math.max(0, end - System.nanoTime())))) {
                    LOG.atWarn()
                            .addKeyValue("path", path)
                            .addKeyValue("client", socket.peerText())
                            .log("a WebSocket is still served after " + ENDING.toSeconds() + " s");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
