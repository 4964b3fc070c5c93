package dev.weir.node.api;

import dev.weir.engine.flow.Live;
import dev.weir.node.store.QueryException;
import dev.weir.node.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds the route of a request, and says what its handler answers. Blocks; runs on a virtual
/// thread for each request.
final class ApiHandler extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger(ApiHandler.class);
    private static final int BODY = 64 * 1024;
    private static final int SKIPPED = 1024 * 1024;
    private static final int RETRY_SECONDS = 1;

    private final List<Route> routes;
    private final Origins origins;
    private final Connections connections;
    private final LivePump pump;
    private final Mounts mounts;
    private final ConnectionLimit limit;

    private record Found(Route route, Map<String, String> variables) {}

    ApiHandler(
            List<Route> routes,
            Origins origins,
            Connections connections,
            LivePump pump,
            Mounts mounts,
            ConnectionLimit limit) {
        this.routes = routes;
        this.origins = origins;
        this.connections = connections;
        this.pump = pump;
        this.mounts = mounts;
        this.limit = limit;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        try {
            respond(request, response, callback);
        } catch (IOException e) {
            // The client went away while it was answered.
            callback.failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            callback.failed(e);
        } finally {
            connections.end(request);
        }
        return true;
    }

    private void respond(Request request, Response response, Callback callback)
            throws IOException, InterruptedException {
        secure(response);
        Answer answer;
        try {
            Optional<MountedPath> mounted = mounts.find(request.getHttpURI().getPath());
            answer = mounted.isPresent() ? socket(mounted.get(), request) : answer(request);
            if (answer instanceof Answer.Events events) {
                follow(events, request, response, callback);
                return;
            }
        } catch (ApiException e) {
            answer = Problem.of(e.status, Objects.toString(e.getMessage(), ""), e.headers);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            answer = failed(e, request);
        }
        switch (answer) {
            case Answer.Content content -> write(content, request, response, callback);
            case Answer.Upgrade upgrade -> upgrade(upgrade, request, response, callback);
            case Answer.Events _ -> throw new IllegalStateException("events are followed above");
        }
    }

    private Answer answer(Request request) throws Exception {
        guard(request);
        Found found = find(request);
        Call call = call(request, found);
        connections.begin(request);
        return found.route().handler().answer(call);
    }

    private Answer socket(MountedPath mounted, Request request) throws ApiException {
        String authority = request.getHeaders().get(HttpHeader.HOST);
        if (!origins.mayOpen(request.getHeaders().get(HttpHeader.ORIGIN), authority, mounted.origins())) {
            throw new ApiException(403, "pages of another origin may not connect here");
        }
        return mounted.answer(request, limit);
    }

    private static Answer.Content failed(Exception e, Request request) {
        return switch (e) {
            case QueryException query ->
                Problem.of(
                        query.kind() == QueryException.Kind.UNKNOWN ? 404 : 400,
                        Objects.toString(query.getMessage(), ""),
                        Map.of());
            case StoreException store ->
                Problem.of(
                        503,
                        Objects.toString(store.getMessage(), ""),
                        Map.of("Retry-After", String.valueOf(RETRY_SECONDS)));
            default -> {
                LOG.atError()
                        .addKeyValue("path", request.getHttpURI().getPath())
                        .setCause(e)
                        .log("a request could not be answered");
                yield Problem.of(500, "the node failed to answer; its log says why", Map.of());
            }
        };
    }

    private static void secure(Response response) {
        response.getHeaders()
                .put("X-Content-Type-Options", "nosniff")
                .put("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
                .put("Referrer-Policy", "no-referrer")
                .put("Cross-Origin-Resource-Policy", "same-origin")
                .put("Cross-Origin-Opener-Policy", "same-origin")
                .put(HttpHeader.CACHE_CONTROL, "no-store");
    }

    private void guard(Request request) throws ApiException {
        String authority = request.getHeaders().get(HttpHeader.HOST);
        if (authority == null && request.getHttpURI().getAuthority() != null) {
            authority = request.getHttpURI().getAuthority();
        }
        if (!origins.isOurs(authority)) {
            throw new ApiException(
                    421, "this node is not '" + authority + "': ask for localhost, or for the host of 'api: listen:'");
        }
        if (!origins.isSame(request.getHeaders().get(HttpHeader.ORIGIN), Objects.requireNonNull(authority))) {
            throw new ApiException(403, "pages of another origin may not ask this node");
        }
    }

    private Found find(Request request) throws ApiException {
        List<String> segments = new ArrayList<>();
        for (String segment : request.getHttpURI().getPath().split("/", -1)) {
            segments.add(decode(segment));
        }
        String method = request.getMethod().equals("HEAD") ? "GET" : request.getMethod();
        TreeSet<String> allowed = new TreeSet<>();
        for (Route route : routes) {
            Optional<Map<String, String>> variables = route.match(segments);
            if (variables.isPresent() && route.method().equals(method)) {
                return new Found(route, variables.get());
            }
            variables.ifPresent(_ -> allowed.add(route.method()));
        }
        if (allowed.isEmpty()) {
            throw new ApiException(
                    404,
                    "there is no '" + request.getHttpURI().getPath() + "': /api/v1/openapi.json lists what there is");
        }
        if (allowed.contains("GET")) {
            allowed.add("HEAD");
        }
        String allow = String.join(", ", allowed);
        throw new ApiException(
                405, request.getMethod() + " is not possible here, only " + allow, Map.of("Allow", allow));
    }

    private static String decode(String segment) throws ApiException {
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new ApiException(400, "the path has a broken escape in '" + segment + "'");
        }
    }

    private static Call call(Request request, Found found) throws ApiException, IOException {
        Map<String, List<String>> query = new HashMap<>();
        try {
            Request.extractQueryParameters(request)
                    .forEach(field -> query.put(field.getName(), List.copyOf(field.getValues())));
        } catch (RuntimeException e) {
            throw new ApiException(400, "the query cannot be read: " + e.getMessage());
        }
        for (String name : query.keySet()) {
            if (found.route().parameters().stream()
                    .noneMatch(known -> known.name().equals(name))) {
                throw new ApiException(400, "there is no parameter '" + name + "' here");
            }
        }
        String body = found.route().method().equals("POST") ? body(request) : "";
        return new Call(found.variables(), query, body);
    }

    private static String body(Request request) throws ApiException, IOException {
        String type = Objects.toString(request.getHeaders().get(HttpHeader.CONTENT_TYPE), "");
        if (!type.split(";", 2)[0].strip().equalsIgnoreCase(Answer.JSON)) {
            throw new ApiException(415, "the content type must be application/json, but was '" + type + "'");
        }
        try (InputStream in = Content.Source.asInputStream(request)) {
            byte[] bytes = in.readNBytes(BODY + 1);
            if (bytes.length > BODY) {
                // One who is still sending when the connection closes does not see the answer.
                in.skip(SKIPPED);
                throw tooLarge();
            }
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private static ApiException tooLarge() {
        return new ApiException(413, "the body must be at most " + BODY + " bytes", Map.of("Connection", "close"));
    }

    private static void write(Answer.Content content, Request request, Response response, Callback callback) {
        response.setStatus(content.status());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, content.type());
        content.headers().forEach((name, value) -> response.getHeaders().put(new HttpField(name, value)));
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, content.body().length);
        boolean head = request.getMethod().equals("HEAD");
        response.write(true, head ? ByteBuffer.allocate(0) : ByteBuffer.wrap(content.body()), callback);
    }

    private void follow(Answer.Events events, Request request, Response response, Callback callback)
            throws ApiException, IOException, InterruptedException {
        if (events.socket()) {
            if (!"websocket".equalsIgnoreCase(request.getHeaders().get(HttpHeader.UPGRADE))) {
                throw new ApiException(
                        426,
                        "this is a WebSocket; /api/v1/live/sse is the same over HTTP",
                        Map.of("Upgrade", "websocket"));
            }
            Live.Subscriber subscriber = pump.subscribe(events.filter());
            Answer.Upgrade live =
                    new Answer.Upgrade((_, _, _) -> new LiveSocket(pump, subscriber), () -> pump.end(subscriber));
            upgrade(live, request, response, callback);
            return;
        }
        response.setStatus(200);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream");
        if (request.getMethod().equals("HEAD")) {
            callback.succeeded();
            return;
        }
        Live.Subscriber subscriber = pump.subscribe(events.filter());
        LivePump.Out out = new LivePump.Out() {
            @Override
            public void event(String kind, String json) throws IOException {
                send("event: " + kind + "\ndata: " + json + "\n\n");
            }

            @Override
            public void silence() throws IOException {
                send("retry: 2000\n\n");
            }

            private void send(String text) throws IOException {
                Content.Sink.write(response, false, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            }
        };
        try {
            // Lets the client know at once that it is heard, and how soon to come back.
            out.silence();
            pump.run(subscriber, out);
            callback.succeeded();
        } catch (IOException e) {
            // The client went away, as those who follow do: not a failure of ours.
            callback.failed(e);
        } finally {
            pump.end(subscriber);
        }
    }

    private static void upgrade(Answer.Upgrade upgrade, Request request, Response response, Callback callback) {
        var container = Objects.requireNonNull(ServerWebSocketContainer.get(request.getContext()));
        if (!container.upgrade(upgrade.creator(), request, response, callback)) {
            upgrade.failed().run();
            write(
                    Problem.of(426, "the request to upgrade is incomplete", Map.of("Upgrade", "websocket")),
                    request,
                    response,
                    callback);
        }
    }
}
