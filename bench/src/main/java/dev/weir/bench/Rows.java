package dev.weir.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The rows of a run: printed as a table, appended to `docs/benchmarks/NAME.csv`.
final class Rows {
    private static final String HEADER = "date,commit,machine,row,unit,better,ours,peer,peer_value,ratio";

    private final List<Row> rows = new ArrayList<>();

    private record Row(String name, String unit, boolean lowerIsBetter, double ours, String peer, double peerValue) {
        double ratio() {
            return lowerIsBetter ? peerValue / ours : ours / peerValue;
        }
    }

    /// Notes ours beside a peer's value. A ratio above 1 means ours is better.
    void add(String name, String unit, boolean lowerIsBetter, double ours, String peer, double peerValue) {
        rows.add(new Row(name, unit, lowerIsBetter, ours, peer, peerValue));
    }

    /// Notes a value of ours that no peer has.
    void add(String name, String unit, boolean lowerIsBetter, double ours) {
        add(name, unit, lowerIsBetter, ours, "", Double.NaN);
    }

    void print() {
        System.out.printf("%n%-52s %-14s %12s  %-12s %12s %7s%n", "row", "unit", "ours", "peer", "peer's", "ratio");
        for (Row row : rows) {
            System.out.printf(
                    Locale.ROOT,
                    "%-52s %-14s %12s  %-12s %12s %7s%n",
                    row.name,
                    row.unit,
                    number(row.ours),
                    row.peer,
                    number(row.peerValue),
                    number(row.ratio()));
        }
    }

    void append(Path csv, String commit, String machine) throws IOException {
        List<String> lines = new ArrayList<>();
        if (!Files.exists(csv)) {
            Files.createDirectories(csv.toAbsolutePath().getParent());
            lines.add(HEADER);
        }
        for (Row row : rows) {
            lines.add(String.join(
                    ",",
                    LocalDate.now(java.time.ZoneOffset.UTC).toString(),
                    commit,
                    machine,
                    row.name.replace(",", ";"),
                    row.unit,
                    row.lowerIsBetter ? "lower" : "higher",
                    number(row.ours),
                    row.peer,
                    number(row.peerValue),
                    number(row.ratio())));
        }
        Files.write(csv, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "";
        }
        return Math.abs(value) >= 100
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.2f", value);
    }
}
