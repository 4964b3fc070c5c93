package dev.weir.node.api;

import dev.weir.node.tracing.Tracing;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonGenerator;

/// Readings that are followed from source to sink, for the administrator.
final class TraceHandlers {
    private static final Logger LOG = LoggerFactory.getLogger(TraceHandlers.class);
    private static final Duration USUAL = Duration.ofSeconds(60);
    private static final int LONGEST_NAME = 256;
    private static final int MOST = 200;
    private static final int SHOWN = 20;

    private final ApiModel model;

    TraceHandlers(ApiModel model) {
        this.model = model;
    }

    Answer follow(Call call) throws ApiException {
        call.caller().mustBeAdmin(model.admin());
        Map<String, String> fields = JsonBody.texts(call.body(), Set.of("device", "for"));
        String device = fields.getOrDefault("device", "");
        if (device.isEmpty() || device.length() > LONGEST_NAME) {
            throw new ApiException(
                    400, "'device' must have 1 to " + LONGEST_NAME + " characters, but has " + device.length());
        }
        Duration time = fields.containsKey("for") ? Call.duration("for", fields.get("for")) : USUAL;
        if (time.compareTo(Tracing.LONGEST) > 0) {
            throw new ApiException(400, "'for' must be at most 1h, but was '" + fields.get("for") + "'");
        }
        switch (model.tracing().follow(device, time)) {
            case FOLLOWED ->
                LOG.atInfo()
                        .addKeyValue("device", device)
                        .addKeyValue("seconds", time.toSeconds())
                        .log("device followed");
            case OFF ->
                throw new ApiException(
                        409,
                        "tracing is off: put 'tracing: {}' into the node's config, with 'otlp:' where there is a"
                                + " collector, and start the node again");
            case TOO_MANY ->
                throw new ApiException(
                        409, "as many devices are followed as may be: GET /debug/traces says for how long still");
        }
        return Answer.json(200, Json.object(this::followed));
    }

    Answer list(Call call) throws ApiException {
        call.caller().mustBeAdmin(model.admin());
        int limit = call.limit(SHOWN, MOST);
        String device = call.first("device").orElse("");
        // Not a constant: without tracing, no class of OpenTelemetry is loaded.
        AttributeKey<String> sender = AttributeKey.stringKey("weir.device");
        List<List<SpanData>> traces = model.tracing().traces().stream()
                .filter(trace -> device.isEmpty()
                        || trace.stream()
                                .anyMatch(span ->
                                        device.equals(span.getAttributes().get(sender))))
                .limit(limit)
                .toList();
        return Answer.json(200, Json.object(json -> {
            json.writeBooleanProperty("on", !(model.tracing() instanceof Tracing.Off));
            followed(json);
            Json.array(json, "traces", traces, trace -> trace(json, trace));
        }));
    }

    private void followed(JsonGenerator json) {
        Json.array(json, "followed", model.tracing().followed().entrySet(), entry -> {
            json.writeStringProperty("device", entry.getKey());
            json.writeNumberProperty("seconds", entry.getValue().toSeconds());
        });
    }

    private static void trace(JsonGenerator json, List<SpanData> trace) {
        json.writeStringProperty("trace", trace.getFirst().getTraceId());
        Json.array(json, "spans", trace.reversed(), span -> span(json, span));
    }

    private static void span(JsonGenerator json, SpanData span) {
        json.writeStringProperty("span", span.getSpanId());
        json.writeStringProperty("parent", span.getParentSpanContext().isValid() ? span.getParentSpanId() : null);
        json.writeStringProperty("name", span.getName());
        long began = span.getStartEpochNanos();
        Json.time(json, "began", Instant.ofEpochSecond(0, began));
        json.writeNumberProperty("micros", (span.getEndEpochNanos() - began) / 1_000);
        if (span.getStatus().getStatusCode() == StatusCode.ERROR) {
            json.writeStringProperty("failed", span.getStatus().getDescription());
        }
        Map<String, Object> known = new TreeMap<>();
        span.getAttributes().forEach((key, value) -> known.put(key.getKey(), value));
        json.writeObjectPropertyStart("attributes");
        known.forEach((key, value) -> Json.value(json, key, value));
        json.writeEndObject();
    }
}
