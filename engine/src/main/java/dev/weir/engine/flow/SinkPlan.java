package dev.weir.engine.flow;

import dev.weir.engine.Sink;

/// A sink and how it is run.
///
/// @param name its name in the config
/// @param sink opened and closed by the flow
/// @param workforce how many write at once (each for its own devices), and their queue
/// @param attempts how often, and when, it is tried
public record SinkPlan(String name, Sink sink, Workforce workforce, AttemptPlan attempts) {
    /// How many readings wait for a sink when the config does not say.
    public static final int QUEUE = 1024;

    /// A sink that is tried for ever.
    public SinkPlan(String name, Sink sink, Workforce workforce) {
        this(name, sink, workforce, AttemptPlan.FOREVER);
    }

    /// One worker, a queue of [#QUEUE], and devices that wait.
    public static SinkPlan of(String name, Sink sink) {
        return new SinkPlan(name, sink, new Workforce(1, QUEUE, Overflow.BLOCK));
    }
}
