package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpServer;
import dev.weir.connect.mqtt.MqttClient;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Readings followed through a whole node, into a collector's protobuf.
@Timeout(60)
class TracingIT {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SENDER = "b7ad6b7169203331";
    private static final String SECRET = "s3cr3t-key";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private Collector collector;

    @SuppressWarnings("NullAway.Init")
    private HttpServer hook;

    /// The path of what came to the hook, and its header `traceparent`.
    private final List<String> told = new CopyOnWriteArrayList<>();

    private int ingest;

    @BeforeEach
    void listen() throws IOException {
        collector = new Collector();
        hook = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        hook.createContext("/", exchange -> {
            try (exchange) {
                told.add(exchange.getRequestURI().getPath() + " "
                        + exchange.getRequestHeaders().getFirst("traceparent"));
                exchange.sendResponseHeaders(204, -1);
            }
        });
        hook.start();
        ingest = NodeRig.freeTcp();
    }

    @AfterEach
    void close() {
        hook.stop(0);
        collector.close();
    }

    private NodeRig open(String tracing) throws Exception {
        return NodeRig.open(folder, """
                node: traced
                memory: 256MiB
                data: ${WEIR_DATA}
                %s
                sources:
                  devices: { mqtt: { listen: "127.0.0.1:${WEIR_MQTT_PORT}" } }
                  posts: { http: { listen: "127.0.0.1:INGEST" } }
                api: { listen: "127.0.0.1:${WEIR_HTTP_PORT}" }
                pipelines:
                  kilns:
                    from: [devices, posts]
                    topic: kilns/{device}
                    decode: { json: { time: ts } }
                    stages:
                      - validate: temperature < 2000.0
                      - map: { kelvin: "temperature + 273.15" }
                      - window: { tumbling: 10m, by: device, as: tens, emit: { n: count() } }
                    to: [store, erp]
                  hot:
                    from: tens
                    stages:
                      - filter: n > 10
                rules:
                  too-hot:
                    on: kilns
                    when: temperature > 1000.0
                    do:
                      - webhook: { url: "HOOK/command" }
                sinks:
                  erp: { webhook: { url: "HOOK/reading" } }
                """.formatted(tracing)
                .replace("INGEST", String.valueOf(ingest))
                .replace("HOOK", "http://127.0.0.1:" + hook.getAddress().getPort()));
    }

