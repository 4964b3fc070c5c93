package dev.weir.connect.http;

import dev.weir.engine.config.HostPort;
import dev.weir.engine.config.Kind;
import dev.weir.engine.config.Option;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Shape;
import dev.weir.engine.tls.ServerTls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What an HTTP source is told by the config.
///
/// @param plain where to listen without TLS, if anywhere
/// @param secure where to listen with TLS, if anywhere
/// @param limits what clients may do
/// @param origins the web pages that may send
record IngestOptions(Optional<HostPort> plain, Optional<Secure> secure, Limits limits, List<String> origins) {
    /// A listener with TLS.
    record Secure(HostPort listen, ServerTls tls) {}

    /// What clients may do.
    ///
    /// @param body the largest body in bytes, unpacked
    /// @param inFlight how many bytes all requests together may hold
    /// @param connections how many there may be
    /// @param patience how long a message waits for room in the pipelines
    /// @param timeout how long to wait until all messages are acknowledged
    /// @param idle how long a connection may take for the head of a request
    /// @param rate messages a second of each client; 0 for as many as they like
    /// @param keys how many idempotency keys are remembered
    /// @param keep for how long
    record Limits(
            int body,
            long inFlight,
            int connections,
            Duration patience,
            Duration timeout,
            Duration idle,
            int rate,
            int keys,
            Duration keep) {}

    IngestOptions {
        origins = List.copyOf(origins);
    }

    static Shape shape() {
        List<Option> options = new ArrayList<>();
        options.add(Option.defaulted(
                "listen",
                new Kind.Either(Kind.choice("none"), new Kind.Address()),
                "127.0.0.1:8086",
                "Where to listen without TLS; `none` where clients come in by TLS only. The default is the port"
                        + " that InfluxDB's clients look for"));
        options.add(Option.optional("tls", new Kind.Group(tls()), "Listens with TLS too"));
        options.add(Option.defaulted(
                "max-body", new Kind.Size(1, 64 << 20), "1MiB", "The largest body, packed and unpacked"));
        options.add(Option.defaulted(
                "max-in-flight",
                new Kind.Size(64 << 10, 1L << 30),
                "8MiB",
                "How many bytes all requests together may hold; further ones are answered 503"));
        options.add(Option.defaulted(
                "max-connections",
                new Kind.Whole(1, 20_000),
                "128",
                "How many connections there may be, and so how many requests under way"));
        options.add(Option.optional(
                "max-rate",
                new Kind.Whole(1, 10_000_000),
                "How many readings a second each user may send, or each address without one; beyond it 429"));
        options.addAll(times());
        options.add(Option.defaulted(
                "max-keys",
                new Kind.Whole(0, 1_000_000),
                "1024",
                "How many values of `Idempotency-Key` are remembered; 0 ignores the header"));
        options.add(Option.defaulted(
                "origins",
                Kind.texts(),
                "[]",
                "Web pages that may send, such as `https://ui.example`; `*` for all; by default none may"));
        return new Shape("Listens for HTTP POST", options);
    }

    private static List<Option> times() {
        return List.of(
                Option.defaulted(
                        "patience",
                        new Kind.Span(Duration.ofMillis(1), Duration.ofSeconds(30)),
                        "1s",
                        "How long a reading waits for room in the pipelines before the request is answered 503"),
                Option.defaulted(
                        "timeout",
                        new Kind.Span(Duration.ofMillis(100), Duration.ofMinutes(10)),
                        "30s",
                        "How long to wait until all readings of a request are acknowledged as `ack:` says; then 503"),
                Option.defaulted(
                        "idle",
                        new Kind.Span(Duration.ofSeconds(1), Duration.ofHours(1)),
                        "30s",
                        "How long a connection may be idle or take for the head of a request, and how far a body may"
                                + " fall behind 1 KiB a second"),
                Option.defaulted(
                        "keep-keys",
                        new Kind.Span(Duration.ofSeconds(1), Duration.ofDays(7)),
                        "10m",
                        "How long an `Idempotency-Key` is remembered"));
    }

    private static Shape tls() {
        List<Option> options = new ArrayList<>();
        options.add(Option.defaulted("listen", new Kind.Address(), "127.0.0.1:8443", "Where to listen with TLS"));
        options.addAll(ServerTls.options());
        return new Shape("A listener with TLS", options);
    }

    static IngestOptions of(Section options, Problems problems) {
        boolean plain = !options.isText("listen");
        Optional<Secure> secure = Optional.empty();
        if (options.has("tls") && options.group("tls").complete()) {
            Section tls = options.group("tls");
            secure = ServerTls.of(tls, problems).map(with -> new Secure(tls.address("listen"), with));
        }
        if (!plain && !options.has("tls")) {
            problems.error(options.at("listen"), "with 'listen: none' nobody can connect: add 'tls:'");
        }
        Limits limits = new Limits(
                options.integer("max-body"),
                options.whole("max-in-flight"),
                options.integer("max-connections"),
                options.duration("patience"),
                options.duration("timeout"),
                options.duration("idle"),
                options.has("max-rate") ? options.integer("max-rate") : 0,
                options.integer("max-keys"),
                options.duration("keep-keys"));
        if (limits.inFlight < 2L * limits.body) {
            problems.error(
                    options.at("max-in-flight"),
                    "max-in-flight must be at least twice max-body, which is " + limits.body
                            + " bytes, since a body that grows is copied");
        }
        return new IngestOptions(
                plain ? Optional.of(options.address("listen")) : Optional.empty(),
                secure,
                limits,
                options.texts("origins").stream().map(Section.Located::value).toList());
    }
}
