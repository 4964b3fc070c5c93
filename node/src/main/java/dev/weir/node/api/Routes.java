package dev.weir.node.api;

import dev.weir.node.api.Route.Handler;
import dev.weir.node.api.Route.Parameter;
import dev.weir.runtime.Rate;
import dev.weir.runtime.RateLimiter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// All operations of the interface.
final class Routes {
    private static final String GOOD = "As asked";
    private static final String NOT_FOUND = "There is no such thing";
    private static final String BAD = "The request is wrong; the problem says how";
    private static final String UNAVAILABLE = "The store is busy, or its disk does not work; ask again later";
    private static final String OFTEN = "Asked too often; Retry-After says when to come again";
    private static final Map<Integer, String> ADMIN = Map.of(
            401,
            "The token in the node's file admin.token is needed: Authorization: Bearer …",
            403,
            "This can be asked from the node's own machine only");
    private static final Parameter LIMIT =
            new Parameter("limit", "integer", false, false, "How many at most; 100 when left out, 1000 at most");
    private static final Parameter DEVICES = new Parameter("device", "string", false, true, "Only these devices");
    private static final List<Parameter> FILTER = List.of(
            new Parameter("kind", "string", false, true, "Only these: reading, alarm, command"),
            new Parameter("stream", "string", false, true, "Only these streams"),
            DEVICES);

    private final List<Route> routes = new ArrayList<>();

    private Routes() {}

    static List<Route> of(ApiModel model) {
        Routes routes = new Routes();
        StatusHandlers status = new StatusHandlers(model);
        DataHandlers data = new DataHandlers(model);
        routes.status(status);
        routes.data(data);
        routes.actions(data);
        routes.credentials(new CredentialHandlers(model));
        RateLimiter looks = RateLimiter.tokenBucket(Rate.perSecond(1), 5);
        routes.debug(new DebugHandlers(model, looks));
        routes.inside(new InsideHandlers(model, looks));
        routes.traces(new TraceHandlers(model));
        routes.live();
        routes.get("/", "The page for people", "text/html;charset=utf-8", List.of(), Map.of(), Page::answer);
        routes.get(
                "/api/v1/openapi.json",
                "This document",
                List.of(),
                Map.of(),
                _ -> Answer.json(200, OpenApi.document(model.version(), List.copyOf(routes.routes))));
        return List.copyOf(routes.routes);
    }

    private void status(StatusHandlers status) {
        get("/health/live", "Whether the process answers", List.of(), Map.of(), status::live);
        get(
                "/health/ready",
                "Whether all sources listen and the store is open",
                List.of(),
                Map.of(503, "Not ready; the answer says why"),
                status::ready);
        get(
                "/metrics",
                "What is counted, for Prometheus",
                "text/plain;version=0.0.4;charset=utf-8",
                List.of(),
                Map.of(),
                status::metrics);
        get("/api/v1/node", "What this node is", List.of(), Map.of(), status::node);
        get("/api/v1/pipelines", "Queues, workers and counts by outcome", List.of(), Map.of(), status::pipelines);
        get("/api/v1/ledger", "The balance of what came in", List.of(), Map.of(), status::ledger);
    }

    private void data(DataHandlers data) {
        get(
                "/api/v1/latest",
                "The last reading of each device",
                List.of(new Parameter("stream", "string", false, false, "Only this stream"), DEVICES),
                Map.of(404, NOT_FOUND),
                data::latest);
        get(
                "/api/v1/query",
                "Stored values of a field: as they are, or summed up by step",
                List.of(
                        new Parameter("stream", "string", true, false, "The stream"),
                        new Parameter("field", "string", true, false, "The field"),
                        DEVICES,
                        new Parameter("from", "string", false, false, "ISO-8601 or epoch ms; a day before 'to'"),
                        new Parameter("to", "string", false, false, "ISO-8601 or epoch ms, exclusive; now"),
                        new Parameter("step", "string", false, false, "Sum up by this: 10s, 5m, 1h"),
                        new Parameter("agg", "string", false, true, "Of mean, min, max, last, count; all of them")),
                Map.of(400, BAD, 404, NOT_FOUND, 503, UNAVAILABLE),
                data::query);
        get(
                "/api/v1/alarms",
                "Alarms, the newest first",
                List.of(new Parameter("state", "string", false, false, "active or all; all when left out"), LIMIT),
                Map.of(400, BAD, 503, UNAVAILABLE),
                data::alarms);
        get(
                "/api/v1/dead-letters",
                "What could not be used, the newest first",
                List.of(LIMIT),
                Map.of(400, BAD, 503, UNAVAILABLE),
                data::deadLetters);
        get("/api/v1/commands", "The last commands", List.of(LIMIT), Map.of(400, BAD), data::commands);
    }

    private void actions(DataHandlers data) {
        post(
                "/api/v1/alarms/{id}/acknowledge",
                "Says that somebody has seen an alarm",
                Map.of("by", "Who has seen it"),
                data::acknowledge);
        post(
                "/api/v1/pipelines/{name}/close-windows",
                "Closes the open windows of a pipeline and waits for their results",
                Map.of(),
                data::closeWindows);
    }

    private void credentials(CredentialHandlers credentials) {
        get(
                "/api/v1/credentials",
                "The credentials of single devices, without their secrets, and the revoked names",
                List.of(),
                ADMIN,
                credentials::list);
        admin(
                "/api/v1/credentials",
                "Makes a credential; its secret is in the answer and is never shown again",
                Map.of(
                        "name",
                        "The device's name",
                        "kind?",
                        "password (also a bearer token NAME.SECRET) or psk; password when left out",
                        "note?",
                        "What people want to know about it"),
                credentials::create);
        admin(
                "/api/v1/credentials/revoke",
                "Takes a credential away, or refuses the certificates of that name; who uses it is put out",
                Map.of("name", "The device's name, or the one in the certificates"),
                credentials::revoke);
    }

