package dev.weir.runtime;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// The time of a rate limiter, which stands still until the test moves it. One tick is 20 ms: at
/// 50 events in a second, one event.
final class FakeTicks implements LongSupplier {
    static final long TICK_NANOS = 20_000_000;

    // near the end of the clock, where comparing times instead of differences goes wrong
    private static final long ORIGIN = Long.MAX_VALUE - 3 * TICK_NANOS;

    private final AtomicLong now = new AtomicLong(ORIGIN);

    /// Moves the time, which may be back, to so many ticks after the beginning.
    FakeTicks at(double ticks) {
        now.set(ORIGIN + (long) (ticks * TICK_NANOS));
        return this;
    }

    @Override
    public long getAsLong() {
        return now.get();
    }
}
