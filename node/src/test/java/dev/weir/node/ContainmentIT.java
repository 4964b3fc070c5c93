package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.weir.connect.mqtt.MqttClient;
import dev.weir.engine.flow.Ledger;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What fails stays where it is: the neighbours do not notice.
@Timeout(60)
class ContainmentIT {
    private static final int READINGS = 200;

    private static final String HEAD = """
            node: contained
            memory: 256MiB
            data: ${WEIR_DATA}
            sources:
              devices: { mqtt: { listen: "127.0.0.1:${WEIR_MQTT_PORT}" } }
            api: { listen: "127.0.0.1:${WEIR_HTTP_PORT}" }
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private static void publish(NodeRig rig) throws IOException, InterruptedException {
        try (MqttClient device = rig.connect("t1")) {
            for (int i = 0; i < READINGS; i++) {
                byte[] payload = ("{\"seq\":" + i + ",\"none\":0}").getBytes(StandardCharsets.UTF_8);
                device.publish("t/t1", payload, 1, false);
            }
            assertThat(device.awaitAcknowledged(Duration.ofSeconds(30))).isTrue();
            assertThat(device.refused()).isZero();
        }
        rig.node().closeWindows();
    }

    private static Ledger.StreamLine completed(String stream) {
        return new Ledger.StreamLine(stream, false, READINGS, READINGS, 0, 0, Map.of(), Map.of(), 0);
    }

    private static Ledger.StreamLine dead(String stream, String reason) {
        long all = READINGS;
        return new Ledger.StreamLine(stream, false, all, 0, 0, 0, Map.of(reason, all), Map.of(), 0);
    }

    private static List<JsonObject> deadLetters(NodeRig rig) throws Exception {
        NodeRig.await(
                "dead letters are kept",
                () -> rig.sql("select count(*) from dead_letters").equals(List.of(List.of(String.valueOf(READINGS)))));
        return JsonParser.parseString(
                        rig.get("/api/v1/dead-letters?limit=" + 2 * READINGS).body())
                .getAsJsonObject()
                .getAsJsonArray("deadLetters")
                .asList()
                .stream()
                .map(JsonElement::getAsJsonObject)
                .toList();
    }

    @Test
    void pipelineWhoseExpressionsFail_makesDeadLettersAndItsNeighbourWorks() throws Exception {
        String config = HEAD + """
                pipelines:
                  bad:
                    from: devices
                    topic: t/{device}
                    fields: { seq: { type: long }, none: { type: long } }
                    stages: [ map: { quotient: seq / none } ]
                    to: store
                  good: { from: devices, topic: "t/{device}", fields: { seq: { type: long } }, to: store }
                rules:
                  broken: { on: good, when: missing > 3, do: [ raise: { text: "{device}" } ] }
                  sound: { on: good, when: seq == 100, do: [ raise: { text: "{device}" } ] }
                """;
        try (NodeRig rig = NodeRig.open(folder, config)) {
            publish(rig);

            Ledger ledger = rig.node().ledger();
            assertThat(ledger.streams()).containsExactlyInAnyOrder(dead("bad", "division-by-zero"), completed("good"));
            assertThat(ledger.balanced()).isTrue();
            assertThat(rig.sql("select count(*), count(distinct seq) from good"))
                    .containsExactly(List.of(String.valueOf(READINGS), String.valueOf(READINGS)));
            NodeRig.await(
                    "the alarm is kept",
                    () -> rig.sql("select rule, device from alarms").equals(List.of(List.of("sound", "t1"))));
            assertThat(deadLetters(rig)).hasSize(READINGS).allSatisfy(letter -> {
                assertThat(letter.get("stream").getAsString()).isEqualTo("bad");
                assertThat(letter.get("device").getAsString()).isEqualTo("t1");
                assertThat(letter.get("detail").getAsString()).contains("zero");
                assertThat(letter.get("excerpt").getAsString()).contains("\"seq\"");
            });
        }
    }

    @Test
    void webhookThatAlwaysAnswers400_makesDeadLettersAndItsNeighbourWorks() throws Exception {
        try (Hook refusing = Hook.answering(400);
                Hook taking = Hook.answering(204)) {
            String config = HEAD + """
                    pipelines:
                      refused: { from: devices, topic: "t/{device}", to: [erp, store] }
                      taken: { from: devices, topic: "t/{device}", fields: { seq: { type: long } }, to: plant }
                    sinks:
                      erp: { webhook: { url: "%s", batch: 16 } }
                      plant: { webhook: { url: "%s", batch: 16 } }
                    """.formatted(refusing.url(), taking.url());
            try (NodeRig rig = NodeRig.open(folder, config)) {
                publish(rig);

                Ledger ledger = rig.node().ledger();
                assertThat(ledger.streams()).containsExactlyInAnyOrder(dead("refused", "refused"), completed("taken"));
                assertThat(ledger.balanced()).isTrue();
                assertThat(taking.confirmed().get("t1"))
                        .containsExactlyElementsOf(IntStream.range(0, READINGS)
                                .mapToObj(Long::valueOf)
                                .toList());
                assertThat(rig.sql("select count(*) from refused")).containsExactly(List.of(String.valueOf(READINGS)));
                assertThat(deadLetters(rig)).hasSize(READINGS).allSatisfy(letter -> {
                    assertThat(letter.get("reason").getAsString()).isEqualTo("refused");
                    assertThat(letter.get("detail").getAsString()).contains("erp", "400");
                });
            }
        }
    }
}