    private int post(String device, String body, String traceparent) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest.Builder request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + ingest + "/kilns/" + device))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(body));
            if (!traceparent.isEmpty()) {
                request.header("traceparent", traceparent);
            }
            return client.send(request.build(), BodyHandlers.discarding()).statusCode();
        }
    }

    private static void publish(NodeRig rig, String device, int readings) throws Exception {
        try (MqttClient client = rig.connect(device)) {
            for (int i = 0; i < readings; i++) {
                byte[] payload = ("{\"temperature\":" + i + "}").getBytes(StandardCharsets.UTF_8);
                client.publish("kilns/" + device, payload, 1, false);
            }
            assertThat(client.awaitAcknowledged(Duration.ofSeconds(30))).isTrue();
        }
        rig.node().closeWindows();
    }

    /// The first span of that name.
    private Span span(String name) {
        return collector.spans().stream()
                .filter(span -> span.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String text(Span span, String key) {
        return span.getAttributesList().stream()
                .filter(attribute -> attribute.getKey().equals(key))
                .map(attribute -> attribute.getValue().getStringValue())
                .findFirst()
                .orElse("");
    }

    @Test
    void reading_thatItsSenderFollows_becomesOneTreeFromSourceToSink() throws Exception {
        String tracing = "tracing: { otlp: \"" + collector.url() + "\", headers: { api-key: " + SECRET + " } }";
        try (NodeRig rig = open(tracing)) {
            post("k7", "{\"temperature\":20.0,\"ts\":\"2026-01-01T00:00:00Z\"}", "");
            assertThat(post(
                            "k7",
                            "{\"temperature\":1200.0,\"ts\":\"2026-01-01T01:00:00Z\"}",
                            "00-" + TRACE + "-" + SENDER + "-01"))
                    .isBetween(200, 299);
            rig.node().closeWindows();
            assertThat(rig.stop()).isEmpty();
        }
        List<Span> spans = collector.spans();
        assertThat(spans).extracting(span -> Collector.hex(span.getTraceId())).containsOnly(TRACE);
        assertThat(collector.keys()).containsOnly(SECRET);

        Map<String, String> names = new HashMap<>();
        names.put(SENDER, "the sender");
        spans.forEach(span -> names.put(Collector.hex(span.getSpanId()), span.getName()));
        assertThat(spans)
                .extracting(span -> span.getName() + " < " + names.get(Collector.hex(span.getParentSpanId())))
                .containsExactlyInAnyOrder(
                        "receive posts < the sender",
                        "decode kilns < receive posts",
                        "pipeline kilns < receive posts",
                        "queue kilns < pipeline kilns",
                        "stage kilns.validate < pipeline kilns",
                        "stage kilns.map < pipeline kilns",
                        "stage kilns.window < pipeline kilns",
                        "window tens < stage kilns.window",
                        "pipeline hot < window tens",
                        "queue hot < pipeline hot",
                        "stage hot.filter < pipeline hot",
                        "queue store < window tens",
                        "sink store < window tens",
                        "queue erp < window tens",
                        "sink erp < window tens",
                        "rule too-hot < pipeline kilns",
                        "command too-hot < rule too-hot",
                        "queue store < pipeline kilns",
                        "sink store < pipeline kilns",
                        "queue erp < pipeline kilns",
                        "sink erp < pipeline kilns");
        spans.forEach(span -> assertThat(span.getEndTimeUnixNano())
                .as(span.getName())
                .isGreaterThanOrEqualTo(span.getStartTimeUnixNano()));

        Span pipeline = span("pipeline kilns");
        assertThat(text(pipeline, "weir.device")).isEqualTo("k7");
        assertThat(text(pipeline, "weir.topic")).isEqualTo("kilns/k7");
        assertThat(text(pipeline, "weir.outcome")).isEqualTo("completed");
        assertThat(text(span("pipeline hot"), "weir.outcome")).isEqualTo("filtered");
        assertThat(text(span("command too-hot"), "weir.outcome")).isEqualTo("done");
        assertThat(told)
                .contains(
                        "/reading 00-" + TRACE + "-" + id("pipeline kilns") + "-01",
                        "/reading 00-" + TRACE + "-" + id("window tens") + "-01",
                        "/command 00-" + TRACE + "-" + id("rule too-hot") + "-01");
    }

    private String id(String name) {
        return Collector.hex(span(name).getSpanId());
    }

    @Test
    void reading_thatFails_saysWhereAndWhy() throws Exception {
        try (NodeRig rig = open("tracing: { otlp: \"" + collector.url() + "\", sample: 1 }")) {
            post("k7", "{\"temperature\":5000.0}", "");
            post("k8", "{\"temperature\":", "");
            rig.node().closeWindows();
            rig.stop();
        }
        assertThat(collector.spans())
                .filteredOn(span -> span.getStatus().getCode() == Status.StatusCode.STATUS_CODE_ERROR)
                .extracting(span -> span.getName() + " " + span.getStatus().getMessage())
                .containsExactlyInAnyOrder(
                        "stage kilns.validate invalid",
                        "pipeline kilns invalid",
                        "decode kilns malformed",
                        "receive posts malformed");
    }

    @Test
    void readings_ofAFollowedDevice_areKeptForWhoHasNoCollector() throws Exception {
        try (NodeRig rig = open("tracing: {}")) {
            publish(rig, "k1", 20);
            String token = Files.readString(rig.data().resolve("admin.token")).strip();
            assertThat(ask(rig, token, "{\"device\":\"k1\",\"for\":\"10m\"}").statusCode())
                    .isEqualTo(200);
            publish(rig, "k1", 3);
            publish(rig, "k2", 20);

            JsonObject answer = JsonParser.parseString(
                            get(rig, token, "/debug/traces").body())
                    .getAsJsonObject();
            assertThat(answer.getAsJsonArray("traces")).hasSize(3);
            assertThat(answer.getAsJsonArray("traces").toString())
                    .contains("sink store", "\"weir.device\":\"k1\"")
                    .doesNotContain("k2");
            assertThat(answer.getAsJsonArray("followed").toString()).contains("k1");
            assertThat(get(rig, token, "/debug/traces?device=k2").body()).contains("\"traces\":[]");
        }
    }

    private static HttpResponse<String> ask(NodeRig rig, String token, String body) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(rig.node().url().resolve("debug/traces"))
                            .header("Authorization", "Bearer " + token)
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString());
        }
    }

    private static HttpResponse<String> get(NodeRig rig, String token, String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(rig.node().url().resolve(path))
                            .header("Authorization", "Bearer " + token)
                            .build(),
                    BodyHandlers.ofString());
        }
    }

    @Test
    void follow_withoutTracing_saysWhatToDo() throws Exception {
        try (NodeRig rig = open("")) {
            String token = Files.readString(rig.data().resolve("admin.token")).strip();
            HttpResponse<String> answer = ask(rig, token, "{\"device\":\"k1\"}");
            assertThat(answer.statusCode()).isEqualTo(409);
            assertThat(answer.body()).contains("tracing: {}");
        }
    }

    @Test
    void senders_whoFollowEverything_beginNoMoreTracesThanTheLimit() throws Exception {
        try (NodeRig rig = open("tracing: { limit: 5 }")) {
            for (int i = 0; i < 12; i++) {
                post("k7", "{\"temperature\":1.0}", "00-" + TRACE + "-" + SENDER + "-01");
            }
            String metrics = rig.get("/metrics").body();
            assertThat(metrics).containsPattern("weir_tracing_skipped_total [1-9]");
        }
    }

    @Test
    void collector_thatIsAway_costsItsSpansOnlyAndTheNodeStopsInTime() throws Exception {
        collector.close();
        try (NodeRig rig = open("tracing: { otlp: \"" + collector.url() + "\", sample: 1, limit: 10000 }")) {
            publish(rig, "k1", 200);
            NodeRig.await(
                    "spans are dropped and counted",
                    () -> rig.get("/metrics")
                            .body()
                            .contains("weir_tracing_spans_dropped_total{reason=\"export-failed\"}"));
            assertThat(rig.node().ledger().balanced()).isTrue();
            assertThat(rig.stop()).isEmpty();
        }
    }
}
