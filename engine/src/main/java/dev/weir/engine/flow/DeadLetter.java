package dev.weir.engine.flow;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A message or reading that could not be processed, kept so that somebody can look at it.
///
/// @param time when it failed
/// @param stream the pipeline or stream of windows
/// @param source where it came from
/// @param device who sent it; empty where that is not known
/// @param address the message's address; null where a decoded reading failed
/// @param reason the counted word
/// @param detail what is wrong with it, for people
/// @param excerpt the beginning of the payload (text as it is, other bytes in hexadecimal), or of
///     the reading as JSON
public record DeadLetter(
        Instant time,
        String stream,
        String source,
        String device,
        @Nullable String address,
        String reason,
        String detail,
        String excerpt) {
    private static final int OBJECTS = 256;

    /// About how much memory it takes.
    long bytes() {
        long chars = (long) device.length() + detail.length() + excerpt.length();
        return OBJECTS + 2 * (chars + (address == null ? 0 : address.length()));
    }
}
