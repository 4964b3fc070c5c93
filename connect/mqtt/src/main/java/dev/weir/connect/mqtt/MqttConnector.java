package dev.weir.connect.mqtt;

import dev.weir.engine.Connector;
import dev.weir.engine.Source;
import dev.weir.engine.Template;
import dev.weir.engine.config.Kind;
import dev.weir.engine.config.Option;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Shape;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// MQTT in the configuration: the source `mqtt` and the action `publish`.
public final class MqttConnector implements Connector {
    private static final long GIB = 1L << 30;

    private static final Delivery DELIVERY = new Delivery(
            "QoS 0: at most once. QoS 1: at least once; PUBACK is sent when the source's `ack:` is met. QoS 2:"
                    + " exactly once while the session lives.",
            "Sessions, retained messages and queues are in memory: a restart loses them, and what a client resends"
                    + " after it is a new message.");

    @Override
    public String name() {
        return "mqtt";
    }

    @Override
    public String about() {
        return "An MQTT 3.1.1 and 5.0 server that devices connect to.";
    }

    @Override
    public String example() {
        return """
                sources:
                  devices: { mqtt: { listen: "127.0.0.1:1883" } }
                """;
    }

    @Override
    public Optional<SourceType> source() {
        return Optional.of(new SourceType(shape(), DELIVERY, Listens.TCP, MqttConnector::server));
    }

    @Override
    public List<ActionType> actions() {
        return List.of(new ActionType(
                "publish",
                "topic",
                Template.Place.TOPIC,
                publishShape(),
                new Delivery(
                        "At most once: the command is done when the node's own server has it for at least one"
                                + " subscriber, or retains it.",
                        "A subscriber that is away longer than the command's `expires`."),
                MqttConnector::publisher));
    }

