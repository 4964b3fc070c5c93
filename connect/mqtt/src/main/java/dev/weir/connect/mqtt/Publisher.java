package dev.weir.connect.mqtt;

import dev.weir.engine.Actuator;
import dev.weir.engine.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;

/// Publishes commands through the node's own MQTT server, without a network between.
///
/// A command is done when it is in the queues of the clients that subscribed; a client with a
/// session that is away gets it when it returns, unless it has expired by then (QoS 1 and 2).
final class Publisher implements Actuator {
    private final Supplier<MqttServer> server;
    private final int qos;
    private final boolean retain;
    private final InstantSource clock;

    private volatile boolean closed;

    /// @param server the one that runs now
    Publisher(Supplier<MqttServer> server, int qos, boolean retain, InstantSource clock) {
        this.server = server;
        this.qos = qos;
        this.retain = retain;
        this.clock = clock;
    }

    @Override
    public void execute(Command command) throws IOException {
        if (closed) {
            throw new IOException("the actuator is closed");
        }
        Duration left = Duration.between(clock.instant(), command.expires());
        byte[] payload = command.payload().getBytes(StandardCharsets.UTF_8);
        server.get().publish(command.address(), payload, qos, retain, left.compareTo(FOREVER) > 0 ? FOREVER : left);
    }

    @Override
    public void close() {
        closed = true;
    }

    /// Nanoseconds in a `long` end after 292 years.
    private static final Duration FOREVER = Duration.ofDays(36_500);
}
