package dev.weir.cli;

import dev.weir.engine.size.Queueing;
import dev.weir.engine.size.Scalability;
import dev.weir.engine.size.SizeChart;
import dev.weir.engine.size.Sizing;
import dev.weir.engine.size.Sizing.Load;
import dev.weir.engine.size.Sizing.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The table of `weir size`.
final class SizeText {
    /// Up to here each number of workers has its row, beyond it only some.
    private static final int ALL = 16;

    private SizeText() {}

    /// @param origin where the service times are from
    static List<String> of(String segment, int workers, String origin, Sizing sizing) {
        List<String> lines = new ArrayList<>();
        Load load = sizing.load();
        lines.add(String.format(
                Locale.ROOT,
                "%s: %s/s, service time %s, coefficient of variation %.2f (%s)",
                segment,
                rate(load.perSecond()),
                SizeChart.duration(load.service().meanSeconds()),
                load.service().cv(),
                origin));
        lines.add("  " + queueing(load) + contention(load.scalability()));
        lines.add("  workers  utilisation      mean       p50       p99");
        for (Row row : sizing.rows()) {
            String marks = marks(row, workers, sizing);
            if (shown(row.workers()) || row.workers() == sizing.rows().size() || !marks.isEmpty()) {
                lines.add(row(row) + marks);
            }
        }
        lines.add("  " + advice(workers, sizing));
        return lines;
    }

    private static String queueing(Load load) {
        String devices = load.devices().isPresent() ? load.devices().getAsInt() + " devices" : "many devices";
        return load.queueing() == Queueing.SHARED
                ? "one queue for all workers"
                : "a queue for each worker, " + devices + " spread over them";
    }

    private static String contention(Scalability law) {
        return law.equals(Scalability.LINEAR)
                ? "; workers do not disturb each other"
                : String.format(Locale.ROOT, "; sigma %.4f, kappa %.6f", law.contention(), law.coherency());
    }

    private static String rate(double perSecond) {
        return perSecond >= 100
                ? String.format(Locale.ROOT, "%,.0f", perSecond)
                : String.format(Locale.ROOT, "%.3f", perSecond).replaceFirst("\\.?0+$", "");
    }

    private static boolean shown(int workers) {
        return workers <= ALL || (workers % 8 == 0 && (workers <= 64 || Integer.bitCount(workers) == 1));
    }

    private static String row(Row row) {
        String left = String.format(Locale.ROOT, "  %7d  %9.0f %%", row.workers(), 100 * row.utilisation());
        if (!row.stable()) {
            return left + (row.utilisation() < 1 ? "  unstable: one worker gets too much" : "  unstable: too much");
        }
        return left
                + String.format(
                        "  %8s  %8s  %8s",
                        SizeChart.duration(row.meanSeconds()),
                        SizeChart.duration(row.p50Seconds()),
                        SizeChart.duration(row.p99Seconds()));
    }

    private static String marks(Row row, int workers, Sizing sizing) {
        return (row.workers() == workers ? "  now" : "")
                + (row.workers() == sizing.sweetSpot().orElse(0) ? "  sweet spot" : "")
                + (row.workers() == sizing.plateau().orElse(0) ? "  plateau" : "");
    }

    private static String advice(int workers, Sizing sizing) {
        int most = sizing.rows().size();
        if (sizing.sweetSpot().isEmpty()) {
            return "up to " + most + " workers cannot do it: every queue fills; make the work shorter, or let less in";
        }
        int sweet = sizing.sweetSpot().getAsInt();
        String words = "workers: " + sweet + " is the least within 5 % of the best p99; now " + workers + ". ";
        return words
                + (sizing.plateau().isEmpty()
                        ? "Up to " + most + " each step still gives something"
                        : "From " + sizing.plateau().getAsInt() + " on no more workers give 2 %");
    }
}
