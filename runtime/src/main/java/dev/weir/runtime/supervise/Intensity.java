package dev.weir.runtime.supervise;

import java.time.Duration;

/// How many restarts there may be in a period that slides along. Only for the supervisor's loop.
final class Intensity {
    private final long periodNanos;
    /// The times of the last restarts, as a ring.
    private final long[] times;

    private int used;
    private int oldest;

    Intensity(int restarts, Duration period) {
        this.times = new long[restarts];
        this.periodNanos = Nanos.of(period);
    }

    /// Counts a restart; false if it is one too many, and then it is not counted.
    boolean allows(long now) {
        if (used < times.length) {
            times[(oldest + used++) % times.length] = now;
            return true;
        }
        if (times.length == 0 || now - times[oldest] <= periodNanos) {
            return false;
        }
        times[oldest] = now;
        oldest = (oldest + 1) % times.length;
        return true;
    }
}
