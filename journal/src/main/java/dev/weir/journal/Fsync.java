package dev.weir.journal;

import java.time.Duration;

/// When what is appended is forced onto the disk, and so what its [handle][Appended] promises.
public sealed interface Fsync {
    /// A record is durable when its bytes, and those of all before it, were forced: it survives the
    /// end of the process, of the system, and of the power. Many records share one force.
    record Always() implements Fsync {}

    /// A record is durable when the system has it: it survives the end of the process. What was
    /// written within the last interval is lost with the power.
    ///
    /// @param interval from a write to the force that includes it, at most
    record Interval(Duration interval) implements Fsync {
        /// Checks.
        ///
        /// @throws IllegalArgumentException if the interval is not 1 ms to 1 h
        public Interval {
            if (interval.toMillis() < 1 || interval.compareTo(Duration.ofHours(1)) > 0) {
                throw new IllegalArgumentException("the interval must be 1 ms to 1 h, but is " + interval);
            }
        }
    }

    /// As with an interval, but the system alone decides when the disk gets it, which may take half
    /// a minute. A journal that is closed is forced all the same.
    record Never() implements Fsync {}
}
