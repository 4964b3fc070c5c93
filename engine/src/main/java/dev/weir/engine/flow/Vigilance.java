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
public record Vigilance(Duration heartbeat, Duration grace, Backoff rests) {
    /// Three missed, and something hangs.
    private static final int MISSED = 3;

    /// Checks.
    ///
    /// @throws IllegalArgumentException if a time is not more than zero
    public Vigilance {
        if (!heartbeat.isPositive() || !grace.isPositive()) {
            throw new IllegalArgumentException(
                    "heartbeat and grace must be more than zero, but were " + heartbeat + " and " + grace);
        }
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
