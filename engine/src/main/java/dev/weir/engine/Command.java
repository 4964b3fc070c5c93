package dev.weir.engine;

import dev.weir.runtime.Lane;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An instruction to an actuator.
///
/// @param id derived from device, event time, rule and action, so that a repeated command can be
///     told
/// @param rule the rule that caused it
/// @param device the device whose reading caused it
/// @param address where to: an MQTT topic, a URL
/// @param payload what to send
/// @param expires when it must not be carried out any more
/// @param lane its priority
/// @param trace what follows the reading that caused it; null for almost all
public record Command(
        String id,
        String rule,
        String device,
        String address,
        String payload,
        Instant expires,
        Lane lane,
        @Nullable Span trace) {
    /// A command of a reading that is not followed.
    public Command(String id, String rule, String device, String address, String payload, Instant expires, Lane lane) {
        this(id, rule, device, address, payload, expires, lane, null);
    }
}
