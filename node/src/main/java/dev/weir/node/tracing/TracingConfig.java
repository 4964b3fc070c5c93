package dev.weir.node.tracing;

import dev.weir.engine.config.Kind;
import dev.weir.engine.config.Option;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Shape;
import dev.weir.engine.flow.QueueBound;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the config says about tracing.
///
/// @param otlp where the collector takes traces; empty if they are kept in memory only
/// @param headers sent to the collector; their values are secrets
/// @param sample the share of readings that are followed, 0 to 1
/// @param limit how many traces begin in a second, at most
public record TracingConfig(Optional<URI> otlp, Map<String, String> headers, double sample, int limit) {
    private static final String TRACES = "/v1/traces";

    /// What a span takes at worst: eight texts as long as they may be, and what is around them.
    private static final int SPAN_BYTES = 3072;

    public TracingConfig {
        headers = Map.copyOf(headers);
    }

    /// The options under `tracing:`.
    public static Shape shape() {
        return Shape.of(
                "Single readings followed from source to sink, with OpenTelemetry. Off when left out.",
                Option.optional(
                        "otlp",
                        new Kind.Url(List.of("http", "https")),
                        "the collector that takes traces by OTLP over HTTP, such as `http://collector:4318`;"
                                + " `/v1/traces` is added where it is missing; in memory only when left out"),
                Option.optional(
                        "headers",
                        new Kind.MapOf(new Kind.Secret()),
                        "headers to send to the collector, such as Authorization; their values are never shown"),
                Option.defaulted(
                        "sample",
                        new Kind.Real(0, 1),
                        "0",
                        "the share of readings that are followed: `0.001` is one in 1,000"),
                Option.defaulted(
                        "limit",
                        new Kind.Whole(1, 10_000),
                        "100",
                        "how many traces begin in a second at most, whatever devices ask for"));
    }

    /// Reads a section that was checked against [#shape].
    ///
    /// @param problems gets what the shape could not check
    public static TracingConfig of(Section section, Problems problems) {
        Optional<URI> otlp = section.has("otlp") ? Optional.of(section.url("otlp")) : Optional.empty();
        otlp.filter(url -> url.getHost() == null || url.getRawQuery() != null || url.getRawUserInfo() != null)
                .ifPresent(_ -> problems.error(
                        section.at("otlp"),
                        "tracing.otlp: expected a URL with a host and without user and query, like"
                                + " http://collector:4318; what is secret goes into `headers:`"));
        return new TracingConfig(
                otlp.map(TracingConfig::traces),
                headers(section, problems),
                section.real("sample"),
                section.integer("limit"));
    }

    /// What spans take at worst.
    public List<QueueBound> worstCase() {
        QueueBound kept = new QueueBound("spans kept", KeptSpans.MOST, SPAN_BYTES);
        return otlp.isEmpty()
                ? List.of(kept)
                : List.of(
                        kept,
                        new QueueBound("spans for the collector", SpanQueue.CAPACITY + SpanQueue.BATCH, SPAN_BYTES));
    }

    private static URI traces(URI base) {
        String text = base.toString();
        String plain = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        return URI.create(plain.endsWith(TRACES) ? plain : plain + TRACES);
    }

    private static Map<String, String> headers(Section section, Problems problems) {
        Map<String, String> headers = new LinkedHashMap<>();
        section.map("headers").forEach((name, value) -> {
            try {
                HttpRequest.newBuilder().header(name, value.value());
                headers.put(name, value.value());
            } catch (IllegalArgumentException unusable) {
                // Its message shows the value.
                problems.error(
                        value.location(),
                        "tracing.headers: header '" + name + "' cannot be set: its name or its value has characters"
                                + " that a header must not have, or it is one that HTTP sets itself");
            }
        });
        return headers;
    }

    /// Does not show the headers' values.
    @Override
    public String toString() {
        return "tracing to " + otlp + " with headers " + headers.keySet() + ", sample " + sample + ", limit " + limit;
    }
}
