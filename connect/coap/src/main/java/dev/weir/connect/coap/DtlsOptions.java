package dev.weir.connect.coap;

import dev.weir.engine.config.HostPort;
import dev.weir.engine.config.Kind;
import dev.weir.engine.config.Option;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Shape;
import dev.weir.engine.tls.ServerTls;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The encrypted port of a CoAP source.
///
/// @param listen where to listen
/// @param psk whether devices may show that they know a key
/// @param tls the node's certificate, where there is one
/// @param maxSessions how many devices may be connected
/// @param idle how long a silent device keeps its place when there is none for a new one
record DtlsOptions(HostPort listen, boolean psk, Optional<ServerTls> tls, int maxSessions, Duration idle) {
    static final Shape SHAPE = new Shape(
            "CoAP over DTLS 1.2, with pre-shared keys or certificates or both",
            Stream.concat(
                            Stream.of(
                                    Option.defaulted(
                                            "listen",
                                            new Kind.Address(),
                                            "127.0.0.1:5684",
                                            "Where to listen for DTLS (UDP)"),
                                    Option.defaulted(
                                            "psk",
                                            new Kind.Flag(),
                                            "true",
                                            "Whether devices may come with the name and key of a credential that was"
                                                    + " made for pre-shared keys"),
                                    Option.defaulted(
                                            "max-sessions",
                                            new Kind.Whole(1, 100_000),
                                            "1024",
                                            "How many devices may be connected; a new one takes the place of one that"
                                                    + " was silent for `idle`, else it has to wait"),
                                    Option.defaulted(
                                            "idle",
                                            new Kind.Span(Duration.ofSeconds(1), Duration.ofDays(30)),
                                            "10m",
                                            "How long a silent device keeps its place when a new one has none")),
                            ServerTls.options().stream().map(DtlsOptions::optional))
                    .toList());

    /// With pre-shared keys no certificate is needed.
    private static Option optional(Option option) {
        return option.presence() == Option.Presence.REQUIRED
                ? Option.optional(option.name(), option.kind(), option.about())
                : option;
    }

    static Optional<DtlsOptions> of(Section options, Problems problems) {
        boolean psk = options.flag("psk");
        Optional<ServerTls> tls = Optional.empty();
        List<String> missing = Stream.of("certificate", "key")
                .filter(name -> !options.has(name))
                .toList();
        if (missing.isEmpty()) {
            tls = ServerTls.of(options, problems);
        } else if (missing.size() == 1) {
            problems.error(
                    options.location(),
                    "dtls: '" + missing.getFirst() + "' is missing: a certificate and its" + " key belong together");
        } else if (options.has("client-ca") || options.has("clients")) {
            problems.error(
                    options.location(),
                    "dtls: devices can show certificates only to a node that has one: add"
                            + " 'certificate' and 'key'");
        } else if (!psk) {
            problems.error(options.location(), "dtls: needs 'psk: true', or 'certificate' and 'key', or both");
        }
        return psk || tls.isPresent()
                ? Optional.of(new DtlsOptions(
                        options.address("listen"), psk, tls, options.integer("max-sessions"), options.duration("idle")))
                : Optional.empty();
    }
}
