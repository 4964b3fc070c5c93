package dev.weir.engine.flow;

import dev.weir.runtime.supervise.Backoff;
import java.time.Duration;

/// How a flow looks after its threads.
///
/// @param heartbeat a worker that has shown no sign of life in three of these hangs: it has worked
///     on the same reading all the time, and did not wait for room in a queue
/// @param grace how long a thread may take to end once it is interrupted, before it is interrupted
///     again, and as long again before it is abandoned
/// @param rests how long a thread rests before it is started again
/// @param freshStart how long one rests that has failed for good, because too many of its threads
///     were abandoned, before it gets one more try; so on for ever
public record Vigilance(Duration heartbeat, Duration grace, Backoff rests, Duration freshStart) {
    /// Three missed, and something hangs.
    private static final int MISSED = 3;

    private static final Duration FRESH_START = Duration.ofMinutes(5);

    /// Checks.
    ///
    /// @throws IllegalArgumentException if a time is not more than zero
    public Vigilance {
        if (!heartbeat.isPositive() || !grace.isPositive() || !freshStart.isPositive()) {
            throw new IllegalArgumentException(
                    "heartbeat, grace and the rest before a fresh start must be more than zero, but were " + heartbeat
                            + ", " + grace + " and " + freshStart);
        }
    }

    /// With a fresh start after five minutes.
    public Vigilance(Duration heartbeat, Duration grace, Backoff rests) {
        this(heartbeat, grace, rests, FRESH_START);
    }

    /// Half a minute for a reading, which is a thousand times what a slow stage takes and not long
    /// for somebody who waits; two seconds of grace; rests from 100 ms up to a minute.
    public static Vigilance standard() {
        return new Vigilance(
                Duration.ofSeconds(10),
                Duration.ofSeconds(2),
                Backoff.exponential(Duration.ofMillis(100), Duration.ofMinutes(1)));
    }

    /// The interval for calls that may take so long by themselves; never less than [#heartbeat].
    Duration heartbeat(Duration patience) {
        Duration needed = patience.dividedBy(MISSED);
        return needed.compareTo(heartbeat) > 0 ? needed : heartbeat;
    }
}
