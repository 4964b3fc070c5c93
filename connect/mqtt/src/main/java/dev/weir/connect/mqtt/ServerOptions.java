package dev.weir.connect.mqtt;

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

/// The source `mqtt` in the configuration: its shape, and [MqttOptions] from it.
final class ServerOptions {
    private static final long GIB = 1L << 30;

    private ServerOptions() {}

    static Shape shape() {
        List<Option> options = new ArrayList<>();
        options.add(Option.defaulted(
                "listen",
                new Kind.Either(Kind.choice("none"), new Kind.Address()),
                "127.0.0.1:1883",
                "Where to listen on plain TCP; `none` where clients come in by TLS or WebSocket only."));
        options.add(Option.optional("tls", new Kind.Group(tls()), "Listens with TLS too."));
        options.add(Option.optional(
                "websocket", new Kind.Group(websocket()), "Takes WebSockets on the node's HTTP port too."));
        options.addAll(LimitOptions.ofSource());
        options.addAll(broker());
        return new Shape("An MQTT 3.1.1 and 5.0 server that devices connect to.", options);
    }

    private static Shape tls() {
        List<Option> options = new ArrayList<>();
        options.add(Option.defaulted("listen", new Kind.Address(), "127.0.0.1:8883", "Where to listen with TLS."));
        options.addAll(ServerTls.options());
        options.addAll(LimitOptions.ofListener());
        return new Shape("A listener with TLS.", options);
    }

    private static Shape websocket() {
        List<Option> options = new ArrayList<>();
        options.add(Option.defaulted("path", new Kind.Text(), "/mqtt", "The path on the node's HTTP port."));
        options.add(Option.defaulted(
                "origins",
                Kind.texts(),
                "[]",
                "Pages that may connect beside the node's own, such as `https://ui.example`; `*` for all."));
        options.addAll(LimitOptions.ofListener());
        return new Shape("MQTT over WebSockets.", options);
    }

    private static List<Option> broker() {
        return List.of(
                Option.optional(
                        "max-keep-alive",
                        new Kind.Span(Duration.ofSeconds(1), Duration.ofSeconds(65_535)),
                        "The longest keep-alive; MQTT 5 clients are told, 3.1.1 clients choose themselves."),
                Option.defaulted(
                        "packets-in-all",
                        new Kind.Size(1, 64 * GIB),
                        "4MiB",
                        "Memory for packets above 16 KiB that are arriving, of all clients together; who would go"
                                + " beyond it is disconnected. One of `max-packet` has room in any case."),
                Option.defaulted(
                        "topic-aliases",
                        new Kind.Whole(0, 1000),
                        "16",
                        "Topic aliases that an MQTT 5 client may use, and that are used towards one that allows"
                                + " them."),
                Option.defaulted("max-topic-levels", new Kind.Whole(1, 128), "32", "Levels of a topic or filter."),
                Option.defaulted(
                        "max-topic-length",
                        new Kind.Whole(1, 65_535),
                        "1024",
                        "Characters of a topic, filter or client id."),
                Option.defaulted(
                        "max-subscriptions", new Kind.Whole(1, 1_000_000), "200", "Subscriptions of one client."),
                Option.defaulted(
                        "max-subscriptions-in-all",
                        new Kind.Whole(1, 100_000_000),
                        "20000",
                        "Subscriptions of all clients together."),
                Option.defaulted(
                        "max-sessions",
                        new Kind.Whole(1, 10_000_000),
                        "2000",
                        "Sessions, with and without a connection; beyond, the one longest away is dropped, and where all"
                                + " are connected new clients are refused."),
                Option.defaulted(
                        "session-expiry",
                        new Kind.Span(Duration.ofSeconds(1), Duration.ofDays(3650)),
                        "1d",
                        "How long a session outlives its connection at most."),
                Option.defaulted(
                        "max-qos", new Kind.Whole(0, 2), "2", "The highest QoS that a client may publish with."),
                Option.defaulted(
                        "check-payload-format",
                        new Kind.Flag(),
                        "false",
                        "Whether a payload that an MQTT 5 client calls UTF-8 text is refused if it is not."),
                Option.defaulted(
                        "sys-interval",
                        new Kind.Either(Kind.choice("off"), new Kind.Span(Duration.ofSeconds(1), Duration.ofDays(1))),
                        "10s",
                        "How often the topics under `$SYS/broker/` are brought up to date; `off` for none."),
                Option.defaulted("retained", new Kind.Group(retained()), "{}", "The bounds of retained messages."));
    }

    private static Shape retained() {
        return Shape.of(
                "Retained messages. What does not fit is delivered but not retained, and counted.",
                Option.defaulted(
                        "messages",
                        new Kind.Whole(0, 10_000_000),
                        "10000",
                        "Retained messages; with 0 there are none, and MQTT 5 clients are told."),
                Option.defaulted("bytes", new Kind.Size(1, 64 * GIB), "4MiB", "Bytes of retained messages."));
    }

    static MqttOptions read(Section section, Problems problems) {
        Section retained = section.group("retained");
        return MqttOptions.of(options -> {
            LimitOptions.read(section, options);
            options.queueBytesInAll = section.group("queue").whole("bytes-in-all");
            options.maxKeepAlive =
                    section.has("max-keep-alive") ? Optional.of(section.duration("max-keep-alive")) : Optional.empty();
            options.packetBytesInAll = section.whole("packets-in-all");
            options.topicAliases = section.integer("topic-aliases");
            options.maxTopicLevels = section.integer("max-topic-levels");
            options.maxTopicLength = section.integer("max-topic-length");
            options.maxSubscriptions = section.integer("max-subscriptions");
            options.maxSubscriptionsInAll = section.integer("max-subscriptions-in-all");
            options.maxSessions = section.integer("max-sessions");
            options.sessionExpiry = section.duration("session-expiry");
            options.maxQos = section.integer("max-qos");
            options.checkPayloadFormat = section.flag("check-payload-format");
            options.sysInterval =
                    section.isText("sys-interval") ? Optional.empty() : Optional.of(section.duration("sys-interval"));
            options.retainedMessages = retained.integer("messages");
            options.retainedBytes = retained.whole("bytes");
            readListeners(section, options, problems);
        });
    }

    /// Last, since the listeners' limits begin with the source's.
    private static void readListeners(Section section, MqttOptions.Builder options, Problems problems) {
        options.plain = !section.isText("listen");
        if (options.plain) {
            options.listen = section.address("listen");
        }
        if (section.has("tls")) {
            Section tls = section.group("tls");
            if (tls.complete()) {
                ServerTls.of(tls, problems)
                        .ifPresent(with -> options.listenTls(
                                tls.address("listen"), with, limits -> LimitOptions.read(tls, limits)));
            }
        }
        if (section.has("websocket")) {
            Section web = section.group("websocket");
            String path = web.text("path");
            if (!path.startsWith("/")) {
                problems.error(web.at("path"), "a path begins with '/', but was '" + path + "'");
            }
            List<String> origins =
                    web.texts("origins").stream().map(Section.Located::value).toList();
            options.listenWeb(path, origins, limits -> LimitOptions.read(web, limits));
        }
        if (!options.plain && !section.has("tls") && !section.has("websocket")) {
            problems.error(
                    section.at("listen"),
                    "an MQTT source with listen: none needs tls: or websocket:, or nobody can connect to it");
        }
    }
}
