package dev.weir.node.store;

import java.time.Instant;
import java.util.OptionalDouble;

/// The values of a device in one step of time, summed up. Texts count, and can be last, but have
/// no mean.
public final class Bucket {
    private final String device;
    private final long start;
    private long count;
    private long numbers;
    private double sum;
    private double lost;
    private double least = Double.POSITIVE_INFINITY;
    private double most = Double.NEGATIVE_INFINITY;
    private Object last = "";

    Bucket(String device, long start) {
        this.device = device;
        this.start = start;
    }

    void add(Object value) {
        count++;
        last = value;
        if (value instanceof Number number) {
            double v = number.doubleValue();
            numbers++;
            // Kahan: the mean of many values must not drift.
            double term = v - lost;
            double next = sum + term;
            lost = next - sum - term;
            sum = next;
            least = Math.min(least, v);
            most = Math.max(most, v);
        }
    }

    public String device() {
        return device;
    }

    /// The first moment of the step.
    public Instant start() {
        return Times.instant(start);
    }

    public long count() {
        return count;
    }

    public OptionalDouble mean() {
        return number(sum / numbers);
    }

    public OptionalDouble min() {
        return number(least);
    }

    public OptionalDouble max() {
        return number(most);
    }

    private OptionalDouble number(double value) {
        return numbers == 0 ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /// The value with the latest time: a `Double`, `Long` or `String`.
    public Object last() {
        return last;
    }
}
