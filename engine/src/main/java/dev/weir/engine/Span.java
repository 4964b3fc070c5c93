package dev.weir.engine;

/// A stretch of a followed reading's way, with a beginning, an end and what is known about it; part
/// of a longer one, but for the first. Thread-safe; nothing blocks. After [#end] only the ids and
/// new parts can be had of it.
public interface Span {
    /// Which trace it belongs to: 32 hexadecimal digits, the `trace` of log lines.
    String traceId();

    /// What to tell the next one on the way, as W3C `traceparent`: what that one does becomes part
    /// of this span.
    String traceparent();

    /// A part that begins now.
    Span part(String name);

    /// A part that began at the last [#mark], or with this span if there was none.
    Span partSinceMark(String name);

    /// Remembers this moment: from here on it waits. Whoever takes the reading over afterwards must
    /// have it from whoever marked it.
    void mark();

    /// Adds something that is known about it: `device`, `stream`, `outcome`.
    Span with(String key, String value);

    /// Adds a number.
    Span with(String key, long value);

    /// Says that it failed.
    ///
    /// @param reason the counted word, or what was thrown
    Span failed(String reason);

    /// Ends it. Does nothing the second time.
    void end();
}
