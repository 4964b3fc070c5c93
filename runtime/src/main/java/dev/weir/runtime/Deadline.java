package dev.weir.runtime;

import java.time.Duration;

/// A point in monotonic time, in the nanoseconds of [System#nanoTime()]. The only place of the runtime that
/// reads that clock.
///
/// @param nanos the point
record Deadline(long nanos) {
    // Half the range of the clock, so that differences of two points never overflow: 146 years.
    private static final long FOREVER = Long.MAX_VALUE / 2;

    static Deadline in(Duration delay) {
        return new Deadline(System.nanoTime() + clamp(delay));
    }

    long remainingNanos() {
        return nanos - System.nanoTime();
    }

    boolean isBefore(Deadline other) {
        return nanos - other.nanos < 0;
    }

    private static long clamp(Duration delay) {
        if (delay.isNegative()) {
            return 0;
        }
        return delay.toSeconds() >= FOREVER / 1_000_000_000L ? FOREVER : Math.min(delay.toNanos(), FOREVER);
    }
}
