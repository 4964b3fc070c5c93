package dev.weir.connect.coap;

import dev.weir.engine.config.HostPort;
import dev.weir.engine.config.Kind;
import dev.weir.engine.config.Option;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Shape;
import java.time.Duration;

/// What a CoAP source is told by the config.
///
/// @param listen where to listen
/// @param maxPayload the largest payload in bytes, put together from blocks
/// @param maxConcurrent how many requests may be under way
/// @param maxPeers how many peers are remembered
/// @param maxObservers how many observations may be open
/// @param patience how long a request waits for room in the pipelines
/// @param retryAfter what 5.03 tells the device to wait
record SourceOptions(
        HostPort listen,
        int maxPayload,
        int maxConcurrent,
        int maxPeers,
        int maxObservers,
        Duration patience,
        Duration retryAfter) {
    static final Shape SHAPE = Shape.of(
            "Listens for CoAP over UDP",
            Option.defaulted("listen", new Kind.Address(), "127.0.0.1:5683", "Where to listen"),
            Option.defaulted(
                    "max-payload",
                    new Kind.Size(1, 1 << 20),
                    "16KiB",
                    "The largest payload; larger ones are put together from blocks only up to here and answered"
                            + " 4.13"),
            Option.defaulted(
                    "max-concurrent",
                    new Kind.Whole(1, 100_000),
                    "256",
                    "How many requests may wait for the pipelines; further ones are answered 5.03"),
            Option.defaulted(
                    "max-peers",
                    new Kind.Whole(1, 100_000),
                    "512",
                    "How many devices (address and port) are remembered to recognise repeated messages and to put"
                            + " blocks together"),
            Option.defaulted(
                    "max-observers",
                    new Kind.Whole(0, 10_000),
                    "64",
                    "How many observations of latest values may be open; further ones get one answer"),
            Option.defaulted(
                    "patience",
                    new Kind.Span(Duration.ofMillis(1), Duration.ofSeconds(30)),
                    "1s",
                    "How long a request waits for room in the pipelines before it is answered 5.03"),
            Option.defaulted(
                    "retry-after",
                    new Kind.Span(Duration.ofSeconds(1), Duration.ofHours(1)),
                    "5s",
                    "How long a device should wait after 5.03 (its Max-Age), in whole seconds"),
            Option.later("tls"));

    static SourceOptions of(Section options) {
        return new SourceOptions(
                options.address("listen"),
                options.integer("max-payload"),
                options.integer("max-concurrent"),
                options.integer("max-peers"),
                options.integer("max-observers"),
                options.duration("patience"),
                options.duration("retry-after"));
    }

    /// What is in force when the config says only where to listen.
    static SourceOptions listening(HostPort listen) {
        return new SourceOptions(listen, 16 << 10, 256, 512, 64, Duration.ofSeconds(1), Duration.ofSeconds(5));
    }
}
