package dev.weir.connect.mqttclient;

import dev.weir.engine.Connector;
import java.util.Optional;

/// Publishes at another MQTT broker.
public final class MqttSinkConnector implements Connector {
    @Override
    public String name() {
        return "mqtt";
    }

    @Override
    public String about() {
        return "Publishes readings at another MQTT broker (3.1.1 or 5). With MQTT 5 each message carries how many nodes"
                + " it has passed, in the user property `weir-hops`.";
    }

    @Override
    public String example() {
        return """
                sinks:
                  plant: { mqtt: { url: "tcp://broker.example:1883", topic: "plant/{device}" } }
                """;
    }

    @Override
    public Optional<SinkType> sink() {
        return Optional.of(new SinkType(
                SinkOptions.SHAPE,
                new Delivery(
                        "At least once, in order: a reading is delivered when the broker's PUBACK or PUBCOMP is here."
                                + " One that the broker refuses for good (not authorized, topic or payload invalid, too"
                                + " large) becomes a dead letter; when the broker is busy or over quota it is sent again.",
                        "With QoS 0 a reading counts as delivered once TCP has it and may be lost. A connection lost"
                                + " before the acknowledgement makes readings arrive twice, with QoS 2 too; so does a"
                                + " refusal of another reading in the same batch. A broker of 3.1.1 acknowledges also what it"
                                + " refuses; one that has no subscriber acknowledges what it throws away."),
                (options, surroundings, problems) -> new MqttSink(
                        SinkOptions.of(
                                options, "weir-" + surroundings.node() + "-" + surroundings.name() + "-out", problems),
                        surroundings)));
    }
}
