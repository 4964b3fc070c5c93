package dev.weir.runtime.supervise;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Looks at the pulse of a child at intervals. Only for the supervisor's loop.
///
/// It counts looks and not time: when the machine has slept, or the loop itself could not run, that
/// is one look, and nobody is blamed.
final class Heart {
    /// So many looks without a sign of life, and a child is hung.
    static final int MISSED = 3;

    static final long NEVER = Long.MAX_VALUE;

    private final @Nullable Duration interval;
    private Pulse pulse = new Pulse();
    private long next = NEVER;
    private long seen;
    private int missed;

    Heart(@Nullable Duration interval) {
        this.interval = interval;
    }

    /// A run of the child begins.
    void start(Pulse begins, long now) {
        pulse = begins;
        seen = 0;
        missed = 0;
        next = interval == null ? NEVER : now + Nanos.of(interval);
    }

    void stop() {
        next = NEVER;
    }

    /// When to look next.
    long next() {
        return next;
    }

    int missed() {
        return missed;
    }

    /// Looks, if it is time to.
    ///
    /// @return whether the child has missed too much
    boolean isHung(Thread thread, long now) {
        if (interval == null || now < next) {
            return false;
        }
        next = now + Nanos.of(interval);
        long count = pulse.count();
        if (count != seen || pulse.isResting() || pulse.waitsForOthers(thread)) {
            seen = count;
            missed = 0;
        } else {
            missed++;
        }
        return missed >= MISSED;
    }

    Duration interval() {
        return interval == null ? Duration.ZERO : interval;
    }
}
