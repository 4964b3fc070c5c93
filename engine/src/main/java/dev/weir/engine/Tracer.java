package dev.weir.engine;

import org.jspecify.annotations.Nullable;

/// Chooses the readings that are followed from source to sink, and begins their traces.
/// Thread-safe; nothing blocks.
public interface Tracer {
    /// Whether a reading is to be followed. Asked for each reading, so it costs a few nanoseconds
    /// and allocates nothing.
    ///
    /// @param device who sent it; empty while nobody knows
    /// @param sequence counts the source's readings
    /// @param parent what the sender says about a trace of its own, as W3C `traceparent`; null if
    ///     nothing
    boolean follows(String device, long sequence, @Nullable String parent);

    /// Begins the trace of a message, as part of the sender's if it has one.
    ///
    /// @param source who received it
    /// @param address the MQTT topic, or the CoAP or HTTP path
    /// @param parent as in [#follows]; text that is no `traceparent` counts as none
    /// @param since when it came, in nanoseconds since 1970-01-01T00:00:00Z
    /// @return null if there are too many traces already
    @Nullable
    Span begin(String source, String address, @Nullable String parent, long since);

    /// Follows nothing.
    static Tracer none() {
        return NoTracer.INSTANCE;
    }
}
