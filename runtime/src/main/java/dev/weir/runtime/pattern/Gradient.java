package dev.weir.runtime.pattern;

/// The algorithm of an [AdaptiveLimit], without clock and threads: Gradient2 of Netflix's
/// concurrency-limits (<https://github.com/Netflix/concurrency-limits>, class `Gradient2Limit`,
/// Apache License 2.0), written anew from its description.
///
/// The short average is that of the last window, the long one an exponential average over 600
/// windows. Their ratio says whether calls begin to queue up; the limit follows it, plus an
/// allowance for a short queue, which is also what makes the limit grow where nothing queues up.
///
/// Differs in that a window in which a call was dropped counts as the steepest gradient and without
/// the allowance, as in the first version there; the second looks at times only.
final class Gradient {
    private static final int LONG_WINDOW = 600;
    private static final int WARM_UP = 10;
    private static final double STEEPEST = 0.5;
    private static final double RECOVERY = 0.95;

    // set once
    private final AdaptiveLimit.Settings settings;

    // only under the lock of the limit
    private double limit;
    private double longNanos;
    private int samples;

    Gradient(AdaptiveLimit.Settings settings) {
        this.settings = settings;
        this.limit = settings.initial();
    }

    int limit() {
        return (int) limit;
    }

    /// @param shortNanos the average of the window; ignored if there was no sample
    /// @param inFlight the most at the same time in the window
    /// @param dropped whether a call was dropped in it
    void update(double shortNanos, int inFlight, boolean dropped) {
        if (shortNanos > 0) {
            remember(shortNanos);
        }
        if (dropped) {
            move(limit * STEEPEST);
        } else if (inFlight >= limit / 2) { // else the callers are the limit, and nothing is learned
            double gradient = Math.clamp(settings.tolerance() * longNanos / shortNanos, STEEPEST, 1.0);
            move(limit * gradient + settings.allowance());
        }
    }

    private void remember(double shortNanos) {
        samples++;
        if (samples <= WARM_UP) {
            longNanos += (shortNanos - longNanos) / samples;
        } else {
            longNanos += (shortNanos - longNanos) * 2 / (LONG_WINDOW + 1);
        }
        // After a long time of overload: do not wait until the average has come down by itself.
        if (longNanos > 2 * shortNanos) {
            longNanos *= RECOVERY;
        }
    }

    private void move(double wanted) {
        double next = limit * (1 - settings.smoothing()) + wanted * settings.smoothing();
        limit = Math.clamp(next, settings.min(), settings.max());
    }
}
