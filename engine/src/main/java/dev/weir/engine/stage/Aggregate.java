package dev.weir.engine.stage;

import dev.weir.engine.expression.Aggregation;
import dev.weir.engine.expression.Scalar;
import dev.weir.engine.expression.Type;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// An aggregate function of `emit:`.
enum Aggregate {
    /// The arithmetic mean.
    MEAN(1, Scalar.DOUBLE, Scalar.DOUBLE),
    /// The least value.
    MIN(1, Scalar.DOUBLE, Scalar.DOUBLE),
    /// The greatest value.
    MAX(1, Scalar.DOUBLE, Scalar.DOUBLE),
    /// The sum.
    SUM(1, Scalar.DOUBLE, Scalar.DOUBLE),
    /// How many readings.
    COUNT(0, Scalar.DYN, Scalar.INT),
    /// The value with the earliest event time.
    FIRST(1, Scalar.DYN, Scalar.DYN),
    /// The value with the latest event time.
    LAST(1, Scalar.DYN, Scalar.DYN),
    /// The standard deviation of a sample.
    STDDEV(1, Scalar.DOUBLE, Scalar.DOUBLE);

    private final Aggregation.Function function;

    Aggregate(int arguments, Type argument, Type result) {
        function = new Aggregation.Function(name().toLowerCase(Locale.ROOT), arguments, argument, result);
    }

    static Map<String, Aggregation.Function> functions() {
        return Arrays.stream(values()).collect(Collectors.toMap(a -> a.function.name(), a -> a.function));
    }

    static Aggregate of(Aggregation.Function function) {
        return valueOf(function.name().toUpperCase(Locale.ROOT));
    }

    /// Whether it takes numbers, which then lie unboxed in the sample.
    boolean isNumeric() {
        return function.argument() == Scalar.DOUBLE;
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
