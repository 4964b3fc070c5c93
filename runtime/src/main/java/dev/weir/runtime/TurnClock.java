package dev.weir.runtime;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// Measures how long some of the turns of a scheduler wait.
final class TurnClock {
    private static final int BUCKETS = 40;
    private static final int SAMPLED = 128;
    private static final int SAMPLED_ALARMS = 16;

    private final AtomicLongArray[] counts = IntStream.range(0, Lane.COUNT)
            .mapToObj(_ -> new AtomicLongArray(BUCKETS))
            .toArray(AtomicLongArray[]::new);

    /// A turn with the time at which its thread was woken.
    private record Timed(TurnClock clock, Lane lane, Runnable turn, long woken) implements Runnable {
        @Override
        public void run() {
            long waited = System.nanoTime() - woken;
            clock.add(lane, waited);
            Tracing.delayed(lane, waited);
            turn.run();
        }
    }

    /// Whether the turn of that number, which its giver counts, is to be measured.
    static boolean measures(Lane lane, int number) {
        return (number & (lane == Lane.ALARM ? SAMPLED_ALARMS : SAMPLED) - 1) == 0;
    }

    Runnable timed(Lane lane, Runnable turn) {
        return new Timed(this, lane, turn, System.nanoTime());
    }

    private void add(Lane lane, long nanos) {
        int bucket = Long.SIZE - Long.numberOfLeadingZeros(Math.max(0, nanos));
        counts[lane.level].incrementAndGet(Math.min(bucket, BUCKETS - 1));
    }

    Map<Lane, SchedulingLatency> latencies() {
        var latencies = new EnumMap<Lane, SchedulingLatency>(Lane.class);
        for (Lane lane : Lane.values()) {
            var of = counts[lane.level];
            latencies.put(
                    lane,
                    new SchedulingLatency(LongStream.range(0, BUCKETS)
                            .map(i -> of.get((int) i))
                            .boxed()
                            .toList()));
        }
        return latencies;
    }
}
