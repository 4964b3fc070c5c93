package dev.weir.cli;

import dev.weir.connect.mqtt.MqttClient;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;

/// A device that speaks MQTT 5, QoS 0 or 1.
final class MqttSender implements Sender {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final MqttClient client;
    private final String server;
    private final int qos;
    private final boolean eager;

    /// Connects.
    ///
    /// @param window how many messages may be unacknowledged
    /// @param eager whether each message goes out at once, instead of with others in one write
    MqttSender(InetSocketAddress server, String clientId, int qos, int window, boolean eager) throws IOException {
        try {
            this.client = MqttClient.connect(
                    MqttClient.Settings.to(server).client(clientId, true).window(window));
        } catch (SocketTimeoutException e) {
            throw new IOException(Failures.name(server) + " does not answer (waited 10 s); is it an MQTT server?", e);
        } catch (ConnectException e) {
            throw new IOException("nothing listens at " + Failures.name(server) + " (" + e.getMessage() + ")", e);
        }
        this.server = Failures.name(server);
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
            throw new IOException(server + " has not acknowledged everything within " + PATIENCE.toSeconds() + " s");
        }
        if (client.refused() > 0) {
            throw new IOException(server + " refused " + client.refused() + " messages; its log says why");
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
