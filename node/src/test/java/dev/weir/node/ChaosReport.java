package dev.weir.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What a run of [ChaosIT] measured: never judged, since the machine has a say in it.
final class ChaosReport {
    private static final Path FILE = Path.of("target", "chaos.csv");
    private static final String HEAD = "when,seed,scheduler,seconds,neighbour,quiet_readings,quiet_p50_ms,quiet_p99_ms,"
            + "quiet_max_ms,chaos_readings,chaos_p50_ms,chaos_p99_ms,chaos_max_ms,p99_ratio";

    private ChaosReport() {}

    /// Prints it, and writes it to `target/chaos.csv`.
    static void write(ChaosRun run) throws IOException {
        List<String> rows = new ArrayList<>();
        rows.add(HEAD);
        for (String kind : List.of("mqtt", "http", "coap")) {
            rows.add(row(run, kind));
        }
        Files.createDirectories(FILE.getParent());
        Files.write(FILE, rows);
        rows.forEach(row -> System.out.println("chaos: " + row));
        System.out.printf(
                Locale.ROOT,
                "chaos: health: %d answers, p99 %.1f ms, worst %.1f ms%n",
                run.watch.latencies().count(),
                millis(run.watch.latencies(), 0.99),
                millis(run.watch.latencies(), 1));
        System.out.printf("chaos: heap %d MiB before, %d MiB after%n", run.heapBefore >> 20, run.heapAfter >> 20);
        System.out.printf(
                "chaos: closed in %d ms of %d; left behind: %s%n",
                run.closing.toMillis(), ChaosRun.DEADLINE.toMillis(), run.left);
        System.out.println("chaos: abandoned meanwhile: " + run.watch.abandoned());
        run.supervised.forEach((name, part) -> System.out.println("chaos: " + name + " " + part));
        run.ledger.streams().forEach(line -> System.out.println("chaos: " + line));
        run.ledger.sources().forEach(line -> System.out.println("chaos: " + line));
        System.out.println("chaos: " + run.commands);
    }

    private static String row(ChaosRun run, String kind) {
        Latencies quiet = run.node.arrivals.latencies(kind, "quiet");
        Latencies chaos = run.node.arrivals.latencies(kind, "chaos");
        return String.format(
                Locale.ROOT,
                "%s,%d,%s,%d,%s,%s,%s,%.1f",
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                run.seed,
                System.getProperty("weir.scheduler", "weir"),
                run.length.toSeconds(),
                kind,
                cells(quiet),
                cells(chaos),
                (double) chaos.quantile(0.99) / Math.max(1, quiet.quantile(0.99)));
    }

    private static String cells(Latencies latencies) {
        return String.format(
                Locale.ROOT,
                "%d,%.2f,%.2f,%.2f",
                latencies.count(),
                millis(latencies, 0.5),
                millis(latencies, 0.99),
                millis(latencies, 1));
    }

    private static double millis(Latencies latencies, double share) {
        return latencies.quantile(share) / 1e6;
    }
}
