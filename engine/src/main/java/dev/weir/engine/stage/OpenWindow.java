package dev.weir.engine.stage;

import dev.weir.engine.Lane;
import dev.weir.engine.expression.Bindings;
import dev.weir.engine.expression.Kind;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One window of one key while it is filled, then what its formulas read: the result of aggregate
/// `i` lies in slot `i`. Not thread-safe: guarded by its key's shard while open; whoever closed it
/// owns it then.
final class OpenWindow implements Bindings {
    private final Accumulator[] accumulators;
    private final long start;
    private final Lane lane;
    private long received = Long.MIN_VALUE;

    /// What a reading gives to the aggregates, taken before any lock.
    ///
    /// @param numbers the values of numeric aggregates, NaN where there is none
    /// @param values the values of others
    record Sample(double[] numbers, @Nullable Object[] values, long time, long received) {}

    OpenWindow(long start, Lane lane, Aggregate[] aggregates) {
        this.start = start;
        this.lane = lane;
        this.accumulators = new Accumulator[aggregates.length];
        for (int i = 0; i < aggregates.length; i++) {
            accumulators[i] = aggregates[i].accumulator();
        }
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

    void add(Sample sample) {
        for (int i = 0; i < accumulators.length; i++) {
            accumulators[i].add(sample.numbers[i], sample.values[i], sample.time);
        }
    }

    OpenWindow closedAt(long time) {
        received = time;
        return this;
    }

    @Override
    public Kind kind(int slot) {
        return switch (accumulators[slot].result()) {
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
        return Objects.requireNonNull(accumulators[slot].result());
    }
}
