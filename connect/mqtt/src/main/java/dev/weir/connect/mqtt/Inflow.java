package dev.weir.connect.mqtt;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// How fast a client may send, and how long a packet may take. Belongs to one connection's reader;
/// [#isDawdling] may be asked by any thread.
final class Inflow {
    /// What a packet has to come with at least, once its time is over: each 128 bytes are worth a
    /// second.
    private static final long NANOS_PER_BYTE = TimeUnit.SECONDS.toNanos(1) / 128;

    private static final long NOTHING_BEGUN = Long.MIN_VALUE;

    private final long packetTimeoutNanos;
    private final @Nullable Pace messages;
    private final @Nullable Pace bytes;

    // written by the reader, read by everybody; the bytes first
    private volatile long partialBytes;
    private volatile long partialSince = NOTHING_BEGUN;

    Inflow(Limits limits, long now) {
        packetTimeoutNanos = limits.packetTimeout.toNanos();
        messages = pace(limits.maxRate, now);
        bytes = pace(limits.maxBytesRate, now);
    }

    private static @Nullable Pace pace(OptionalLong perSecond, long now) {
        return perSecond.isEmpty() ? null : new Pace(perSecond.getAsLong(), perSecond.getAsLong(), now);
    }

    /// Whether there is a rate to keep to.
    boolean isLimited() {
        return messages != null || bytes != null;
    }

    /// Takes note of what was read, and says how many nanoseconds to wait before more is read.
    long took(int messageCount, int byteCount, long now) {
        long forMessages = messages == null ? 0 : messages.take(messageCount, now);
        long forBytes = bytes == null ? 0 : bytes.take(byteCount, now);
        return Math.max(forMessages, forBytes);
    }

    /// Takes note of what is left of a packet that is not complete.
    ///
    /// @param pending how many bytes of it have come; 0 if none has begun
    /// @param progressed whether earlier ones were completed since the last call
    void left(int pending, boolean progressed, long now) {
        if (pending == 0) {
            if (partialSince != NOTHING_BEGUN) {
                partialSince = NOTHING_BEGUN;
            }
            return;
        }
        partialBytes = pending;
        if (progressed || partialSince == NOTHING_BEGUN) {
            partialSince = now;
        }
    }

    /// Gives a packet its time anew: it was we who did not read.
    void forgive(long now) {
        if (partialSince != NOTHING_BEGUN) {
            partialSince = now;
        }
    }

    /// Whether a packet has begun and does not come on.
    boolean isDawdling(long now) {
        long since = partialSince;
        return since != NOTHING_BEGUN && now - since > packetTimeoutNanos + partialBytes * NANOS_PER_BYTE;
    }
}
