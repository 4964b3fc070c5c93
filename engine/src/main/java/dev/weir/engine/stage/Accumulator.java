package dev.weir.engine.stage;

import org.jspecify.annotations.Nullable;

/// The running state of one aggregate of one window. A number that is NaN is no value: a single
/// one does not spoil a window.
sealed interface Accumulator {
    /// Bytes of the largest kind, with a boxed value.
    long BYTES = 64;

    /// Takes the value of one reading.
    ///
    /// @param number the value of a numeric aggregate
    /// @param value the value of another; null if the reading has none
    /// @param time the reading's event time
    void add(double number, @Nullable Object value, long time);

    /// The result, boxed; null if there is none.
    @Nullable
    Object result();

    /// How many readings there were.
    final class Count implements Accumulator {
        private long count;

        @Override
        public void add(double number, @Nullable Object value, long time) {
            count++;
        }

        @Override
        public Long result() {
            return count;
        }
    }

    /// Sum and mean, with Neumaier's compensation: the error does not grow with the number of
    /// readings.
    final class Sum implements Accumulator {
        private final boolean mean;
        private double sum;
        private double compensation;
        private long count;

        Sum(boolean mean) {
            this.mean = mean;
        }

        @Override
        public void add(double number, @Nullable Object value, long time) {
            if (Double.isNaN(number)) {
                return;
            }
            double next = sum + number;
            if (Math.abs(sum) >= Math.abs(number)) {
                compensation += (sum - next) + number;
            } else {
                compensation += (number - next) + sum;
            }
            sum = next;
            count++;
        }

        @Override
        public @Nullable Double result() {
            if (count == 0) {
                return null;
            }
            // Infinite sums have no meaningful compensation.
            double total = Double.isFinite(sum) ? sum + compensation : sum;
            return mean ? total / count : total;
        }
    }

    /// The least or the greatest value.
    final class Extreme implements Accumulator {
        private final boolean greatest;
        private double extreme = Double.NaN;

        Extreme(boolean greatest) {
            this.greatest = greatest;
        }

        @Override
        public void add(double number, @Nullable Object value, long time) {
            if (Double.isNaN(extreme)) {
                extreme = number;
            } else if (!Double.isNaN(number)) {
                extreme = greatest ? Math.max(extreme, number) : Math.min(extreme, number);
            }
        }

        @Override
        public @Nullable Double result() {
            return Double.isNaN(extreme) ? null : (Double) extreme;
        }
    }

    /// The value with the earliest or the latest event time; of equal times the one that came
    /// first, or last.
    final class Edge implements Accumulator {
        private final boolean latest;
        private @Nullable Object value;
        private long time;

        Edge(boolean latest) {
            this.latest = latest;
        }

        @Override
        public void add(double number, @Nullable Object next, long at) {
            if (next != null && (value == null || (latest ? at >= time : at < time))) {
                value = next;
                time = at;
            }
        }

        @Override
        public @Nullable Object result() {
            return value;
        }
    }

    /// The standard deviation of a sample (divided by n − 1), by Welford's method, which does not
    /// lose digits when the mean is large; there is none for a single value.
    final class Deviation implements Accumulator {
        private long count;
        private double mean;
        private double squares;

        @Override
        public void add(double number, @Nullable Object value, long time) {
            if (Double.isNaN(number)) {
                return;
            }
            count++;
            double delta = number - mean;
            mean += delta / count;
            squares += delta * (number - mean);
        }

        @Override
        public @Nullable Double result() {
            return count < 2 ? null : (Double) Math.sqrt(squares / (count - 1));
        }
    }
}
