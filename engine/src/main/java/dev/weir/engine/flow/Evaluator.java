package dev.weir.engine.flow;

import dev.weir.engine.Reading;

/// A rule, as a flow sees it. Many workers call it at once, for different devices; the readings of
/// one device come from one thread at a time, in order.
@FunctionalInterface
public interface Evaluator {
    /// Looks at a reading that has passed the last stage, and must not change it. Does not block.
    /// Whatever it throws makes the reading a dead letter, which no sink sees.
    void evaluate(Reading reading);
}
