package dev.weir.runtime;

import dev.weir.runtime.control.Simulation;
import dev.weir.runtime.control.Simulations;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A point in monotonic time. With [DeadlineTimer] the only place of the library that reads a
/// clock or waits for one, so that in a [Simulation] all of its time is that of the simulation.
/// (The scheduler's own carriers and its watch are always in real time.)
///
/// @param nanos the point, in the nanoseconds of [System#nanoTime()] or of the simulation
/// @param world the simulation whose time it is; null for real time
record Deadline(long nanos, @Nullable Simulation world) {
    // Half the range of the clock, so that differences of two points never overflow: 146 years.
    private static final long FOREVER = Long.MAX_VALUE / 2;

    static Deadline in(Duration delay) {
        return in(clamp(delay));
    }

    /// @param delayNanos at most half the range of long
    static Deadline in(long delayNanos) {
        var world = Simulations.current();
        return new Deadline((world == null ? System.nanoTime() : world.nanoTime()) + delayNanos, world);
    }

    /// The monotonic time of the caller, for measuring and for clocks that are injected.
    static long nanoTime() {
        return Simulations.nanoTime();
    }

    /// The caller's time of day.
    static Instant instant() {
        return Simulations.instant();
    }

    long remainingNanos() {
        return nanos - (world == null ? System.nanoTime() : world.nanoTime());
    }

    Deadline plus(long later) {
        return new Deadline(nanos + later, world);
    }

    boolean isBefore(Deadline other) {
        return nanos - other.nanos < 0;
    }

    /// Parks the calling thread until it is unparked or interrupted, or this point is reached; may
    /// return sooner.
    void park(Object blocker) {
        if (world == null) {
            LockSupport.parkNanos(blocker, remainingNanos());
        } else {
            world.park(blocker, nanos);
        }
    }

    private static long clamp(Duration delay) {
        if (delay.isNegative()) {
            return 0;
        }
        return delay.toSeconds() >= FOREVER / 1_000_000_000L ? FOREVER : Math.min(delay.toNanos(), FOREVER);
    }
}
