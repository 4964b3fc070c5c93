package dev.weir.engine.flow;

import dev.weir.engine.Reading;
import dev.weir.engine.Span;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What became of a reading in a pipeline, told to what follows it, if anything does: with that the
/// span of the pipeline ends.
enum Fate {
    COMPLETED("completed"),
    FILTERED("filtered"),
    DUPLICATE("duplicate"),
    DEAD_LETTERED("dead-lettered"),
    DROPPED("dropped");

    private static final Logger LOG = LoggerFactory.getLogger(Fate.class);

    private final String word;

    Fate(String word) {
        this.word = word;
    }

    void of(Reading reading) {
        of(reading, "");
    }

    /// @param reason the counted word; empty if it needs none
    void of(Reading reading, String reason) {
        Span trace = reading.trace();
        if (trace != null) {
            end(reading, trace, reason);
        }
    }

    private void end(Reading reading, Span trace, String reason) {
        // Whoever keeps the reading, as the last value of its device, is not to keep the span too.
        reading.trace(null);
        try {
            if (!reason.isEmpty()) {
                trace.with("weir.reason", reason).failed(reason);
            }
            trace.with("weir.outcome", word).end();
        } catch (Throwable e) {
            // The outcome is counted by now. Whoever took what the tracer throws for a failure of
            // the reading would count it once more.
            LOG.debug("a span failed", e);
        }
    }
}
