package dev.weir.runtime;

import java.time.Duration;
import java.util.List;

/// How long virtual threads of one lane have waited for their turns, from the wake-up to the run: a
/// histogram of a sample of the turns, every 128th, of alarms every 16th.
///
/// @param counts how many turns waited for less than 1 ns, 2 ns, 4 ns and so on, each counted once,
///     at the lowest of these that fits; the last counts all that are longer
public record SchedulingLatency(List<Long> counts) {
    /// Copies.
    public SchedulingLatency {
        counts = List.copyOf(counts);
    }

    /// How many turns were measured.
    public long measured() {
        return counts.stream().mapToLong(Long::longValue).sum();
    }

    /// The time that a share of the turns did not exceed, rounded up to a power of two nanoseconds;
    /// zero if none was measured.
    ///
    /// @param share 0 to 1: 0.99 gives the 99th percentile
    /// @throws IllegalArgumentException if it is less or more
    public Duration quantile(double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("a share must be 0 to 1, but was " + share);
        }
        long wanted = (long) Math.ceil(share * measured());
        long seen = 0;
        for (int i = 0; i < counts.size(); i++) {
            seen += counts.get(i);
            if (seen >= wanted && seen > 0) {
                return Duration.ofNanos(1L << i);
            }
        }
        return Duration.ZERO;
    }
}
