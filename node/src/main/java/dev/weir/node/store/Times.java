package dev.weir.node.store;

import java.time.Instant;

/// Between instants and nanoseconds since 1970.
final class Times {
    private static final long NANOS = 1_000_000_000L;

    private Times() {}

    /// Clipped to what 64 bits hold, 1677 to 2262.
    static long nanos(Instant instant) {
        if (instant.getEpochSecond() >= Long.MAX_VALUE / NANOS) {
            return Long.MAX_VALUE;
        }
        if (instant.getEpochSecond() <= Long.MIN_VALUE / NANOS) {
            return Long.MIN_VALUE;
        }
        return instant.getEpochSecond() * NANOS + instant.getNano();
    }

    static Instant instant(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS));
    }
}
