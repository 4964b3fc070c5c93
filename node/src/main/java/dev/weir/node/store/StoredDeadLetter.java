package dev.weir.node.store;

import java.time.Instant;

/// A message or reading that could not be used, as the store keeps it.
///
/// @param time when it was given up
/// @param pipeline which pipeline gave it up
/// @param reason the counted reason
/// @param detail what is wrong with it
/// @param device who sent it, or the address where the device is not known
/// @param payload what it was, in words that a person can read, cut to 4 KiB
public record StoredDeadLetter(
        Instant time, String pipeline, String reason, String detail, String device, String payload) {
    private static final int MOST = 4_096;

    public StoredDeadLetter {
        detail = cut(detail);
        payload = cut(payload);
    }

    private static String cut(String text) {
        return text.length() <= MOST ? text : text.substring(0, MOST - 1) + "…";
    }
}
