package dev.weir.connect.http;

import dev.weir.engine.config.Kind;
import dev.weir.engine.config.Option;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Shape;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a webhook is told by the config.
///
/// @param url where to; a template for an action, which the engine renders
/// @param headers sent along; their values are secrets
/// @param timeout for the whole exchange
/// @param batch how many readings go into one request; 1 sends objects, more a list
/// @param maxWait how long to heed `Retry-After` at most
/// @param idempotent whether the server takes a request that is sent twice once, by its key
record WebhookOptions(
        String url, Map<String, String> headers, Duration timeout, int batch, Duration maxWait, boolean idempotent) {
    private static final Option HEADERS = Option.optional(
            "headers",
            new Kind.MapOf(new Kind.Secret()),
            "Headers to send along, such as Authorization; their values are never shown");

    private static final Option TIMEOUT = Option.defaulted(
            "timeout",
            new Kind.Span(Duration.ofMillis(10), Duration.ofMinutes(10)),
            "10s",
            "How long connecting, sending and the answer may take together");

    static final Shape SINK = Shape.of(
            "Posts readings as JSON",
            Option.required("url", new Kind.Url(List.of("http", "https")), "Where to post"),
            HEADERS,
            TIMEOUT,
            Option.defaulted(
                    "batch",
                    new Kind.Whole(1, 1000),
                    "1",
                    "How many readings one request may have: 1 posts an object, more a list of objects"),
            Option.defaulted(
                    "max-wait",
                    new Kind.Span(Duration.ofMillis(1), Duration.ofHours(1)),
                    "1m",
                    "How long a server may ask for with Retry-After; longer is cut to this"),
            Option.defaulted(
                    "idempotent",
                    new Kind.Flag(),
                    "false",
                    "Whether the server takes a request that comes twice only once: each is sent with an"
                            + " `Idempotency-Key`, which stays the same when it is repeated. Needed for `hedge`"));

    static final Shape ACTION = Shape.of(
            "Posts a command",
            Option.required("url", new Kind.Template(), "Where to post: http or https, may contain {variables}"),
            HEADERS,
            TIMEOUT);

    WebhookOptions {
        headers = Map.copyOf(headers);
    }

    static WebhookOptions sink(Section options, Problems problems) {
        URI url = options.url("url");
        if (url.getHost() == null) {
            problems.error(options.at("url"), "expected a URL with a host, like https://host/path");
        }
        return new WebhookOptions(
                url.toString(),
                headers(options, problems),
                options.duration("timeout"),
                options.integer("batch"),
                options.duration("max-wait"),
                options.flag("idempotent"));
    }

    static WebhookOptions action(Section options, Problems problems) {
        String url = options.text("url");
        if (!url.startsWith("http://") && !url.startsWith("https://")) {
            problems.error(
                    options.at("url"), "expected a URL that begins with http:// or https://, but was '" + url + "'");
        }
        return new WebhookOptions(
                url, headers(options, problems), options.duration("timeout"), 1, Duration.ofMinutes(1), false);
    }

    private static Map<String, String> headers(Section options, Problems problems) {
        Map<String, String> headers = new LinkedHashMap<>();
        options.map("headers").forEach((name, value) -> {
            if (!isUsable(name, "x")) {
                problems.error(
                        value.location(),
                        "header '" + name + "' cannot be set: it is no header name, or one" + " that HTTP sets itself");
            } else if (!isUsable(name, value.value())) {
                problems.error(
                        value.location(),
                        "the value of header '" + name + "' has characters that a header" + " must not have");
            } else {
                headers.put(name, value.value());
            }
        });
        return headers;
    }

    /// Asks the client itself, whose message is not passed on since it shows the value.
    private static boolean isUsable(String name, String value) {
        try {
            HttpRequest.newBuilder().header(name, value);
            return true;
        } catch (IllegalArgumentException unusable) {
            return false;
        }
    }

    /// Does not show the headers' values.
    @Override
    public String toString() {
        return "webhook " + url + " with headers " + headers.keySet();
    }
}
