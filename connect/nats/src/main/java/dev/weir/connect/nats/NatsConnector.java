package dev.weir.connect.nats;

import dev.weir.engine.Connector;
import java.util.Optional;

/// NATS, core and JetStream.
public final class NatsConnector implements Connector {
    @Override
    public String name() {
        return "nats";
    }

    @Override
    public String about() {
        return "Takes messages from a NATS server and publishes readings there: core NATS, or JetStream with an"
                + " acknowledgement for each message. A subject `plant.m1.climate` is the address `plant/m1/climate`; a"
                + " slash inside of a token becomes `%2F`. The header `weir-hops` counts how many nodes a message has"
                + " passed. Connects in the background and for ever: a server that is away does not keep the node from"
                + " starting.";
    }

    @Override
    public String example() {
        return """
                sources:
                  plant:
                    nats:
                      url: ["tls://n1.example:4222", "tls://n2.example:4222"]
                      user: gateway-7
                      password: "${PLANT_PASSWORD:-change-me}"
                      stream: PLANT
                      durable: gateway-7
                  machines:
                    nats: { url: "nats://127.0.0.1:4222", subjects: "machines.*.telemetry", queue: gateways }

                sinks:
                  out: { nats: { url: "nats://127.0.0.1:4222", subject: "weir.{device}", jetstream: true } }
                """;
    }

    @Override
    public Optional<SourceType> source() {
        return Optional.of(new SourceType(
                SourceOptions.SHAPE,
                new Delivery(
                        "With `stream` at least once: the consumer gets its acknowledgement when the node has the message"
                                + " as far as `ack:` says, and messages come in the order of the stream, across lost"
                                + " connections too. A message for which the node has no room waits with the server."
                                + " Without `stream` at most once, in the order of the connection; what has no room is"
                                + " dropped and counted as `slow-consumer`.",
                        "Core NATS has no memory: what is sent while the node or the link is away is gone, and nobody can"
                                + " count it. A stream loses what its own limits (age, size, messages) remove before it"
                                + " was read, and `max_deliver` of a consumer that was there gives up. An"
                                + " acknowledgement that is lost, or a node that is away for longer than `ack-wait`,"
                                + " makes a message arrive twice. Several nodes that share a queue group or a consumer"
                                + " have no order between them."),
                Listens.NOWHERE,
                (options, surroundings, problems) -> new NatsSource(
                        SourceOptions.of(options, "weir-" + surroundings.node() + "-" + surroundings.name(), problems),
                        surroundings)));
    }

    @Override
    public Optional<SinkType> sink() {
        return Optional.of(new SinkType(
                SinkOptions.SHAPE,
                new Delivery(
                        "With `jetstream: true` at least once, in order: a reading is delivered when the stream has"
                                + " confirmed it, and `Nats-Msg-Id`, the same for the same reading, lets the stream"
                                + " drop what it gets again within its duplicate window. Without, a reading counts as"
                                + " delivered when the server has answered a PING behind it. One that the server will"
                                + " never take (not allowed, too large) becomes a dead letter.",
                        "Without `jetstream` the server throws away what nobody listens to, or listens to too slowly. A"
                                + " connection lost before the acknowledgement makes readings arrive twice, with"
                                + " JetStream only after the duplicate window (2 minutes unless the stream says"
                                + " otherwise). When a stream refuses one message of several under way, those behind it"
                                + " overtake it, unless `in-flight` is 1. A stream in memory loses all with its server."),
                (options, surroundings, problems) -> new NatsSink(
                        SinkOptions.of(
                                options, "weir-" + surroundings.node() + "-" + surroundings.name() + "-out", problems),
                        surroundings)));
    }
}
