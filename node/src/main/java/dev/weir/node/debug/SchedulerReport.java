package dev.weir.node.debug;

import dev.weir.runtime.Lane;
import dev.weir.runtime.SchedulerStats;
import dev.weir.runtime.SchedulingLatency;
import java.util.Locale;
import java.util.Map;

/// What the scheduler of the virtual threads does and has done, as text for people.
public final class SchedulerReport {
    private SchedulerReport() {}

    /// One line in the manner of Go's `schedtrace`, then the lanes, the processors and the threads.
    public static String text(SchedulerStats stats) {
        StringBuilder out = new StringBuilder(2048);
        out.append(stats.text()).append("\n\nlane      waiting   measured  p50 <=      p99 <=      max <=\n");
        for (Lane lane : Lane.values()) {
            lane(out, stats, lane);
        }
        out.append("\nprocessor     turns   hand-offs  waiting\n");
        int index = 0;
        for (SchedulerStats.OfProcessor one : stats.perProcessor()) {
            out.append(String.format(
                    Locale.ROOT, "%9d %9d %11d %8d%n", index++, one.turns(), one.handOffs(), sum(one.queued())));
        }
        out.append(String.format(
                Locale.ROOT,
                "%nstolen %d, retaken %d (lent for alarms %d), refused %d, rested %d%n",
                stats.stolen(),
                stats.retaken(),
                stats.lent(),
                stats.refused(),
                stats.rested()));
        out.append("virtual threads: ").append(stats.threads()).append('\n');
        return out.toString();
    }

    private static void lane(StringBuilder out, SchedulerStats stats, Lane lane) {
        int waiting = stats.queued().getOrDefault(lane, 0)
                + stats.perProcessor().stream()
                        .mapToInt(one -> one.queued().getOrDefault(lane, 0))
                        .sum();
        SchedulingLatency latency = stats.latency().get(lane);
        if (latency != null) {
            out.append(String.format(
                    Locale.ROOT,
                    "%-8s %8d %10d  %-10s  %-10s  %s%n",
                    lane.name().toLowerCase(Locale.ROOT),
                    waiting,
                    latency.measured(),
                    micros(latency, 0.5),
                    micros(latency, 0.99),
                    micros(latency, 1)));
        }
    }

    private static String micros(SchedulingLatency latency, double share) {
        return String.format(Locale.ROOT, "%.1f us", latency.quantile(share).toNanos() / 1000.0);
    }

    private static int sum(Map<Lane, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }
}
