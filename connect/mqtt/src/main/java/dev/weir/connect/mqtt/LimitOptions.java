package dev.weir.connect.mqtt;

import dev.weir.engine.config.Kind;
import dev.weir.engine.config.Option;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Shape;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/// The limits of a listener in the configuration: with defaults for the source, and once more
/// without for each listener that is to differ.
final class LimitOptions {
    private static final long GIB = 1L << 30;
    private static final String UNLIMITED = "unlimited";

    /// Whether options have their defaults, or are the source's when left out.
    private final boolean defaults;

    private LimitOptions(boolean defaults) {
        this.defaults = defaults;
    }

    /// The source's own, each with its default.
    static List<Option> ofSource() {
        return new LimitOptions(true).options();
    }

    /// Those of one listener: what is left out is as the source has it.
    static List<Option> ofListener() {
        return new LimitOptions(false).options();
    }

    private List<Option> options() {
        return List.of(
                option(
                        "max-connections",
                        new Kind.Whole(1, 1_000_000),
                        "1000",
                        "Connections of a listener at a time; further ones are closed at once."),
                option(
                        "max-connect-rate",
                        rate(new Kind.Whole(1, 1_000_000)),
                        UNLIMITED,
                        "New connections of a listener in a second; further ones are closed at once."),
                option(
                        "connect-timeout",
                        new Kind.Span(Duration.ofMillis(100), Duration.ofHours(1)),
                        "10s",
                        "How long a connection may take for its TLS handshake and its CONNECT."),
                option(
                        "packet-timeout",
                        new Kind.Span(Duration.ofMillis(100), Duration.ofHours(1)),
                        "30s",
                        "How long a packet that has begun may take to come; for each 128 bytes of it a second more."),
                option(
                        "max-packet",
                        new Kind.Size(128, 268_435_460),
                        "256KiB",
                        "The largest packet; a client that announces a larger one is disconnected."),
                option(
                        "receive-maximum",
                        new Kind.Whole(1, 65_535),
                        "1024",
                        "QoS 1 and 2 messages of a client that may wait for their acknowledgement."),
                option(
                        "max-in-flight",
                        new Kind.Whole(1, 65_535),
                        "64",
                        "QoS 1 and 2 messages to a client that may wait for its acknowledgement."),
                option(
                        "max-rate",
                        rate(new Kind.Whole(1, 10_000_000)),
                        UNLIMITED,
                        "Messages of one client in a second; a client that sends more is read more slowly."),
                option(
                        "max-bytes-rate",
                        rate(new Kind.Size(128, 64 * GIB)),
                        UNLIMITED,
                        "Bytes of one client in a second; a client that sends more is read more slowly."),
                option("queue", new Kind.Group(queue()), "{}", "What waits for a slow or absent client."));
    }

    private static Kind rate(Kind number) {
        return new Kind.Either(Kind.choice(UNLIMITED), number);
    }

    private Shape queue() {
        Option messages = option("messages", new Kind.Whole(1, 10_000_000), "1000", "Messages for one client.");
        Option bytes = option("bytes", new Kind.Size(1024, 64 * GIB), "1MiB", "Bytes for one client.");
        Option overflow = option(
                "overflow",
                Kind.choice("drop-oldest", "drop-newest", "disconnect"),
                "drop-oldest",
                "What a full queue does: QoS 1 and 2 push out the oldest and QoS 0 is dropped, or what comes is"
                        + " dropped, or it is dropped and the client disconnected. All of it is counted.");
        if (!defaults) {
            return Shape.of("What waits for a client of this listener.", messages, bytes, overflow);
        }
        return Shape.of(
                "What waits for clients.",
                messages,
                bytes,
                overflow,
                Option.defaulted(
                        "bytes-in-all",
                        new Kind.Size(1024, 64 * GIB),
                        "16MiB",
                        "Bytes for all clients together, wills included."));
    }

    private Option option(String name, Kind kind, String fallback, String about) {
        return defaults
                ? Option.defaulted(name, kind, fallback, about)
                : Option.inherited(name, kind, about + " As for the whole source when left out.");
    }

    /// Takes over what a block says.
    static void read(Section section, Limits.Builder limits) {
        if (section.has("max-connections")) {
            limits.maxConnections = section.integer("max-connections");
        }
        if (section.has("max-connect-rate")) {
            limits.maxConnectRate = rate(section, "max-connect-rate");
        }
        if (section.has("connect-timeout")) {
            limits.connectTimeout = section.duration("connect-timeout");
        }
        if (section.has("packet-timeout")) {
            limits.packetTimeout = section.duration("packet-timeout");
        }
        if (section.has("max-packet")) {
            limits.maxPacketBytes = section.integer("max-packet");
        }
        if (section.has("receive-maximum")) {
            limits.receiveMaximum = section.integer("receive-maximum");
        }
        if (section.has("max-in-flight")) {
            limits.maxInFlight = section.integer("max-in-flight");
        }
        if (section.has("max-rate")) {
            limits.maxRate = rate(section, "max-rate");
        }
        if (section.has("max-bytes-rate")) {
            limits.maxBytesRate = rate(section, "max-bytes-rate");
        }
        if (section.has("queue")) {
            readQueue(section.group("queue"), limits);
        }
    }

    private static void readQueue(Section queue, Limits.Builder limits) {
        if (queue.has("messages")) {
            limits.queueMessages = queue.integer("messages");
        }
        if (queue.has("bytes")) {
            limits.queueBytes = queue.whole("bytes");
        }
        if (queue.has("overflow")) {
            limits.overflow = Limits.Overflow.of(queue.text("overflow"));
        }
    }

    private static OptionalLong rate(Section section, String option) {
        return section.isText(option) ? OptionalLong.empty() : OptionalLong.of(section.whole(option));
    }
}
