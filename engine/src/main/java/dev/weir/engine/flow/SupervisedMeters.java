package dev.weir.engine.flow;

import dev.weir.engine.Meters;
import java.util.concurrent.atomic.LongAdder;

/// The counters of what supervisors see, the same for all parts of a node.
///
/// @param meters where they are
/// @param name of the part, as people know it: `pipeline climate`
public record SupervisedMeters(Meters meters, String name) {
    /// How many threads were started again.
    public LongAdder restarts() {
        return counter("restarts", "Threads that were started again, after they failed or hung");
    }

    /// How many threads hung.
    public LongAdder hung() {
        return counter("hung", "Threads that hung");
    }

    /// How many of these were given up.
    public LongAdder abandoned() {
        return counter("abandoned", "Threads that hung and did not even end when told to");
    }

    /// How often one was given up, until it got a fresh start.
    public LongAdder failed() {
        return counter("failed", "How often a thread was given up, until it got a fresh start");
    }

    private LongAdder counter(String word, String about) {
        return meters.counter("weir_supervised_" + word, about, "name", name);
    }
}
