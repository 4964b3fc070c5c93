package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import dev.weir.connect.mqtt.MqttClient;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a node still knows when it is started again, and what keeps it from starting.
@Timeout(60)
class NodeRestartIT {
    private static final String CONFIG = """
            node: again
            data: ${WEIR_DATA}
            sources:
              devices: { mqtt: { listen: "127.0.0.1:${WEIR_MQTT_PORT}" } }
              motes: { coap: { listen: "127.0.0.1:${WEIR_COAP_PORT}" } }
            pipelines:
              climate: { from: [devices, motes], topic: "gh/{device}", decode: { json: { time: ts } }, to: store }
            rules:
              hot:
                on: climate
                when: temperature > 30
                until: temperature < 28
                track: temperature
                do: [ raise: { severity: high, text: "{device}: {temperature}" } ]
            api: { listen: "127.0.0.1:${WEIR_HTTP_PORT}" }
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private static void publish(NodeRig rig, String device, String time, double temperature)
            throws IOException, InterruptedException {
        try (MqttClient client = rig.connect(device)) {
            String json = "{\"ts\":\"2026-05-09T" + time + "Z\",\"temperature\":" + temperature + "}";
            client.publish("gh/" + device, json.getBytes(StandardCharsets.UTF_8), 1, false);
            assertThat(client.awaitAcknowledged(Duration.ofSeconds(30))).isTrue();
        }
        rig.node().closeWindows();
    }

    private static JsonArray alarms(NodeRig rig) throws IOException, InterruptedException {
        return JsonParser.parseString(rig.get("/api/v1/alarms").body())
                .getAsJsonObject()
                .getAsJsonArray("alarms");
    }

    @Test
    void restart_onTheSameFolder_goesOnWhereItWas() throws Exception {
        long epoch;
        try (NodeRig first = NodeRig.open(folder, CONFIG)) {
            epoch = first.node().store().epoch();
            publish(first, "t1", "10:00:00", 31);
            publish(first, "t2", "10:00:00", 20);
            assertThat(first.sql("select device, temperature from climate order by device"))
                    .containsExactly(List.of("t1", "31.0"), List.of("t2", "20.0"));
            assertThat(first.stop()).isEmpty();
        }
        try (NodeRig second = NodeRig.open(folder, CONFIG)) {
            assertThat(second.node().store().epoch()).isGreaterThan(epoch);
            assertThat(second.get("/api/v1/latest").body()).contains("\"t1\"", "31", "\"t2\"", "20");
            assertThat(alarms(second)).singleElement().satisfies(alarm -> {
                assertThat(alarm.getAsJsonObject().get("raisedAt").getAsString())
                        .isEqualTo("2026-05-09T10:00:00Z");
                assertThat(alarm.getAsJsonObject().get("clearedAt").isJsonNull())
                        .isTrue();
            });

            publish(second, "t1", "10:01:00", 33);
            publish(second, "t1", "10:02:00", 27);

            NodeRig.await(
                    "the alarm is cleared in the store",
                    () -> second.sql("select rule, device, raised_at, cleared_at, peak from alarms")
                            .equals(List.of(List.of(
                                    "hot", "t1", "2026-05-09T10:00:00.000Z", "2026-05-09T10:02:00.000Z", "33.0"))));
            assertThat(second.sql("select count(*) from climate")).containsExactly(List.of("4"));
            assertThat(second.node().ledger().balanced()).isTrue();
        }
    }

    @Test
    void open_onTheFolderOfARunningNode_isRefusedAndNamesTheFolder() throws Exception {
        try (NodeRig first = NodeRig.open(folder, CONFIG)) {
            assertThatThrownBy(() -> NodeRig.open(folder, CONFIG))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(first.data().toAbsolutePath().toString())
                    .hasMessageContaining("in use by another node");

            publish(first, "t1", "10:00:00", 31);
            assertThat(first.sql("select count(*) from climate")).containsExactly(List.of("1"));
        }
    }

    private NodePlan plan(String yaml, Map<String, String> environment) throws IOException {
        Path file = Files.writeString(folder.resolve("taken.yaml"), yaml);
        NodePlan plan = NodePlan.of(NodePlan.load(file, environment));
        assertThat(plan.config().report().render()).isEmpty();
        return plan;
    }

    /// The place is that of the address; afterwards the folder is free again.
    private void checkTaken(NodePlan plan, String place, int port) throws Exception {
        assertThatThrownBy(() -> Node.open(plan)).isInstanceOf(IOException.class);

        assertThat(plan.config().report().render())
                .startsWith(folder.resolve("taken.yaml") + ":" + place + ": error: ")
                .contains(String.valueOf(port), "listen", "1 error, 0 warnings");
        assertThat(plan.config().report().exitCode()).isEqualTo(1);
        NodeRig.open(folder, CONFIG).close();
    }

    private Map<String, String> environment(int mqtt, int coap, int http) {
        return Map.of(
                "WEIR_DATA",
                folder.resolve("data").toString(),
                "WEIR_MQTT_PORT",
                String.valueOf(mqtt),
                "WEIR_COAP_PORT",
                String.valueOf(coap),
                "WEIR_HTTP_PORT",
                String.valueOf(http));
    }

    @Test
    void open_withMqttPortTaken_pointsAtListen() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = other.getLocalPort();
            checkTaken(plan(CONFIG, environment(port, NodeRig.freeUdp(), 0)), "4:31", port);
        }
    }

    @Test
    void open_withCoapPortTaken_pointsAtListen() throws Exception {
        try (DatagramSocket other = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            int port = other.getLocalPort();
            checkTaken(plan(CONFIG, environment(NodeRig.freeTcp(), port, 0)), "5:29", port);
        }
    }

    @Test
    void open_withHttpPortTaken_pointsAtListen() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = other.getLocalPort();
            checkTaken(plan(CONFIG, environment(NodeRig.freeTcp(), NodeRig.freeUdp(), port)), "15:17", port);
        }
    }
}
