package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weir.connect.mqtt.MqttClient;
import dev.weir.engine.flow.Ledger;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A node whose webhook fails in every way: how often it is tried, and what becomes of readings.
@Timeout(120)
class SinkAttemptsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String CONFIG = """
            node: tried
            data: ${WEIR_DATA}
            sources:
              devices: { mqtt: { listen: "127.0.0.1:${WEIR_MQTT_PORT}" } }
            pipelines:
              load: { from: devices, topic: "load/{device}", workers: 1, to: hook }
            sinks:
              hook: { webhook: { url: "URL", idempotent: true }, ATTEMPTS }
            api: { listen: "127.0.0.1:${WEIR_HTTP_PORT}" }
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    /// A web server that follows a script: a status for each request, or hanging up to the test;
    /// 204 when the script is over.
    private static final class Peer implements AutoCloseable {
        static final int SILENCE = 0;

        final List<String> bodies = new CopyOnWriteArrayList<>();
        final List<String> keys = new CopyOnWriteArrayList<>();
        private final BlockingQueue<Integer> script = new LinkedBlockingQueue<>();
        private final CountDownLatch end = new CountDownLatch(1);
        private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        private final HttpServer server;

        Peer(Integer... statuses) throws IOException {
            script.addAll(List.of(statuses));
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
            server.setExecutor(executor);
            server.createContext("/", this::handle);
            server.start();
        }

        private void handle(HttpExchange exchange) throws IOException {
            try (exchange) {
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                bodies.add(body);
                keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Idempotency-Key")));
                Integer status = script.poll();
                if (status != null && status == SILENCE) {
                    end.await();
                    return;
                }
                exchange.sendResponseHeaders(status == null ? 204 : status, -1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort() + "/readings";
        }

        @Override
        public void close() {
            end.countDown();
            server.stop(0);
            executor.shutdownNow();
        }
    }

    private NodeRig open(Peer peer, String attempts) throws IOException, InterruptedException {
        return NodeRig.open(folder, CONFIG.replace("URL", peer.url()).replace("ATTEMPTS", attempts));
    }

    private static void publish(NodeRig rig, int readings) throws IOException, InterruptedException {
        try (MqttClient client = rig.connect("d")) {
            for (int i = 0; i < readings; i++) {
                client.publish("load/d", ("{\"n\":" + i + "}").getBytes(StandardCharsets.UTF_8), 1, false);
            }
            assertThat(client.awaitAcknowledged(PATIENCE)).isTrue();
        }
    }

    private static Ledger.StreamLine settled(NodeRig rig, long readings) throws Exception {
        NodeRig.await("all readings are settled", () -> {
            Ledger.StreamLine line = rig.node().ledger().streams().getFirst();
            return line.accepted() == readings && line.queued() == 0 && line.balanced();
        });
        return rig.node().ledger().streams().getFirst();
    }

    private static JsonObject sink(NodeRig rig) throws IOException, InterruptedException {
        return JsonParser.parseString(rig.get("/api/v1/pipelines").body())
                .getAsJsonObject()
                .getAsJsonArray("sinks")
                .get(0)
                .getAsJsonObject();
    }

    @Test
    void failuresForAWhile_areRetriedUnderTheSameKeyAndNothingIsLost() throws Exception {
        try (Peer peer = new Peer(503, 429, 500);
                NodeRig rig = open(peer, "retry: { first-delay: 2ms, max-delay: 10ms }")) {
            publish(rig, 3);

            assertThat(settled(rig, 3).completed()).isEqualTo(3);
            assertThat(peer.bodies).hasSize(6);
            assertThat(peer.keys.subList(0, 4)).containsOnly(peer.keys.getFirst());
            assertThat(sink(rig).get("retries").getAsInt()).isEqualTo(3);
        }
    }

    @Test
    void failuresBeyondTheAttempts_makeDeadLettersLikeRefusals() throws Exception {
        try (Peer peer = new Peer(503, 503, 503, 400, 503);
                NodeRig rig = open(peer, "retry: { attempts: 3, first-delay: 2ms, max-delay: 10ms }")) {
            publish(rig, 3);

            Ledger.StreamLine line = settled(rig, 3);
            assertThat(line.deadLettered()).isEqualTo(Map.of("gave-up", 1L, "refused", 1L));
            assertThat(line.completed()).isEqualTo(1);
        }
    }

    @Test
    void breaker_opensShowsItselfAndCloses() throws Exception {
        try (Peer peer = new Peer(503, 503, 503, 503);
                NodeRig rig = open(
                        peer, "retry: { first-delay: 1ms, max-delay: 1ms }, breaker: { failures: 2, open: 500ms }")) {
            publish(rig, 5);

            NodeRig.await(
                    "the API says that it is open",
                    () -> sink(rig).get("breaker").getAsString().equals("open"));
            assertThat(settled(rig, 5).completed()).isEqualTo(5);
            assertThat(sink(rig).get("breaker").getAsString()).isEqualTo("closed");
            // Opened by the second failure, and by each of two probes that failed.
            assertThat(rig.get("/metrics").body())
                    .contains(
                            "weir_sink_breaker_opened_total{sink=\"hook\"} 3.0",
                            "weir_sink_breaker_open{sink=\"hook\"} 0.0");
        }
    }

    @Test
    void hedge_whenTheFirstAnswerIsMissing_completesWithTheSecond() throws Exception {
        try (Peer peer = new Peer(Peer.SILENCE);
                NodeRig rig = open(peer, "hedge: 20ms")) {
            publish(rig, 1);

            assertThat(settled(rig, 1).completed()).isEqualTo(1);
            assertThat(peer.keys).hasSize(2).containsOnly(peer.keys.getFirst());
            assertThat(rig.get("/metrics").body()).contains("weir_sink_hedges_total{sink=\"hook\"} 1.0");
        }
    }

    @Test
    void stop_whileTheSinkIsLeftAlone_endsWithinItsDeadline() throws Exception {
        try (Peer peer = new Peer(503);
                NodeRig rig = open(peer, "breaker: { failures: 1, open: 1h }")) {
            publish(rig, 1);
            NodeRig.await(
                    "it is open", () -> sink(rig).get("breaker").getAsString().equals("open"));

            assertThat(rig.node().close(Duration.ZERO)).isEmpty();
            assertThat(rig.node().ledger().streams().getFirst().dropped()).isEqualTo(Map.of("shutdown", 1L));
        }
    }
}
