package dev.weir.node;

import dev.weir.engine.Meters;
import dev.weir.runtime.Lane;
import dev.weir.runtime.Scheduler;
import dev.weir.runtime.SchedulerStats;
import dev.weir.runtime.SchedulerStats.OfProcessor;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// What the scheduler of the virtual threads does, as metrics. Read when somebody looks; all
/// figures of one look are of the same moment.
final class SchedulerGauges {
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    /// Bounds of the histogram: powers of two nanoseconds, from a microsecond to a second.
    private static final int FIRST_BOUND = 10;

    private static final int LAST_BOUND = 30;
    private static final int BOUND_STEP = 2;

    private final Scheduler scheduler;
    private final Meters meters;

    // guarded by this
    private @Nullable SchedulerStats stats;
    private long readNanos;

    private SchedulerGauges(Scheduler scheduler, Meters meters) {
        this.scheduler = scheduler;
        this.meters = meters;
    }

    static void register(Scheduler scheduler, Meters meters) {
        new SchedulerGauges(scheduler, meters).register();
    }

    private void register() {
        for (Thread.State state : List.of(Thread.State.RUNNABLE, Thread.State.WAITING, Thread.State.TIMED_WAITING)) {
            gauge(
                    "weir_scheduler_threads",
                    "Virtual threads of the node, by state",
                    now -> now.threads().getOrDefault(state, 0),
                    "state",
                    state.name().toLowerCase(Locale.ROOT));
        }
        gauge("weir_scheduler_carriers", "Platform threads that run them", SchedulerStats::carriers, "kind", "all");
        gauge(
                "weir_scheduler_carriers",
                "Platform threads that run them",
                SchedulerStats::detached,
                "kind",
                "detached");
        for (Lane lane : Lane.values()) {
            lane(lane);
        }
        Map<String, ToLongFunction<SchedulerStats>> events = Map.of(
                "turn", now -> sum(now, OfProcessor::turns),
                "hand-off", now -> sum(now, OfProcessor::handOffs),
                "stolen", SchedulerStats::stolen,
                "retaken", SchedulerStats::retaken,
                "refused", SchedulerStats::refused,
                "rested", SchedulerStats::rested);
        events.forEach((event, value) ->
                gauge("weir_scheduler_events", "What the scheduler has done since the start", value, "event", event));
    }

    private void lane(Lane lane) {
        String word = lane.name().toLowerCase(Locale.ROOT);
        gauge(
                "weir_scheduler_queued",
                "Virtual threads that wait for a processor",
                now -> now.queued().getOrDefault(lane, 0)
                        + sum(now, one -> one.queued().getOrDefault(lane, 0)),
                "lane",
                word);
        for (int bound = FIRST_BOUND; bound <= LAST_BOUND; bound += BOUND_STEP) {
            int upTo = bound;
            bucket(word, Double.toString((1L << bound) / 1e9), now -> waits(now, lane, upTo));
        }
        bucket(word, "+Inf", now -> waits(now, lane, Integer.MAX_VALUE));
    }

    private void bucket(String lane, String bound, ToLongFunction<SchedulerStats> value) {
        gauge(
                "weir_scheduler_wait_seconds_bucket",
                "Of the turns that are measured, those that have waited for a processor no longer than le",
                value,
                "lane",
                lane,
                "le",
                bound);
    }

    private static long waits(SchedulerStats now, Lane lane, int bound) {
        var latency = now.latency().get(lane);
        return latency == null
                ? 0
                : latency.counts().stream()
                        .limit(bound == Integer.MAX_VALUE ? Long.MAX_VALUE : bound + 1L)
                        .mapToLong(Long::longValue)
                        .sum();
    }

    private static long sum(SchedulerStats now, ToLongFunction<OfProcessor> value) {
        return now.perProcessor().stream().mapToLong(value).sum();
    }

    private void gauge(String name, String about, ToLongFunction<SchedulerStats> value, String... labels) {
        meters.gauge(name, about, () -> value.applyAsLong(stats()), labels);
    }

    private synchronized SchedulerStats stats() {
        long now = System.nanoTime();
        SchedulerStats known = stats;
        if (known == null || now - readNanos > FRESH_NANOS) {
            known = scheduler.stats();
            stats = known;
            readNanos = now;
        }
        return known;
    }
}
