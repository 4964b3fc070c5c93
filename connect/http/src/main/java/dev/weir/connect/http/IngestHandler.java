package dev.weir.connect.http;

import dev.weir.engine.Inlet;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.UrlEncoded;
import org.jspecify.annotations.Nullable;

/// Answers requests: who asks, what for, with which body, and what became of it. Blocks; runs on a
/// virtual thread for each request.
final class IngestHandler extends Handler.Abstract {
    /// Counts how many nodes have passed a message on, as the nodes say.
    private static final String HOPS = "Weir-Hops";

    /// Of W3C Trace Context.
    private static final String TRACE = "traceparent";

    private static final int TRACE_LENGTH = 64;

    private static final int MAX_HOPS = 255;
    private static final int FORM = 4096;
    private static final Dialect READINGS = new Readings();
    private static final String PING = "/ping";
    private static final String HEALTH = "/health";
    private static final String QUERY = "/query";
    private static final Map<String, Dialect> DIALECTS =
            Map.of("/write", Influx.ONE, QUERY, Influx.ONE, "/api/v2/write", Influx.TWO);

    private final Parts parts;

    /// What the handler works with.
    record Parts(
            Inlet inlet,
            Gate gate,
            Callers callers,
            ClientRates rates,
            BodyReader bodies,
            IdempotencyKeys keys,
            boolean hasKeys,
            HandOver handOver,
            SlowConnections connections,
            Complaints complaints,
            AnswerCounts answers,
            List<String> origins) {}

    IngestHandler(Parts parts) {
        this.parts = parts;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        boolean inside = parts.gate.enter();
        parts.connections.begin(request);
        try {
            Reply reply = inside ? reply(request) : READINGS.refused(Refusal.overloaded("the node stops"));
            write(reply, request, response, callback);
        } catch (IOException e) {
            // The client went away in the middle of its body.
            callback.failed(e);
        } finally {
            parts.connections.end(request);
            if (inside) {
                parts.gate.leave();
            }
        }
        return true;
    }

    private Reply reply(Request request) throws IOException {
        String path = path(request);
        Dialect dialect = DIALECTS.getOrDefault(path, READINGS);
        try {
            checkOrigin(request);
            String method = request.getMethod();
            if (method.equals("OPTIONS")) {
                return options(path);
            }
            if (!allowed(path).contains(method)) {
                String methods = String.join(", ", allowed(path));
                throw new Refusal(405, "method", "only " + methods + " is possible here", Map.of("Allow", methods));
            }
            return switch (path) {
                case PING -> Influx.withVersion(Reply.DONE);
                case HEALTH -> Influx.health();
                case QUERY -> queried(request);
                default -> posted(request, dialect);
            };
        } catch (Refusal e) {
            parts.complaints.note(e, Callers.address(request).getHostAddress());
            if (request.getMethod().equals("POST") && !path.equals(QUERY)) {
                parts.inlet.rejected(e.reason);
            }
            return dialect.refused(e);
        } catch (InterruptedException closing) {
            // The thread ends with this answer.
            return dialect.refused(Refusal.overloaded("the node stops"));
        } catch (RuntimeException e) {
            parts.complaints.bug(e);
            return dialect.refused(new Refusal(500, "bug", "the node failed to answer; its log says why"));
        }
    }

    /// A page in a browser could send readings in its user's name without these.
    private void checkOrigin(Request request) throws Refusal {
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        if (origin != null && !parts.origins.contains("*") && !parts.origins.contains(origin)) {
            throw new Refusal(403, "origin", "web pages of this origin may not send: name it in 'origins:'");
        }
    }

    /// The path as it stands in the request; that of `http://host` is the root.
    private static String path(Request request) {
        String path = request.getHttpURI().getPath();
        return path == null || path.isEmpty() ? "/" : path;
    }

    /// The methods that make sense.
    private static List<String> allowed(String path) {
        return switch (path) {
            case PING, HEALTH -> List.of("GET", "HEAD");
            case QUERY -> List.of("GET", "HEAD", "POST");
            default -> List.of("POST");
        };
    }

    /// Clients of InfluxDB 1 create their database before they write.
    private Reply queried(Request request) throws Refusal, IOException, InterruptedException {
        Dialect.Query query = query(request);
        parts.rates.admit(Callers.address(request).getHostAddress());
        Caller _ = identify(request, query, Influx.ONE);
        String statement = query.parameters().getOrDefault("q", "");
        if (!statement.isEmpty() || !request.getMethod().equals("POST")) {
            return Influx.query(statement);
        }
        try (Body body = parts.bodies.read(request)) {
            if (body.length() > FORM) {
                throw Refusal.tooLarge("a form must have at most " + FORM + " bytes");
            }
            String form = new String(body.bytes(), 0, body.length(), StandardCharsets.UTF_8);
            return Influx.query(Objects.toString(UrlEncoded.decodeQuery(form).getValue("q"), ""));
        } catch (IllegalArgumentException e) {
            throw Refusal.malformed("the form cannot be read");
        }
    }

    private Reply options(String path) {
        Reply reply = Reply.DONE.with("Allow", String.join(", ", allowed(path)) + ", OPTIONS");
        return parts.origins.isEmpty()
                ? reply
                : reply.with("Access-Control-Allow-Methods", "POST")
                        .with(
                                "Access-Control-Allow-Headers",
                                "Authorization, Content-Type, Content-Encoding, Idempotency-Key")
                        .with("Access-Control-Max-Age", "600");
    }

