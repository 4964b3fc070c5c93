package dev.weir.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The journal beside other ways to have records on the disk, on the same disk, in turn.
final class JournalBench {
    private static final List<String> PARTS = List.of("group", "one", "batch", "read", "open");
    private static final List<String> CANDIDATES = List.of("weir", "rocksdb", "sqlite");

    private final Cells cells;
    private final Path disk;
    private final Medians medians = new Medians();

    private JournalBench(Cells cells, Path disk) {
        this.cells = cells;
        this.disk = disk;
    }

    /// `JournalBench <classes> <the peers' folder> <folder on the disk> <csv> <commit> <machine>
    /// [--quick] [--rounds=N] [PART…]`.
    public static void main(String[] args) throws Exception {
        Choice<String> choice =
                Choice.of(PARTS, part -> part, Arrays.asList(args).subList(6, args.length));
        int rounds = choice.rounds() > 0 ? choice.rounds() : choice.quick() ? 1 : 5;
        int seconds = choice.quick() ? 3 : 8;
        Path work = Files.createTempDirectory("weir-bench");
        var bench = new JournalBench(new Cells(args[0], Path.of(args[1]), work, work), Path.of(args[2]));
        for (int round = 1; round <= rounds; round++) {
            for (String part : choice.parts()) {
                bench.measure(part, seconds);
            }
        }
        Rows rows = new Rows();
        choice.parts().forEach(part -> bench.add(part, rows));
        rows.print();
        rows.append(Path.of(args[3]), args[4], args[5]);
    }

    private void measure(String part, int seconds) throws IOException, InterruptedException {
        switch (part) {
            case "group", "read" -> {
                for (String candidate : CANDIDATES) {
                    run(part, candidate, seconds).forEach((_, value) -> medians.add(part + candidate, value));
                }
            }
            case "open" -> medians.add(part, run(part, "weir", seconds).getOrDefault("open", Double.NaN));
            default -> run(part, "weir", seconds).forEach((name, value) -> medians.add(part + name, value));
        }
    }

    private Map<String, Double> run(String part, String candidate, int seconds)
            throws IOException, InterruptedException {
        Files.createDirectories(disk);
        Path folder = Files.createTempDirectory(disk, part);
        try {
            Map<String, Double> values =
                    cells.run("journal", 2, part, candidate, folder.toString(), String.valueOf(seconds));
            System.out.printf("%-8s %-8s %s%n", part, candidate, values);
            return values;
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    private void add(String part, Rows rows) {
        switch (part) {
            case "group" -> beside(rows, "1,000 virtual threads, 200 bytes each, durable", part, "1/s");
            case "read" -> beside(rows, "read back, 200 bytes each", part, "1/s");
            case "one" ->
                rows.add("one appender, 200 bytes, durable", "us", true, medians.of("oneweir"), "plain", plain(part));
            case "batch" ->
                rows.add("batches of 1 MiB, durable", "MB/s", false, medians.of("batchweir"), "plain", plain(part));
            default -> rows.add("open a journal of 10 GiB", "ms", true, medians.of(part));
        }
    }

    private double plain(String part) {
        return medians.of(part + "plain");
    }

    private void beside(Rows rows, String row, String part, String unit) {
        for (String peer : CANDIDATES.subList(1, CANDIDATES.size())) {
            rows.add(row, unit, false, medians.of(part + "weir"), peer, medians.of(part + peer));
        }
    }
}
