package dev.weir.engine.stage;

import dev.weir.engine.expression.Aggregation;
import dev.weir.engine.expression.Scalar;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// An aggregate function of `emit:`.
enum Aggregate {
    /// The arithmetic mean.
    MEAN,
    /// The least value.
    MIN,
    /// The greatest value.
    MAX,
    /// The sum.
    SUM,
    /// How many readings.
    COUNT,
    /// The value with the earliest event time.
    FIRST,
    /// The value with the latest event time.
    LAST,
    /// The standard deviation of a sample.
    STDDEV;

    private Aggregation.Function function() {
        String word = name().toLowerCase(Locale.ROOT);
        return switch (this) {
            case MEAN, MIN, MAX, SUM, STDDEV -> new Aggregation.Function(word, 1, Scalar.DOUBLE, Scalar.DOUBLE);
            case COUNT -> new Aggregation.Function(word, 0, Scalar.DYN, Scalar.INT);
            case FIRST, LAST -> new Aggregation.Function(word, 1, Scalar.DYN, Scalar.DYN);
        };
    }

    static Map<String, Aggregation.Function> functions() {
        return Arrays.stream(values())
                .collect(Collectors.toMap(a -> a.function().name(), Aggregate::function));
    }

    static Aggregate of(Aggregation.Function function) {
        return valueOf(function.name().toUpperCase(Locale.ROOT));
    }

    /// Whether it takes numbers, which then lie unboxed in the sample.
    boolean isNumeric() {
        return this != COUNT && this != FIRST && this != LAST;
    }

    /// An empty accumulator for one window.
    Accumulator accumulator() {
        return switch (this) {
            case MEAN -> new Accumulator.Sum(true);
            case SUM -> new Accumulator.Sum(false);
            case MIN -> new Accumulator.Extreme(false);
            case MAX -> new Accumulator.Extreme(true);
            case COUNT -> new Accumulator.Count();
            case FIRST -> new Accumulator.Edge(false);
            case LAST -> new Accumulator.Edge(true);
            case STDDEV -> new Accumulator.Deviation();
        };
    }
}
