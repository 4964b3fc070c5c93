package dev.weir.node.store;

import java.time.Duration;

/// How much the store keeps.
///
/// @param retain readings, windows and cleared alarms go when they are older, by event time; a
///     reading whose event time is far off by when it arrived
/// @param maxBytes how big the data may become before the oldest goes, whatever its age
/// @param deadLetters how many dead letters are kept; the oldest go first
public record StoreSettings(Duration retain, long maxBytes, int deadLetters) {
    private static final Duration LEAST = Duration.ofHours(1);
    private static final Duration MOST = Duration.ofDays(365 * 50);

    /// 30 days, 1 GiB, 10,000 dead letters.
    public static final StoreSettings DEFAULT = new StoreSettings(Duration.ofDays(30), 1L << 30, 10_000);

    public StoreSettings {
        if (retain.compareTo(LEAST) < 0 || retain.compareTo(MOST) > 0) {
            throw new IllegalArgumentException("retain must be between 1h and 18250d, but was " + retain);
        }
        if (maxBytes < 1 << 20) {
            throw new IllegalArgumentException("max-size must be at least 1MiB, but was " + maxBytes + " B");
        }
        if (deadLetters < 1) {
            throw new IllegalArgumentException("dead letters must be at least 1, but was " + deadLetters);
        }
    }

    /// How much time one table holds: a few dozen of them make up what is kept.
    Duration period() {
        long days = retain.toDays();
        if (days <= 2) {
            return Duration.ofHours(1);
        }
        if (days <= 60) {
            return Duration.ofDays(1);
        }
        return Duration.ofDays(days <= 730 ? 7 : 90);
    }
}
