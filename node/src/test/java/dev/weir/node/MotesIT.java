package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.connect.mqtt.MqttClient;
import dev.weir.engine.flow.Ledger;
import dev.weir.node.Motes.Episode;
import dev.weir.node.Motes.Row;
import dev.weir.node.Motes.Window;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The main job: four recorded motes over real MQTT and CoAP, and the answers that are known.
@Timeout(120)
class MotesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Map<String, Integer> READINGS =
            Map.of("mote-1", 4417, "mote-2", 4417, "mote-3", 5039, "mote-4", 5041);
    private static final String FROM = "    from: [indoor, outdoor]\n";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void run_withAnyNumberOfWorkers_givesTheKnownAnswers(int workers) throws Exception {
        String config = Motes.config().replace(FROM, FROM + "    workers: " + workers + "\n");

        check(config, Motes.rows(), 0);
    }

    @Test
    void run_withEveryReadingTwice_givesTheKnownAnswers() throws Exception {
        check(Motes.config(), Motes.twice(Motes.rows()), 18_914);
    }

    @Test
    void run_outOfOrderWithinTheLateness_givesTheKnownAnswers() throws Exception {
        long seed = Long.getLong("weir.seed", System.nanoTime());
        System.out.println("MotesIT: -Dweir.seed=" + seed);
        String config = Motes.config().replace(FROM, FROM + "    order: event-time\n    lateness: 30s\n");

        check(config, Motes.shuffled(Motes.rows(), seed), 0);
    }

    private void check(String config, Map<String, List<Row>> rows, long duplicates) throws Exception {
        // A replacement that found nothing would test nothing.
        assertThat(config.equals(Motes.config())).isEqualTo(duplicates > 0);
        try (NodeRig rig = NodeRig.open(folder, config);
                MqttClient fans = rig.connect("fans")) {
            fans.subscribe("motes/+/fan/set", 1);

            Motes.play(rig, rows);
            rig.node().closeWindows();

            checkReadings(rig);
            checkWindows(rig);
            checkEpisodes(rig);
            checkCommands(rig, fans);
            checkLedger(rig, duplicates);
            assertThat(rig.stop()).isEmpty();
            assertThat(rig.node().ledger().balanced()).isTrue();
        }
    }

    private static void checkReadings(NodeRig rig) throws IOException, InterruptedException {
        Map<String, Integer> found =
                rig.sql("select device, count(*), count(distinct time) from climate group by device").stream()
                        .peek(row -> assertThat(row.get(1)).isEqualTo(row.get(2)))
                        .collect(Collectors.toMap(List::getFirst, row -> Integer.parseInt(row.get(1))));
        assertThat(found).isEqualTo(READINGS);
    }

    private static void checkWindows(NodeRig rig) throws IOException, InterruptedException {
        Map<String, List<String>> found = new LinkedHashMap<>();
        rig.sql("select device || '@' || time, n, mean_t, min_t, max_t, mean_h, min_h, max_h from climate_10m")
                .forEach(row -> assertThat(found.put(row.getFirst(), row)).isNull());
        assertThat(found).hasSize(159);
        List<Window> expected = Motes.windows();
        assertThat(expected).hasSize(2 * 159);
        for (Window window : expected) {
            String key = window.device() + "@" + window.start();
            List<String> row = Objects.requireNonNull(found.get(key), key);
            int column = window.metric().equals("temperature") ? 2 : 5;
            assertThat(Long.parseLong(row.get(1))).as(key).isEqualTo(window.count());
            assertThat(Double.parseDouble(row.get(column))).as(key).isEqualTo(window.mean(), within(1e-6));
            assertThat(Double.parseDouble(row.get(column + 1))).as(key).isEqualTo(window.min(), within(1e-6));
            assertThat(Double.parseDouble(row.get(column + 2))).as(key).isEqualTo(window.max(), within(1e-6));
        }
    }

    private static void checkEpisodes(NodeRig rig) throws IOException, InterruptedException {
        // How many readings an alarm lasted is in the API and the table, not in the view for people.
        List<Episode> found = rig
                .sql("select a.device, a.rule, raised_at, cleared_at, t.readings, a.peak from alarms a"
                        + " join weir_alarm t using (id)")
                .stream()
                .map(row -> new Episode(
                        row.get(0),
                        row.get(1),
                        Instant.parse(row.get(2)),
                        Instant.parse(row.get(3)),
                        Long.parseLong(row.get(4)),
                        Double.parseDouble(row.get(5))))
                .toList();
        assertThat(found).containsExactlyInAnyOrderElementsOf(Motes.episodes());
    }

    private static void checkCommands(NodeRig rig, MqttClient fans) throws IOException, InterruptedException {
        Map<String, List<Boolean>> expected = new LinkedHashMap<>();
        Motes.episodes().stream()
                .filter(episode -> episode.rule().equals("too-hot"))
                .forEach(episode -> expected.computeIfAbsent(episode.device(), device -> new ArrayList<>())
                        .addAll(List.of(true, false)));
        int commands = expected.values().stream().mapToInt(List::size).sum();
        Map<String, List<Boolean>> found = new LinkedHashMap<>();
        for (int i = 0; i < commands; i++) {
            MqttClient.Received received = fans.receive(PATIENCE).orElseThrow();
            String payload = new String(received.payload(), StandardCharsets.UTF_8);
            String device = payload.replaceAll(".*\"because\":\"([^\"]*)\".*", "$1");
            String place = Set.of("mote-1", "mote-2").contains(device) ? "indoor" : "outdoor";
            assertThat(received.topic()).isEqualTo("motes/" + place + "/fan/set");
            found.computeIfAbsent(device, key -> new ArrayList<>()).add(payload.contains("\"on\":true"));
        }
        assertThat(found).isEqualTo(expected);
        assertThat(rig.node().commands().issued()).isEqualTo(commands);
        assertThat(rig.node().commands().done()).isEqualTo(commands);
        assertThat(rig.node().commands().balanced()).isTrue();
    }

    private static void checkLedger(NodeRig rig, long duplicates) {
        Ledger ledger = rig.node().ledger();
        assertThat(ledger.balanced()).as(ledger.toString()).isTrue();
        assertThat(ledger.streams())
                .containsExactlyInAnyOrder(
                        new Ledger.StreamLine(
                                "climate", false, 18_914 + duplicates, 18_914, 0, duplicates, Map.of(), Map.of(), 0),
                        new Ledger.StreamLine("climate_10m", true, 159, 159, 0, 0, Map.of(), Map.of(), 0));
    }
}
