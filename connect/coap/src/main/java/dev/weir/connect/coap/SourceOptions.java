package dev.weir.connect.coap;

import dev.weir.engine.config.HostPort;
import dev.weir.engine.config.Kind;
import dev.weir.engine.config.Option;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Shape;
import java.time.Duration;
import java.util.Optional;

/// What a CoAP source is told by the config.
///
/// @param listen where to listen without encryption; empty where devices come in by DTLS only
/// @param limits what it may take
/// @param patience how long a request waits for room in the pipelines
/// @param retryAfter what 5.03 tells the device to wait
/// @param dtls the encrypted port, where there is one
record SourceOptions(
        Optional<HostPort> listen, Limits limits, Duration patience, Duration retryAfter, Optional<DtlsOptions> dtls) {
    static final Shape SHAPE = Shape.of(
            "Listens for CoAP over UDP, and over DTLS where `dtls` is there",
            Option.defaulted(
                    "listen",
                    new Kind.Either(Kind.choice("none"), new Kind.Address()),
                    "127.0.0.1:5683",
                    "Where to listen without encryption; `none` where devices come in by DTLS only"),
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
                    "1024",
                    "How many devices (address and port) are remembered; eight messages for each are kept to"
                            + " recognise repetitions, the oldest are forgotten beyond"),
            Option.defaulted(
                    "max-observers",
                    new Kind.Whole(0, 10_000),
                    "64",
                    "How many observations of latest values may be open; further ones get one answer"),
            Option.defaulted(
                    "max-observers-per-peer",
                    new Kind.Whole(0, 10_000),
                    "16",
                    "How many of them one device (address and port) may have; further ones get one answer"),
            Option.defaulted(
                    "max-transfers",
                    new Kind.Whole(1, 10_000),
                    "32",
                    "How many uploads in blocks may be under way, each of which holds `max-payload`, four of one"
                            + " device; further ones are answered 5.03. As many answers in blocks are kept until"
                            + " they were fetched"),
            Option.defaulted(
                    "max-rate",
                    new Kind.Whole(1, 1_000_000),
                    "5000",
                    "How many datagrams a second one address may send, and as many at once; requests beyond are"
                            + " answered 4.29, or dropped where they are not confirmable or come over DTLS"),
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
            Option.optional("dtls", new Kind.Group(DtlsOptions.SHAPE), "A second, encrypted port"));

    static SourceOptions of(Section options, Problems problems) {
        boolean plain = !options.isText("listen");
        if (!plain && !options.has("dtls")) {
            problems.error(options.at("listen"), "with 'listen: none' nobody can connect: add 'dtls:'");
        }
        return new SourceOptions(
                plain ? Optional.of(options.address("listen")) : Optional.empty(),
                Limits.of(options),
                options.duration("patience"),
                options.duration("retry-after"),
                options.has("dtls") ? DtlsOptions.of(options.group("dtls"), problems) : Optional.empty());
    }

    /// What is in force when the config says only where to listen.
    static SourceOptions listening(HostPort listen) {
        return new SourceOptions(
                Optional.of(listen), Limits.DEFAULT, Duration.ofSeconds(1), Duration.ofSeconds(5), Optional.empty());
    }
}
