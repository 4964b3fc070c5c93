package dev.weir.runtime.supervise;

import dev.weir.runtime.control.Simulations;
import java.time.Duration;
import java.util.Objects;

/// How long a child that has failed rests before it is started again: longer each time it fails
/// again, so that what cannot work now costs little.
///
/// @param initial the first rest; zero or more
/// @param factor by how much each rest is longer than the one before; at least 1
/// @param max the longest rest; at least `initial`
/// @param jitter up to which part a rest is shortened at random, so that many who failed together
///     do not come back together; 0 (not at all) to 1
/// @param healthyAfter a child that has run for so long begins with `initial` when it fails
public record Backoff(Duration initial, double factor, Duration max, double jitter, Duration healthyAfter) {
    private static final int STEPS = 1 << 20;

    /// Checks.
    ///
    /// @throws IllegalArgumentException if a value is out of its bounds
    public Backoff {
        Objects.requireNonNull(max, "max");
        if (initial.isNegative() || max.compareTo(initial) < 0) {
            throw new IllegalArgumentException(
                    "back-off must be from zero up, with max at least initial, but was " + initial + " to " + max);
        }
        if (!(factor >= 1)) {
            throw new IllegalArgumentException("factor of a back-off must be at least 1, but was " + factor);
        }
        if (!(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException("jitter of a back-off must be 0 to 1, but was " + jitter);
        }
        if (healthyAfter.isNegative()) {
            throw new IllegalArgumentException("healthyAfter must be zero or more, but was " + healthyAfter);
        }
    }

    /// From 100 ms, doubled each time, up to 30 s; shortened by up to half; healthy after a minute.
    public static Backoff standard() {
        return exponential(Duration.ofMillis(100), Duration.ofSeconds(30));
    }

    /// From `initial`, doubled each time, up to `max`; shortened by up to half; healthy after a
    /// minute.
    public static Backoff exponential(Duration initial, Duration max) {
        return new Backoff(initial, 2, max, 0.5, Duration.ofMinutes(1));
    }

    /// Always the same rest.
    public static Backoff constant(Duration rest) {
        return new Backoff(rest, 1, rest, 0, Duration.ZERO);
    }

    /// No rest: for tests, and below a supervisor with a restart intensity.
    public static Backoff none() {
        return constant(Duration.ZERO);
    }

    /// The rest after so many failures in a row, the last one not counted.
    long restNanos(int failuresBefore) {
        double longest =
                Math.min((double) Nanos.of(max), (double) Nanos.of(initial) * Math.pow(factor, failuresBefore));
        double shorter = jitter == 0 ? 0 : jitter * Simulations.choose(0, STEPS) / STEPS;
        return (long) (longest * (1 - shorter));
    }
}
