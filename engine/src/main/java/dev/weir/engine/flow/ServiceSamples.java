package dev.weir.engine.flow;

import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/// Service times of a sample of readings: how many, their sum and the sum of their squares. Workers
/// add, anybody looks; thread-safe.
final class ServiceSamples {
    private final LongAdder readings;
    private final LongAdder nanos;
    private final DoubleAdder squares = new DoubleAdder();

    /// @param readings counts them
    /// @param nanos counts their nanoseconds
    ServiceSamples(LongAdder readings, LongAdder nanos) {
        this.readings = readings;
        this.nanos = nanos;
    }

    void add(long taken) {
        readings.increment();
        nanos.add(taken);
        squares.add((double) taken * taken);
    }

    /// What was sampled until now. While workers add, the three sums may be one reading apart.
    ///
    /// @param name what it is the time of
    FlowState.Sampled state(String name) {
        long count = readings.sum();
        double mean = count == 0 ? 0 : (double) nanos.sum() / count;
        double variance = count < 2 ? 0 : Math.max(0, squares.sum() - count * mean * mean) / (count - 1);
        return new FlowState.Sampled(name, count, mean, Math.sqrt(variance));
    }
}
