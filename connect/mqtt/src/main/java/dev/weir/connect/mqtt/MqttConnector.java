package dev.weir.connect.mqtt;

import dev.weir.engine.Connector;
import dev.weir.engine.Source;
import dev.weir.engine.Template;
import dev.weir.engine.config.Kind;
import dev.weir.engine.config.Option;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Shape;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// MQTT in the configuration: the source `mqtt` and the action `publish`.
public final class MqttConnector implements Connector {
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
        return Optional.of(new SourceType(ServerOptions.shape(), DELIVERY, Listens.TCP, MqttConnector::server));
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

    private static Shape publishShape() {
        return Shape.of(
                "Publishes to the clients of the node's own MQTT server.",
                Option.required("topic", new Kind.Template(), "The topic."),
                Option.defaulted("qos", new Kind.Whole(0, 2), "1", "The quality of service."),
                Option.defaulted("retain", new Kind.Flag(), "false", "Whether the last command is retained."),
                Option.optional("to", new Kind.Text(), "The name of the MQTT source, if there are several."));
    }

    private static Source server(Section options, Surroundings surroundings, Problems problems) {
        return new MqttServer(
                surroundings.name(),
                ServerOptions.read(options, problems),
                surroundings.meters(),
                surroundings.access(),
                surroundings.upgrades());
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
        String chosen = choose(servers, options, problems);
        MqttServer first = chosen == null ? null : servers.get(chosen);
        if (chosen == null || first == null) {
            return command -> {
                throw new java.io.IOException("there is no MQTT source to publish through");
            };
        }
        return new Publisher(
                () -> surroundings.sources().get(chosen) instanceof MqttServer now ? now : first,
                options.integer("qos"),
                options.flag("retain"),
                InstantSource.system());
    }

    private static @org.jspecify.annotations.Nullable String choose(
            Map<String, MqttServer> servers, Section options, Problems problems) {
        String to = options.textOrNull("to");
        String names = String.join(", ", servers.keySet());
        if (to != null) {
            if (!servers.containsKey(to)) {
                problems.error(
                        options.at("to"),
                        "'" + to + "' is not an MQTT source" + (names.isEmpty() ? "" : "; there is: " + names));
            }
            return to;
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
        return servers.keySet().iterator().next();
    }
}
