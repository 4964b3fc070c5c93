package dev.weir.runtime;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// How long the senders and the receivers of a channel have been blocked. The clock is read only
/// when a thread parks, and once more when it goes on.
final class BlockedTime {
    /// Neither reads the clock nor counts.
    static final BlockedTime UNMEASURED = new BlockedTime(false);

    // set once
    private final boolean measured;
    private final AtomicLong senderNanos = new AtomicLong();
    private final AtomicLong receiverNanos = new AtomicLong();

    private BlockedTime(boolean measured) {
        this.measured = measured;
    }

    static BlockedTime measured() {
        return new BlockedTime(true);
    }

    boolean isMeasured() {
        return measured;
    }

    /// The point from which a wait is measured.
    long start() {
        return measured ? Deadline.nanoTime() : 0;
    }

    /// Adds the time since `start`.
    void add(boolean sends, long start) {
        if (measured) {
            var nanos = sends ? senderNanos : receiverNanos;
            nanos.addAndGet(Math.max(0, Deadline.nanoTime() - start));
        }
    }

    Duration senders() {
        return Duration.ofNanos(senderNanos.get());
    }

    Duration receivers() {
        return Duration.ofNanos(receiverNanos.get());
    }
}
