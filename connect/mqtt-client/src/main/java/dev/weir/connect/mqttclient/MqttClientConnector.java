package dev.weir.connect.mqttclient;

import dev.weir.engine.Connector;
import java.util.Optional;

/// Subscribes at another MQTT broker.
public final class MqttClientConnector implements Connector {
    @Override
    public String name() {
        return "mqtt-client";
    }

    @Override
    public String about() {
        return "Subscribes at another MQTT broker (3.1.1 or 5) and acknowledges its messages only once the node has"
                + " them. Connects in the background and for ever: a broker that is away does not keep the node from"
                + " starting.";
    }

    @Override
    public String example() {
        return """
                sources:
                  plant:
                    mqtt-client:
                      url: "ssl://broker.example:8883"
                      user: gateway-7
                      password: "${PLANT_PASSWORD:-change-me}"
                      topics: ["plant/+/telemetry", "$share/gateways/alerts/#"]
                """;
    }

    @Override
    public Optional<SourceType> source() {
        return Optional.of(new SourceType(
                SourceOptions.SHAPE,
                new Delivery(
                        "QoS 1 at least once, QoS 2 once as long as the connection lasts, QoS 0 at most once. The"
                                + " broker gets its PUBACK or PUBREC when the node has the message as far as `ack:`"
                                + " says, in the order in which messages came; the order of a connection is kept. A"
                                + " message of QoS 1 or 2 for which the node has no room stays with the broker; one of"
                                + " QoS 0 is counted as `overloaded` when 1024 wait already, or as many bytes as `weir"
                                + " check` says.",
                        "A session that the broker drops takes the messages along that waited in it: `clean-start`,"
                                + " `session-expiry`, the broker's own limit for queues, or a broker that restarts"
                                + " without persistence. A connection that is lost makes unacknowledged messages arrive"
                                + " twice. With 3.1.1 every connection brings the retained messages again, and loops are"
                                + " not found; a node that has no room for longer than `keep-alive` loses the connection."),
                Listens.NOWHERE,
                (options, surroundings, problems) -> new MqttClientSource(
                        SourceOptions.of(options, "weir-" + surroundings.node() + "-" + surroundings.name(), problems),
                        surroundings)));
    }
}
