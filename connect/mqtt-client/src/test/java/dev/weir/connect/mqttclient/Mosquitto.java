package dev.weir.connect.mqttclient;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import dev.weir.testkit.Eventually;
import dev.weir.testkit.Ports;
import dev.weir.testkit.Tool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.NullUnmarked;

/// A real mosquitto of its own, which keeps its sessions on disk.
@NullUnmarked
final class Mosquitto implements AutoCloseable {
    final int port;
    private final Path config;
    private final List<Mqtt5BlockingClient> clients = new CopyOnWriteArrayList<>();
    private Process process;

    private Mosquitto(int port, Path config) {
        this.port = port;
        this.config = config;
    }

    /// @param more further lines of its config
    static Mosquitto start(Path folder, String... more) throws Exception {
        Files.createDirectories(folder);
        int port = Ports.free();
        Path config = folder.resolve("mosquitto.conf");
        Files.writeString(config, """
                listener %d 127.0.0.1
                allow_anonymous true
                persistence true
                persistence_location %s/
                max_queued_messages 100000
                user root
                %s
                """.formatted(port, folder, String.join("\n", more)));
        Mosquitto broker = new Mosquitto(port, config);
        broker.start();
        return broker;
    }

    void start() throws Exception {
        Tool mosquitto = Tool.require("mosquitto", "mosquitto");
        process = new ProcessBuilder(mosquitto.path().toString(), "-c", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(config.resolveSibling("mosquitto.log").toFile())
                .start();
        Eventually.until("mosquitto listens", () -> {
            try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return probe.isConnected();
            } catch (IOException notYet) {
                return false;
            }
        });
    }

    String url() {
        return "tcp://127.0.0.1:" + port;
    }

    /// kill -9.
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /// SIGSTOP or SIGCONT: TCP goes on, mosquitto does not.
    void signal(String signal) throws Exception {
        new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
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
    public void close() throws IOException {
        process.destroyForcibly();
        for (Mqtt5BlockingClient client : clients) {
            // Most fail, since their broker is gone.
            client.toRx().disconnect().onErrorComplete().blockingAwait();
        }
    }
}
