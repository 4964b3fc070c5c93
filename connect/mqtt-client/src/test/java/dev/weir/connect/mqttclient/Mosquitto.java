package dev.weir.connect.mqttclient;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import dev.weir.testkit.MosquittoBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.NullUnmarked;

/// A real mosquitto of its own, which keeps its sessions on disk.
@NullUnmarked
final class Mosquitto implements AutoCloseable {
    final int port;
    private final MosquittoBroker broker;
    private final List<Mqtt5BlockingClient> clients = new CopyOnWriteArrayList<>();

    private Mosquitto(MosquittoBroker broker) {
        this.broker = broker;
        this.port = broker.port();
    }

    /// @param more further lines of its config
    static Mosquitto start(Path folder, String... more) throws Exception {
        return new Mosquitto(MosquittoBroker.start(folder, more));
    }

    void start() throws Exception {
        broker.start();
    }

    String url() {
        return "tcp://127.0.0.1:" + port;
    }

    /// kill -9.
    void kill() throws InterruptedException {
        broker.kill();
    }

    /// SIGSTOP or SIGCONT: TCP goes on, mosquitto does not.
    void signal(String signal) throws Exception {
        new ProcessBuilder("kill", "-" + signal, String.valueOf(broker.process().pid()))
                .start()
                .waitFor();
    }

    /// A client of another maker.
    Mqtt5BlockingClient client() {
        Mqtt5BlockingClient client = MqttClient.builder()
                .useMqttVersion5()
                .identifier("test-" + UUID.randomUUID())
                .serverHost("127.0.0.1")
                .serverPort(port)
                .buildBlocking();
        client.connect();
        clients.add(client);
        return client;
    }

    static void publish(Mqtt5BlockingClient client, String topic, String payload, int qos) {
        client.publishWith()
                .topic(topic)
                .qos(MqttQos.fromCode(qos))
                .payload(payload.getBytes(StandardCharsets.UTF_8))
                .send();
    }

    /// Subscribes, and keeps what comes.
    List<Mqtt5Publish> follow(String filter) {
        List<Mqtt5Publish> got = new CopyOnWriteArrayList<>();
        Mqtt5BlockingClient client = client();
        client.toAsync().publishes(MqttGlobalPublishFilter.SUBSCRIBED, got::add);
        client.subscribeWith().topicFilter(filter).qos(MqttQos.EXACTLY_ONCE).send();
        return got;
    }

    static String text(Mqtt5Publish message) {
        return new String(message.getPayloadAsBytes(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        broker.close();
        for (Mqtt5BlockingClient client : clients) {
            // Most fail, since their broker is gone.
            client.toRx().disconnect().onErrorComplete().blockingAwait();
        }
    }
}