    private static Shape shape() {
        return Shape.of(
                "An MQTT 3.1.1 and 5.0 server that devices connect to.",
                Option.defaulted("listen", new Kind.Address(), "127.0.0.1:1883", "Where to listen."),
                Option.defaulted(
                        "max-connections",
                        new Kind.Whole(1, 1_000_000),
                        "1000",
                        "Connections at a time; further ones are closed at once."),
                Option.defaulted(
                        "connect-timeout",
                        new Kind.Span(Duration.ofMillis(100), Duration.ofHours(1)),
                        "10s",
                        "How long a connection may take to send its CONNECT."),
                Option.optional(
                        "max-keep-alive",
                        new Kind.Span(Duration.ofSeconds(1), Duration.ofSeconds(65_535)),
                        "The longest keep-alive; MQTT 5 clients are told, 3.1.1 clients choose themselves."),
                Option.defaulted(
                        "max-packet",
                        new Kind.Size(128, 268_435_460),
                        "256KiB",
                        "The largest packet; a client that announces a larger one is disconnected."),
                Option.defaulted(
                        "receive-maximum",
                        new Kind.Whole(1, 65_535),
                        "1024",
                        "QoS 1 and 2 messages of a client that may wait for their acknowledgement."),
                Option.defaulted(
                        "max-in-flight",
                        new Kind.Whole(1, 65_535),
                        "64",
                        "QoS 1 and 2 messages to a client that may wait for its acknowledgement."),
                Option.defaulted(
                        "topic-aliases", new Kind.Whole(0, 1000), "16", "Topic aliases that an MQTT 5 client may use."),
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
                        "Sessions, with and without a connection; beyond, the one longest away is dropped."),
                Option.defaulted(
                        "session-expiry",
                        new Kind.Span(Duration.ofSeconds(1), Duration.ofDays(3650)),
                        "1d",
                        "How long a session outlives its connection at most."),
                Option.defaulted(
                        "queue", new Kind.Group(queueShape()), "{}", "What waits for a slow or absent client."),
                Option.defaulted(
                        "retained", new Kind.Group(retainedShape()), "{}", "The bounds of retained messages."));
    }

    private static Shape queueShape() {
        return Shape.of(
                "What waits for clients. When it is full, QoS 0 is dropped, and QoS 1 and 2 push out the oldest;"
                        + " both are counted.",
                Option.defaulted("messages", new Kind.Whole(1, 10_000_000), "1000", "Messages for one client."),
                Option.defaulted("bytes", new Kind.Size(1024, 64 * GIB), "1MiB", "Bytes for one client."),
                Option.defaulted(
                        "bytes-in-all", new Kind.Size(1024, 64 * GIB), "16MiB", "Bytes for all clients together."));
    }

    private static Shape retainedShape() {
        return Shape.of(
                "Retained messages. What does not fit is delivered but not retained, and counted.",
                Option.defaulted("messages", new Kind.Whole(0, 10_000_000), "10000", "Retained messages."),
                Option.defaulted("bytes", new Kind.Size(1, 64 * GIB), "4MiB", "Bytes of retained messages."));
    }

    private static Shape publishShape() {
        return Shape.of(
                "Publishes to the clients of the node's own MQTT server.",
                Option.required("topic", new Kind.Template(), "The topic."),
                Option.defaulted("qos", new Kind.Whole(0, 2), "1", "The quality of service."),
                Option.defaulted("retain", new Kind.Flag(), "false", "Whether the last command is retained."),
                Option.optional("to", new Kind.Text(), "The name of the MQTT source, if there are several."));
    }

    private static Source server(Section options, Surroundings surroundings, Problems problems) {
        return new MqttServer(surroundings.name(), read(options), surroundings.meters());
    }

    private static MqttOptions read(Section section) {
        Section queue = section.group("queue");
        Section retained = section.group("retained");
        return MqttOptions.of(options -> {
            options.listen = section.address("listen");
            options.maxConnections = section.integer("max-connections");
            options.connectTimeout = section.duration("connect-timeout");
            options.maxKeepAlive =
                    section.has("max-keep-alive") ? Optional.of(section.duration("max-keep-alive")) : Optional.empty();
            options.maxPacketBytes = section.integer("max-packet");
            options.receiveMaximum = section.integer("receive-maximum");
            options.maxInFlight = section.integer("max-in-flight");
            options.topicAliases = section.integer("topic-aliases");
            options.maxTopicLevels = section.integer("max-topic-levels");
            options.maxTopicLength = section.integer("max-topic-length");
            options.maxSubscriptions = section.integer("max-subscriptions");
            options.maxSubscriptionsInAll = section.integer("max-subscriptions-in-all");
            options.maxSessions = section.integer("max-sessions");
            options.sessionExpiry = section.duration("session-expiry");
            options.queueMessages = queue.integer("messages");
            options.queueBytes = queue.whole("bytes");
            options.queueBytesInAll = queue.whole("bytes-in-all");
            options.retainedMessages = retained.integer("messages");
            options.retainedBytes = retained.whole("bytes");
        });
    }

    private static dev.weir.engine.Actuator publisher(Section options, Surroundings surroundings, Problems problems) {
        Map<String, MqttServer> servers = new TreeMap<>();
        surroundings.sources().forEach((name, source) -> {
            if (source instanceof MqttServer server) {
                servers.put(name, server);
            }
        });
        String topic = options.text("topic");
        if (topic.indexOf('+') >= 0 || topic.indexOf('#') >= 0) {
            problems.error(
                    options.at("topic"),
                    "a topic to publish to must not contain '+' or '#', which only subscriptions have, but was '"
                            + topic + "'");
        }
        MqttServer chosen = choose(servers, options, problems);
        if (chosen == null) {
            return command -> {
                throw new java.io.IOException("there is no MQTT source to publish through");
            };
        }
        return new Publisher(chosen, options.integer("qos"), options.flag("retain"), InstantSource.system());
    }

    private static @org.jspecify.annotations.Nullable MqttServer choose(
            Map<String, MqttServer> servers, Section options, Problems problems) {
        String to = options.textOrNull("to");
        String names = String.join(", ", servers.keySet());
        if (to != null) {
            if (!servers.containsKey(to)) {
                problems.error(
                        options.at("to"),
                        "'" + to + "' is not an MQTT source" + (names.isEmpty() ? "" : "; there is: " + names));
            }
            return servers.get(to);
        }
        if (servers.isEmpty()) {
            problems.error(
                    options.location(),
                    "publish needs an MQTT source; add one under sources, such as" + " devices: { mqtt: {} }");
            return null;
        }
        if (servers.size() > 1) {
            problems.error(options.location(), "there are several MQTT sources: say to: with one of " + names);
        }
        return servers.values().iterator().next();
    }
}
