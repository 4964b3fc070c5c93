package dev.weir.engine.flow;

import dev.weir.engine.Reading;
import dev.weir.engine.Span;

/// What became of a reading in a pipeline, told to what follows it, if anything does: with that the
/// span of the pipeline ends.
enum Fate {
    COMPLETED("completed"),
    FILTERED("filtered"),
    DUPLICATE("duplicate"),
    DEAD_LETTERED("dead-lettered"),
    DROPPED("dropped");

    private final String word;

    Fate(String word) {
        this.word = word;
    }

    void of(Reading reading) {
        Span trace = reading.trace();
        if (trace != null) {
            end(reading, trace);
        }
    }

    /// @param reason the counted word
    void of(Reading reading, String reason) {
        Span trace = reading.trace();
        if (trace != null) {
            trace.with("weir.reason", reason).failed(reason);
            end(reading, trace);
        }
    }

    /// Whoever keeps the reading, as the last value of its device, is not to keep the span too.
    private void end(Reading reading, Span trace) {
        trace.with("weir.outcome", word).end();
        reading.trace(null);
    }
}
