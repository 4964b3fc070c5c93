package dev.weir.engine.rule;

import dev.weir.runtime.Lane;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A rule's raised state for one device.
///
/// @param id derived from rule, device and the time it was raised, so that it is the same when the
///     same readings are processed again
/// @param rule the rule's name
/// @param device whose readings raised it
/// @param stream the stream of those readings
/// @param severity how bad it is
/// @param text what it says to people
/// @param lane its priority
/// @param raisedAt the event time of the reading that raised it
/// @param clearedAt the event time of the reading that cleared it; null while it is active
/// @param acknowledgedAt when somebody acknowledged it, by the node's clock; null until then
/// @param acknowledgedBy who did
/// @param peak the extreme of the tracked field while it was raised; null without `track:`
/// @param readings how many readings belong to it so far: the one that raised it and those after
///     it, without the one that cleared it
public record Alarm(
        String id,
        String rule,
        String device,
        String stream,
        Severity severity,
        String text,
        Lane lane,
        Instant raisedAt,
        @Nullable Instant clearedAt,
        @Nullable Instant acknowledgedAt,
        @Nullable String acknowledgedBy,
        @Nullable Double peak,
        long readings) {

    /// Whether it was not cleared yet.
    public boolean isActive() {
        return clearedAt == null;
    }

    Alarm progressed(@Nullable Double peak, long readings) {
        return new Alarm(
                id,
                rule,
                device,
                stream,
                severity,
                text,
                lane,
                raisedAt,
                clearedAt,
                acknowledgedAt,
                acknowledgedBy,
                peak,
                readings);
    }

    Alarm cleared(Instant at) {
        return new Alarm(
                id,
                rule,
                device,
                stream,
                severity,
                text,
                lane,
                raisedAt,
                at,
                acknowledgedAt,
                acknowledgedBy,
                peak,
                readings);
    }

    Alarm acknowledged(@Nullable Instant at, @Nullable String who) {
        return new Alarm(id, rule, device, stream, severity, text, lane, raisedAt, clearedAt, at, who, peak, readings);
    }
}
