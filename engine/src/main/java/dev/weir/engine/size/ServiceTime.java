package dev.weir.engine.size;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/// How long one reading occupies a worker: a distribution, as values with weights.
public final class ServiceTime {
    /// With less variation than this it is taken as constant.
    private static final double CONSTANT = 0.02;

    private static final double MOST_CV = 10;
    private static final int POINTS = 1000;
    private static final double FORGOTTEN = 1e-7;

    private final double meanSeconds;
    private final double cv;

    /// Ascending.
    private final double[] values;

    /// Their sum is 1.
    private final double[] weights;

    private ServiceTime(double meanSeconds, double cv, double[] values, double[] weights) {
        this.meanSeconds = meanSeconds;
        this.cv = cv;
        this.values = values;
        this.weights = weights;
    }

    /// A distribution of that mean and variation: constant for 0, gamma up to 1, exponential for 1;
    /// above, most are short and some long, as a mixture of two exponential ones that contribute
    /// equally to the mean (H2 with balanced means: H. C. Tijms, "Stochastic Models", 1994,
    /// appendix B).
    ///
    /// @param meanSeconds above 0
    /// @param cv coefficient of variation, the standard deviation over the mean, 0 to 10
    public static ServiceTime of(double meanSeconds, double cv) {
        if (!(meanSeconds > 0) || Double.isInfinite(meanSeconds)) {
            throw new IllegalArgumentException("the mean service time must be above 0, but was " + meanSeconds + " s");
        }
        if (!(cv >= 0 && cv <= MOST_CV)) {
            throw new IllegalArgumentException(
                    "the coefficient of variation must be between 0 and " + MOST_CV + ", but was " + cv);
        }
        if (cv < CONSTANT) {
            return new ServiceTime(meanSeconds, cv, new double[] {meanSeconds}, new double[] {1});
        }
        DoubleUnaryOperator tail = cv > 1 ? mixture(cv) : gamma(cv);
        double end = 1;
        while (tail.applyAsDouble(end) > FORGOTTEN) {
            end *= 1.25;
        }
        double[] values = new double[POINTS];
        double[] weights = new double[POINTS];
        double from = 0;
        double above = 1;
        for (int i = 0; i < POINTS; i++) {
            // Cells that grow: what varies much has most of its values close to 0.
            double to = end * Math.pow((i + 1.0) / POINTS, 3);
            double aboveTo = i == POINTS - 1 ? 0 : tail.applyAsDouble(to);
            values[i] = meanSeconds * (from + to) / 2;
            weights[i] = Math.max(0, above - aboveTo);
            from = to;
            above = aboveTo;
        }
        return new ServiceTime(meanSeconds, cv, values, weights);
    }

    /// The share that is above x, where the mean is 1.
    private static DoubleUnaryOperator gamma(double cv) {
        double shape = 1 / (cv * cv);
        return x -> GammaFunction.above(shape, shape * x);
    }

    private static DoubleUnaryOperator mixture(double cv) {
        double squared = cv * cv;
        double fast = (1 + Math.sqrt((squared - 1) / (squared + 1))) / 2;
        double slow = 1 - fast;
        return x -> fast * Math.exp(-2 * fast * x) + slow * Math.exp(-2 * slow * x);
    }

    /// What was measured, as it is.
    ///
    /// @param seconds at least one, each from 0 on, not all 0; copied
    public static ServiceTime measured(double[] seconds) {
        double[] values = seconds.clone();
        Arrays.sort(values);
        double mean = Arrays.stream(values).average().orElse(0);
        if (!(mean > 0) || values[0] < 0 || Double.isInfinite(mean)) {
            throw new IllegalArgumentException("service times must be numbers from 0 on, at least one of them above 0");
        }
        double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
        double cv = values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1)) / mean;
        if (values.length > POINTS) {
            values = thinned(values);
        }
        double[] weights = new double[values.length];
        Arrays.fill(weights, 1.0 / values.length);
        return new ServiceTime(mean, cv, values, weights);
    }

    /// The means of equal groups of sorted values, so that the mean stays.
    private static double[] thinned(double[] sorted) {
        double[] means = new double[POINTS];
        for (int i = 0; i < POINTS; i++) {
            int from = (int) ((long) sorted.length * i / POINTS);
            int to = (int) ((long) sorted.length * (i + 1) / POINTS);
            means[i] = Arrays.stream(sorted, from, to).average().orElse(sorted[from]);
        }
        return means;
    }

    /// The mean.
    public double meanSeconds() {
        return meanSeconds;
    }

    /// The coefficient of variation: the standard deviation over the mean.
    public double cv() {
        return cv;
    }

    /// The probability that a wait in that queue and then the service take longer together.
    ///
    /// @param stretch what each service time is multiplied by
    double respondsLaterThan(double seconds, Erlang queue, double stretch) {
        double waiting = queue.waiting();
        double delay = queue.meanDelaySeconds();
        double late = 0;
        for (int i = 0; i < values.length; i++) {
            double left = seconds - values[i] * stretch;
            if (left < 0) {
                late += weights[i];
            } else if (delay > 0) {
                late += weights[i] * waiting * Math.exp(-left / delay);
            }
        }
        return late;
    }
}