    private void debug(DebugHandlers debug) {
        Map<Integer, String> recording = new TreeMap<>(ADMIN);
        recording.put(400, BAD);
        recording.put(429, "Somebody records already; Retry-After says for how long");
        Parameter seconds =
                new Parameter("seconds", "integer", false, false, "How long; 10 when left out, 120 at most");
        get(
                "/debug/profile",
                "What the node is busy with: records for some seconds, then answers",
                "text/html;charset=utf-8",
                List.of(
                        seconds,
                        new Parameter("kind", "string", false, false, "cpu, alloc, lock or block; cpu when left out"),
                        new Parameter(
                                "format",
                                "string",
                                false,
                                false,
                                "flame (a page), pprof or collapsed; flame when left out")),
                recording,
                debug::profile);
        get(
                "/debug/trace",
                "A recording of the JDK's Flight Recorder with all its events and ours",
                "application/octet-stream",
                List.of(seconds),
                recording,
                debug::trace);
        Map<Integer, String> looking = new TreeMap<>(ADMIN);
        looking.put(429, OFTEN);
        get(
                "/debug/heap",
                "Memory pools, collections, and the classes with the most bytes; collects first",
                "text/plain;charset=utf-8",
                List.of(),
                looking,
                debug::heap);
        get("/debug/log", "The log levels", List.of(), ADMIN, debug::levels);
        admin(
                "/debug/log",
                "Sets a log level until the node stops",
                Map.of("logger?", "Its name; root when left out", "level", "error, warn, info, debug or trace"),
                debug::level);
    }

    private void traces(TraceHandlers traces) {
        get(
                "/debug/traces",
                "The readings followed of late, span by span, and the devices that are followed now",
                List.of(
                        new Parameter("device", "string", false, false, "Only the traces of this device"),
                        new Parameter(
                                "limit", "integer", false, false, "How many at most; 20 when left out, 200 at most")),
                ADMIN,
                traces::list);
        admin(
                "/debug/traces",
                "Follows all readings of a device for a while",
                Map.of("device", "The device", "for?", "How long: 60s, 5m; 60s when left out, 1h at most"),
                traces::follow);
    }

    private void inside(InsideHandlers inside) {
        Map<Integer, String> looking = new TreeMap<>(ADMIN);
        looking.put(400, BAD);
        looking.put(429, OFTEN);
        Parameter format =
                new Parameter("format", "string", false, false, "text or json (threads only); text when left out");
        get(
                "/debug/threads",
                "What virtual threads do and wait for",
                "text/plain;charset=utf-8",
                List.of(
                        new Parameter(
                                "show",
                                "string",
                                false,
                                false,
                                "threads (with their stacks), waits (who waits for whom, with deadlocks) or leaks (who"
                                        + " waits for ever; collects garbage first); threads when left out"),
                        format,
                        new Parameter(
                                "frames", "integer", false, false, "Of each stack; 32 when left out, 200 at most"),
                        new Parameter("limit", "integer", false, false, "Threads; 1000 when left out, 100000 at most")),
                looking,
                inside::threads);
        get(
                "/debug/sched",
                "What the scheduler of the virtual threads does and has done",
                "text/plain;charset=utf-8",
                List.of(new Parameter("format", "string", false, false, "text or json; text when left out")),
                looking,
                inside::scheduler);
    }

    private void live() {
        get(
                "/api/v1/live",
                "Live events by WebSocket, one JSON object each",
                "application/json",
                FILTER,
                Map.of(400, BAD, 426, "This is a WebSocket", 503, "Too many follow already"),
                call -> new Answer.Events(LiveFilter.of(call), true));
        get(
                "/api/v1/live/sse",
                "Live events as server-sent events",
                "text/event-stream",
                FILTER,
                Map.of(400, BAD, 503, "Too many follow already"),
                call -> new Answer.Events(LiveFilter.of(call), false));
    }

    private void get(
            String path, String summary, List<Parameter> parameters, Map<Integer, String> answers, Handler handler) {
        get(path, summary, Answer.JSON, parameters, answers, handler);
    }

    private void get(
            String path,
            String summary,
            String type,
            List<Parameter> parameters,
            Map<Integer, String> answers,
            Handler handler) {
        Map<Integer, String> all = new TreeMap<>(answers);
        all.putIfAbsent(200, GOOD);
        routes.add(new Route("GET", path, summary, parameters, Map.of(), all, type, handler));
    }

    private void post(String path, String summary, Map<String, String> body, Handler handler) {
        post(path, summary, body, Map.of(404, NOT_FOUND, 503, UNAVAILABLE), handler);
    }

    private void admin(String path, String summary, Map<String, String> body, Handler handler) {
        Map<Integer, String> more = new TreeMap<>(ADMIN);
        more.put(409, "What is there already is in the way; the problem says what");
        post(path, summary, body, more, handler);
    }

    private void post(
            String path, String summary, Map<String, String> body, Map<Integer, String> more, Handler handler) {
        Map<Integer, String> answers = new TreeMap<>(more);
        answers.putAll(Map.of(
                200, GOOD, 400, BAD, 413, "The body is larger than 64 KiB", 415, "The body is not declared as JSON"));
        routes.add(new Route("POST", path, summary, List.of(), body, answers, Answer.JSON, handler));
    }
}
