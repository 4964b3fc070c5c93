package dev.weir.node.store;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An alarm as the store keeps it.
///
/// @param id tells it from all others, for ever
/// @param peak the most extreme value of what the rule tracks
/// @param acknowledgedBy who has seen it
public record StoredAlarm(
        String id,
        String rule,
        String device,
        String severity,
        String text,
        Instant raisedAt,
        @Nullable Instant clearedAt,
        @Nullable Double peak,
        @Nullable Instant acknowledgedAt,
        @Nullable String acknowledgedBy) {
    /// When it ended, if it has.
    public Optional<Instant> cleared() {
        return Optional.ofNullable(clearedAt);
    }
}