    private Reply posted(Request request, Dialect dialect) throws Refusal, IOException, InterruptedException {
        Dialect.Query query = query(request);
        InetAddress from = Callers.address(request);
        // Guessing passwords is paced like sending.
        parts.rates.admit(from.getHostAddress());
        Caller caller = identify(request, query, dialect);
        parts.rates.admit(caller.key());
        Dialect.Wish wish = dialect.wish(query);
        if (!wish.address().isEmpty() && !caller.mayPublish(wish.address())) {
            throw new Refusal(403, "not-authorized", caller.identity().name() + " may not send to this address");
        }
        try (Body body = parts.bodies.read(request)) {
            String key = request.getHeaders().get("Idempotency-Key");
            return key == null || !parts.hasKeys
                    ? take(wish, body, caller, new Progress(), dialect)
                    : takeOnce(wish, body, caller, key, hash(request, query, body), dialect);
        }
    }

    private Caller identify(Request request, Dialect.Query query, Dialect dialect)
            throws Refusal, InterruptedException {
        boolean named = dialect.hasUserInQuery();
        try {
            return parts.callers.identify(
                    request,
                    named ? query.parameters().get("u") : null,
                    named ? query.parameters().get("p") : null);
        } catch (Refusal e) {
            parts.rates.charge(Callers.address(request).getHostAddress(), 1);
            throw e;
        }
    }

    private static Dialect.Query query(Request request) throws Refusal {
        String type = Objects.toString(request.getHeaders().get(HttpHeader.CONTENT_TYPE), "");
        int semicolon = type.indexOf(';');
        String media =
                (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
        Map<String, String> parameters = new HashMap<>();
        try {
            Request.extractQueryParameters(request)
                    .forEach(field -> parameters.putIfAbsent(field.getName(), Objects.toString(field.getValue(), "")));
        } catch (RuntimeException e) {
            throw Refusal.malformed("the query cannot be read");
        }
        String sender = Callers.address(request).getHostAddress() + ":" + Request.getRemotePort(request);
        return new Dialect.Query(path(request), media, parameters, sender, hops(request), trace(request));
    }

    /// What cannot be right is not refused: it is the sender's business, and means nothing to the
    /// readings.
    private static @Nullable String trace(Request request) {
        String trace = request.getHeaders().get(TRACE);
        return trace == null || trace.length() > TRACE_LENGTH ? null : trace;
    }

    private static int hops(Request request) throws Refusal {
        String hops = request.getHeaders().get(HOPS);
        if (hops == null) {
            return 0;
        }
        try {
            return Math.clamp(Integer.parseInt(hops), 0, MAX_HOPS);
        } catch (NumberFormatException e) {
            throw Refusal.malformed(HOPS + " must be a number");
        }
    }

    private Reply take(Dialect.Wish wish, Body body, Caller caller, Progress progress, Dialect dialect)
            throws Refusal, InterruptedException {
        Batch batch = wish.split(body);
        parts.rates.charge(caller.key(), batch.size() - progress.next());
        parts.handOver.run(batch, caller, progress);
        return dialect.answer(batch, progress);
    }

    private Reply takeOnce(Dialect.Wish wish, Body body, Caller caller, String key, byte[] hash, Dialect dialect)
            throws Refusal, InterruptedException {
        Progress progress;
        switch (parts.keys.claim(caller.key(), key, hash)) {
            case IdempotencyKeys.Claim.Again(Reply reply) -> {
                return reply.with("Idempotency-Replayed", "true");
            }
            case IdempotencyKeys.Claim.Yours(Progress yours) -> progress = yours;
        }
        Reply done = null;
        try {
            Reply reply = take(wish, body, caller, progress, dialect);
            // An address that no pipeline wants today may be wanted after the next reload.
            done = reply.status() == 503 || reply.status() == 404 ? null : reply;
            return reply;
        } finally {
            settle(caller, key, done);
        }
    }

    private void settle(Caller caller, String key, @Nullable Reply done) {
        if (done == null) {
            parts.keys.pause(caller.key(), key);
        } else {
            parts.keys.finish(caller.key(), key, done);
        }
    }

    private static byte[] hash(Request request, Dialect.Query query, Body body) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((request.getHttpURI().getPathQuery() + "\n" + query.type() + "\n")
                    .getBytes(StandardCharsets.UTF_8));
            digest.update(body.bytes(), 0, body.length());
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private void write(Reply reply, Request request, Response response, Callback callback) {
        parts.answers.count(reply.status());
        response.setStatus(reply.status());
        response.getHeaders().put("X-Content-Type-Options", "nosniff").put(HttpHeader.CACHE_CONTROL, "no-store");
        reply.headers().forEach((name, value) -> response.getHeaders().put(name, value));
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        if (origin != null && (parts.origins.contains("*") || parts.origins.contains(origin))) {
            response.getHeaders().put("Access-Control-Allow-Origin", origin).put("Vary", "Origin");
        }
        if (reply.status() != 204) {
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, reply.type());
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, reply.body().length);
        }
        boolean bare = reply.status() == 204 || request.getMethod().equals("HEAD");
        response.write(true, bare ? ByteBuffer.allocate(0) : ByteBuffer.wrap(reply.body()), callback);
    }
}
