package dev.weir.connect.nats;

import dev.weir.testkit.Eventually;
import dev.weir.testkit.Ports;
import dev.weir.testkit.Tool;
import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.JetStreamManagement;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.Subscription;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.NullUnmarked;

/// A real nats-server of its own, which keeps its streams on disk.
@NullUnmarked
final class NatsServer implements AutoCloseable {
    final int port;
    private final int monitor;
    private final Path config;
    private final List<Connection> clients = new CopyOnWriteArrayList<>();
    private Process process;

    private NatsServer(int port, int monitor, Path config) {
        this.port = port;
        this.monitor = monitor;
        this.config = config;
    }

    /// @param more further lines of its config
    static NatsServer start(Path folder, String... more) throws Exception {
        return bare(folder, "jetstream { store_dir: \"" + folder.resolve("js") + "\" }", String.join("\n", more));
    }

    /// Without JetStream.
    static NatsServer bare(Path folder, String... lines) throws Exception {
        Files.createDirectories(folder);
        int port = Ports.free();
        int monitor = Ports.free();
        Path config = folder.resolve("nats.conf");
        Files.writeString(config, """
                listen: "127.0.0.1:%d"
                http: "127.0.0.1:%d"
                %s
                """.formatted(port, monitor, String.join("\n", lines)));
        NatsServer server = new NatsServer(port, monitor, config);
        server.start();
        return server;
    }

    void start() throws Exception {
        Tool server = Tool.require("nats-server", "nats-server");
        process = new ProcessBuilder(server.path().toString(), "-c", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        config.resolveSibling("nats.log").toFile()))
                .start();
        Eventually.until("nats-server listens", () -> {
            try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return probe.isConnected();
            } catch (IOException notYet) {
                return false;
            }
        });
    }

    String url() {
        return "nats://127.0.0.1:" + port;
    }

    /// kill -9.
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /// SIGSTOP or SIGCONT: TCP goes on, the server does not.
    void signal(String signal) throws Exception {
        new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
                .start()
                .waitFor();
    }

    /// A client that goes around the connectors.
    Connection client() throws Exception {
        return client(Options.builder());
    }

    Connection client(Options.Builder options) throws Exception {
        Connection client = Nats.connect(options.server(url())
                .maxReconnects(-1)
                .reconnectWait(Duration.ofMillis(50))
                .errorListener(new ErrorListener() {})
                .build());
        clients.add(client);
        return client;
    }

    /// Waits until the server has noticed that a client is gone.
    void awaitGone(String client) throws Exception {
        URL connections = URI.create("http://127.0.0.1:" + monitor + "/connz").toURL();
        Eventually.until(client + " is gone", () -> {
            try (InputStream answer = connections.openStream()) {
                return !new String(answer.readAllBytes(), StandardCharsets.UTF_8).contains("\"" + client + "\"");
            }
        });
    }

    /// Makes a stream on the disk.
    static JetStreamManagement stream(Connection client, String name, String... subjects) throws Exception {
        JetStreamManagement management = client.jetStreamManagement();
        management.addStream(StreamConfiguration.builder()
                .name(name)
                .subjects(subjects)
                .storageType(StorageType.File)
                .build());
        return management;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(Message message) {
        return new String(message.getData(), StandardCharsets.UTF_8);
    }

    /// Publishes so that somebody gets it: waits until there is a subscription.
    static void deliver(Connection client, String subject, String payload) throws Exception {
        String inbox = client.createInbox();
        Subscription answers = client.subscribe(inbox);
        while (!Thread.currentThread().isInterrupted()) {
            client.publish(subject, inbox, bytes(payload));
            client.flush(Eventually.PATIENCE);
            // "No responders" comes before the answer to the flush.
            if (answers.nextMessage(Duration.ofMillis(1)) == null) {
                answers.unsubscribe();
                return;
            }
            LockSupport.parkNanos(2_000_000);
        }
        throw new InterruptedException();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        try {
            for (Connection client : clients) {
                client.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
