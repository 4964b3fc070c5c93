package dev.weir.node;

import dev.weir.connect.mqtt.MqttClient;
import dev.weir.engine.flow.Vigilance;
import dev.weir.testkit.Tool;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/// A whole node on free ports and a folder of the test's own, and the ways to it.
///
/// @param plan what it was made of
/// @param node it runs until it is closed
/// @param data its folder
/// @param mqtt where it speaks MQTT
/// @param coap where it speaks CoAP
record NodeRig(NodePlan plan, Node node, Path data, InetSocketAddress mqtt, InetSocketAddress coap)
        implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int ATTEMPTS = 5;

    /// Starts a node whose config takes its ports and folder from the variables of the demo.
    static NodeRig open(Path folder, String yaml) throws IOException, InterruptedException {
        return open(folder, yaml, Vigilance.standard(), _ -> {});
    }

    /// The same, with threads that are looked after in another way.
    ///
    /// @param change of the plan, before it is used
    static NodeRig open(Path folder, String yaml, Vigilance vigilance, Consumer<NodePlan> change)
            throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("node.yaml"), yaml);
        for (int attempt = 1; ; attempt++) {
            InetSocketAddress mqtt = new InetSocketAddress(InetAddress.getLoopbackAddress(), freeTcp());
            InetSocketAddress coap = new InetSocketAddress(InetAddress.getLoopbackAddress(), freeUdp());
            NodePlan plan = NodePlan.of(config(file, folder, mqtt.getPort(), coap.getPort()), vigilance);
            if (plan.config().report().exitCode() != 0) {
                throw new AssertionError(plan.config().report().render());
            }
            change.accept(plan);
            try {
                return new NodeRig(plan, Node.open(plan), plan.config().data(), mqtt, coap);
            } catch (IOException e) {
                // Between the question for a free port and its use another program may take it.
                if (plan.config().report().exitCode() == 0 || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    static NodePlan plan(Path file, Path folder, int mqtt, int coap) {
        return NodePlan.of(config(file, folder, mqtt, coap));
    }

    private static NodeConfig config(Path file, Path folder, int mqtt, int coap) {
        return NodePlan.load(
                file,
                Map.of(
                        "WEIR_MQTT_PORT",
                        String.valueOf(mqtt),
                        "WEIR_COAP_PORT",
                        String.valueOf(coap),
                        "WEIR_HTTP_PORT",
                        "0",
                        "WEIR_DATA",
                        folder.resolve("data").toString()));
    }

    static int freeTcp() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    static int freeUdp() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /// A device, or a subscriber.
    MqttClient connect(String id) throws IOException {
        return MqttClient.connect(MqttClient.Settings.to(mqtt).client(id, true));
    }

    /// Asks the HTTP interface.
    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(node.url().resolve(path)).build(), BodyHandlers.ofString());
        }
    }

    /// What people see who open the store with `sqlite3`: the cells of each row.
    List<List<String>> sql(String query) throws IOException, InterruptedException {
        Tool sqlite = Tool.require("sqlite3", "sqlite3");
        Tool.Result result = sqlite.run(
                PATIENCE, "-separator", "\t", data.resolve("store.db").toString(), query);
        if (result.exitCode() != 0) {
            throw new AssertionError("sqlite3: " + result.output());
        }
        return result.output()
                .lines()
                .map(line -> List.of(line.split("\t", -1)))
                .toList();
    }

    /// Waits until something holds.
    static void await(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + PATIENCE + ": " + what);
            }
            Thread.sleep(5);
        }
    }

    /// Stops it.
    ///
    /// @return what did not end in time
    List<Unstopped> stop() throws InterruptedException {
        return node.close(PATIENCE);
    }

    @Override
    public void close() {
        try {
            node.close(Duration.ZERO);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
