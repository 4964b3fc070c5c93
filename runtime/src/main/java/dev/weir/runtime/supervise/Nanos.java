package dev.weir.runtime.supervise;

import java.time.Duration;

/// Durations as numbers that can be added to points in time.
final class Nanos {
    /// 73 years, which stand for all that is longer.
    private static final long LONGEST = Long.MAX_VALUE / 4;

    private Nanos() {}

    static long of(Duration duration) {
        return duration.compareTo(Duration.ofNanos(LONGEST)) > 0 ? LONGEST : duration.toNanos();
    }
}
