package dev.weir.engine.stage;

import dev.weir.engine.expression.Bindings;
import dev.weir.engine.expression.Kind;
import dev.weir.runtime.Lane;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One window of one key while it is filled, then what its formulas read. Not thread-safe: guarded
/// by its key's shard while open; whoever closed it owns it then.
final class OpenWindow {
    private final List<Accumulator> accumulators;
    private final long start;
    private final Lane lane;
    private long received = Long.MIN_VALUE;
    private int hops;

    /// What a reading gives to the aggregates, taken before any lock.
    static final class Sample {
        private final double[] numbers;
        private final @Nullable Object[] values;
        private final long time;
        private final long received;
        private final int hops;

        Sample(int aggregates, long time, long received, int hops) {
            this.numbers = new double[aggregates];
            Arrays.fill(numbers, Double.NaN);
            this.values = new Object[aggregates];
            this.time = time;
            this.received = received;
            this.hops = hops;
        }

        void set(int index, double number) {
            numbers[index] = number;
        }

        void set(int index, Object value) {
            values[index] = value;
        }

        long time() {
            return time;
        }

        long received() {
            return received;
        }
    }

    OpenWindow(long start, Lane lane, List<Aggregate> aggregates) {
        this.start = start;
        this.lane = lane;
        this.accumulators = aggregates.stream().map(Aggregate::accumulator).toList();
    }

    long start() {
        return start;
    }

    Lane lane() {
        return lane;
    }

    /// When the reading that closed it reached the node.
    long received() {
        return received;
    }

    /// The most hops that any of its readings has made.
    int hops() {
        return hops;
    }

    void add(Sample sample) {
        hops = Math.max(hops, sample.hops);
        for (int i = 0; i < accumulators.size(); i++) {
            accumulators.get(i).add(sample.numbers[i], sample.values[i], sample.time);
        }
    }

    OpenWindow closedAt(long time) {
        received = time;
        return this;
    }

    /// What a formula reads whose first aggregate is number `base` of the window.
    Bindings results(int base) {
        return new Results(this, base);
    }

    private @Nullable Object result(int index) {
        return accumulators.get(index).result();
    }

    private record Results(OpenWindow window, int base) implements Bindings {
        @Override
        public Kind kind(int slot) {
            return switch (window.result(base + slot)) {
                case null -> Kind.ABSENT;
                case Double real -> Kind.DOUBLE;
                case Long whole -> Kind.LONG;
                case Boolean flag -> Kind.BOOLEAN;
                case String text -> Kind.STRING;
                default -> Kind.OTHER;
            };
        }

        @Override
        public double real(int slot) {
            return (Double) value(slot);
        }

        @Override
        public long whole(int slot) {
            return (Long) value(slot);
        }

        @Override
        public boolean flag(int slot) {
            return (Boolean) value(slot);
        }

        @Override
        public Object value(int slot) {
            return Objects.requireNonNull(window.result(base + slot));
        }
    }
}
