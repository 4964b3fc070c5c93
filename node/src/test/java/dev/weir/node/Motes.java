package dev.weir.node;

import dev.weir.connect.mqtt.MqttClient;
import dev.weir.runtime.Context;
import dev.weir.runtime.Group;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/// The recorded motes of the examples, which a test replays over real connections, and the answers
/// that are known to be right.
final class Motes {
    static final Path FOLDER = Path.of("../examples/motes");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Motes() {}

    /// A message of a mote.
    record Row(String device, boolean indoor, String topic, String json) {
        byte[] payload() {
            return json.getBytes(StandardCharsets.UTF_8);
        }

        static Row of(String[] cells) {
            String json = "{\"ts\":\"" + cells[0] + "\",\"temperature\":" + cells[3] + ",\"humidity\":" + cells[4]
                    + ",\"reading\":" + cells[5] + ",\"label\":" + cells[6] + "}";
            return new Row(
                    cells[1], cells[2].equals("indoor"), "motes/" + cells[2] + "/" + cells[1] + "/climate", json);
        }
    }

    /// One metric of a ten-minute window.
    record Window(String start, String device, String metric, long count, double mean, double min, double max) {}

    /// An alarm, from raised to cleared.
    record Episode(String device, String rule, Instant raised, Instant cleared, long rows, double peak) {}

    static String config() throws IOException {
        return Files.readString(FOLDER.resolve("motes.yaml"));
    }

    /// The rows of each mote in the order of their time.
    static Map<String, List<Row>> rows() throws IOException {
        Map<String, List<Row>> rows = new LinkedHashMap<>();
        for (String[] cells : cells("motes.csv")) {
            Row row = Row.of(cells);
            rows.computeIfAbsent(row.device(), device -> new ArrayList<>()).add(row);
        }
        return rows;
    }

    /// Every row twice, at once.
    static Map<String, List<Row>> twice(Map<String, List<Row>> rows) {
        Map<String, List<Row>> twice = new LinkedHashMap<>();
        rows.forEach((device, all) -> twice.put(
                device, all.stream().flatMap(row -> List.of(row, row).stream()).toList()));
        return twice;
    }

    /// Each row at most 30 s behind a later one of its mote: they are 5 s apart.
    static Map<String, List<Row>> shuffled(Map<String, List<Row>> rows, long seed) {
        Random random = new Random(seed);
        Map<String, List<Row>> shuffled = new LinkedHashMap<>();
        rows.forEach((device, all) -> {
            double[] place = IntStream.range(0, all.size())
                    .mapToDouble(i -> i + 6 * random.nextDouble())
                    .toArray();
            shuffled.put(
                    device,
                    IntStream.range(0, all.size())
                            .boxed()
                            .sorted(Comparator.comparingDouble(i -> place[i]))
                            .map(all::get)
                            .toList());
        });
        return shuffled;
    }

    /// Plays all motes at once, each over a connection of its own, and returns when everything is
    /// acknowledged.
    static void play(NodeRig rig, Map<String, List<Row>> rows) throws IOException, InterruptedException {
        try (Group players = Group.of(Context.background(), "motes")) {
            for (List<Row> mine : rows.values()) {
                players.go(mine.getFirst().indoor() ? () -> playMqtt(rig, mine) : () -> playCoap(rig, mine));
            }
            players.await();
        }
    }

    private static void playMqtt(NodeRig rig, List<Row> rows) throws IOException, InterruptedException {
        String device = rows.getFirst().device();
        try (MqttClient client = rig.connect(device)) {
            for (Row row : rows) {
                client.publish(row.topic(), row.payload(), 1, false);
            }
            if (!client.awaitAcknowledged(PATIENCE) || client.refused() > 0) {
                throw new IOException(device + " was not acknowledged everything");
            }
        }
    }

    private static void playCoap(NodeRig rig, List<Row> rows) throws IOException {
        try (CoapDevice device = new CoapDevice(rig.coap())) {
            for (Row row : rows) {
                var response = device.post(row.topic(), row.payload());
                if (!response.isSuccess()) {
                    throw new IOException(row.topic() + ": " + response.getCode() + " " + response.getResponseText());
                }
            }
        }
    }

    static List<Window> windows() throws IOException {
        return cells("expected/windows-10min.csv").stream()
                .map(cells -> new Window(
                        cells[0].replace("Z", ".000Z"),
                        "mote-" + cells[1],
                        cells[2],
                        Long.parseLong(cells[3]),
                        Double.parseDouble(cells[4]),
                        Double.parseDouble(cells[5]),
                        Double.parseDouble(cells[6])))
                .toList();
    }

    static List<Episode> episodes() throws IOException {
        return cells("expected/episodes.csv").stream()
                .map(cells -> new Episode(
                        "mote-" + cells[0],
                        cells[1].equals("temperature") ? "too-hot" : "too-humid",
                        Instant.parse(cells[4]),
                        Instant.parse(cells[5]),
                        Long.parseLong(cells[6]),
                        Double.parseDouble(cells[7])))
                .toList();
    }

    private static List<String[]> cells(String file) throws IOException {
        return Files.readAllLines(FOLDER.resolve(file)).stream()
                .skip(1)
                .map(line -> line.split(",", -1))
                .toList();
    }
}
