package dev.weir.engine.flow;

import java.time.Instant;

/// The time as a flow sees it: of the day, for stamps and expiry, and a steady one for waiting.
/// Thread-safe; costs some 25 ns a call.
public interface FlowClock {
    /// Nanoseconds since 1970-01-01T00:00:00Z, as the system believes it to be.
    long epochNanos();

    /// Nanoseconds since some moment; never runs backwards.
    long nanoTime();

    /// The clock of the machine.
    static FlowClock system() {
        return new FlowClock() {
            @Override
            public long epochNanos() {
                Instant now = Instant.now();
                return now.getEpochSecond() * 1_000_000_000L + now.getNano();
            }

            @Override
            public long nanoTime() {
                return System.nanoTime();
            }
        };
    }
}
