package dev.weir.engine.stage;

import dev.weir.engine.Reading;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/// The recorded motes and the answers a correct pipeline gives.
public final class Motes {
    private Motes() {}

    /// One row of the recording.
    public record Row(int reading, String mote, double humidity, double temperature) {
        public Reading on(TestStream stream) {
            Reading result = stream.at(mote, 5.0 * (reading - 1));
            result.set(stream.schema().slotFor("humidity"), humidity);
            result.set(stream.schema().slotFor("temperature"), temperature);
            return result;
        }
    }

    /// A ten-minute window.
    public record WindowRow(
            Instant start, String mote, String metric, long count, double mean, double min, double max) {}

    /// From raised to cleared.
    public record Episode(String mote, String metric, Instant raisedAt, Instant clearedAt, long rows, double peak) {}

    /// The rows mote after mote, as they were recorded.
    public static List<Row> rows() {
        return lines("data.csv").stream()
                .map(cells -> new Row(
                        Integer.parseInt(cells[0]),
                        cells[1],
                        Double.parseDouble(cells[3]),
                        Double.parseDouble(cells[4])))
                .toList();
    }

    /// The rows as they were measured, at the same time by mote.
    public static List<Row> rowsByTime() {
        return rows().stream()
                .sorted(Comparator.comparingInt(Row::reading).thenComparing(Row::mote))
                .toList();
    }

    public static List<WindowRow> windows() {
        return lines("expected/windows-10min.csv").stream()
                .map(cells -> new WindowRow(
                        Instant.parse(cells[0]),
                        cells[1],
                        cells[2],
                        Long.parseLong(cells[3]),
                        Double.parseDouble(cells[4]),
                        Double.parseDouble(cells[5]),
                        Double.parseDouble(cells[6])))
                .toList();
    }

    public static List<Episode> episodes() {
        return lines("expected/episodes.csv").stream()
                .map(cells -> new Episode(
                        cells[0],
                        cells[1],
                        Instant.parse(cells[4]),
                        Instant.parse(cells[5]),
                        Long.parseLong(cells[6]),
                        Double.parseDouble(cells[7])))
                .toList();
    }

    private static List<String[]> lines(String file) {
        try (InputStream in = Objects.requireNonNull(Motes.class.getResourceAsStream("/motes/" + file), file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .map(line -> line.split(",", -1))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
