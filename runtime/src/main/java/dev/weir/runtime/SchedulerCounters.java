package dev.weir.runtime;

import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/// What a scheduler counts of itself.
final class SchedulerCounters {
    /// How often the watch found no carrier to hand a processor to, and how often it found one.
    final LongAdder refused = new LongAdder();

    final LongAdder retaken = new LongAdder();
    final LongAdder lent = new LongAdder();
    final LongAdder stolen = new LongAdder();
    final LongAdder rested = new LongAdder();
    final TurnClock clock = new TurnClock();

    SchedulerStats stats(Processors home, Map<Thread.State, Integer> threads) {
        return new SchedulerStats(
                home.name,
                home.all.length,
                home.idle(),
                home.spinning(),
                home.carriers(),
                home.resting(),
                home.detached.get(),
                threads,
                SchedulerStats.byLane(home.lengths()),
                Stream.of(home.all).map(SchedulerCounters::of).toList(),
                stolen.sum(),
                retaken.sum(),
                lent.sum(),
                refused.sum(),
                rested.sum(),
                clock.latencies());
    }

    private static SchedulerStats.OfProcessor of(Processor one) {
        return new SchedulerStats.OfProcessor(SchedulerStats.byLane(one.lengths()), one.tick(), one.handOffs());
    }
}
