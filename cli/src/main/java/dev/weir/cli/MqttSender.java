package dev.weir.cli;

import dev.weir.connect.mqtt.MqttClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/// A device that speaks MQTT 5, QoS 0 or 1.
final class MqttSender implements Sender {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final MqttClient client;
    private final int qos;
    private final boolean eager;

    /// Connects.
    ///
    /// @param window how many messages may be unacknowledged
    /// @param eager whether each message goes out at once, instead of with others in one write
    MqttSender(InetSocketAddress server, String clientId, int qos, int window, boolean eager) throws IOException {
        this.client = MqttClient.connect(
                MqttClient.Settings.to(server).client(clientId, true).window(window));
        this.qos = qos;
        this.eager = eager;
    }

    @Override
    public void send(String address, byte[] payload) throws IOException, InterruptedException {
        client.publish(address, payload, qos, false);
        if (eager) {
            client.flush();
        }
    }

    @Override
    public void flush() throws IOException, InterruptedException {
        if (!client.awaitAcknowledged(PATIENCE)) {
            throw new IOException("no acknowledgement within " + PATIENCE.toSeconds() + " s");
        }
        if (client.refused() > 0) {
            throw new IOException("the server refused " + client.refused() + " messages");
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
