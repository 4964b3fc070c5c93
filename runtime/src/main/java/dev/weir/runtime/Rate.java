package dev.weir.runtime;

import java.time.Duration;

/// How often something may happen.
///
/// @param perSecond events in a second, at least 0; infinite for [#unlimited()]
public record Rate(double perSecond) {
    private static final Rate UNLIMITED = new Rate(Double.POSITIVE_INFINITY);

    /// @throws IllegalArgumentException if `perSecond` is negative or not a number
    public Rate {
        if (!(perSecond >= 0)) {
            throw new IllegalArgumentException("rate must be at least 0 events in a second, but was " + perSecond);
        }
    }

    /// So many events in a second; 0 means none.
    ///
    /// @throws IllegalArgumentException if `events` is negative or not a number
    public static Rate perSecond(double events) {
        return new Rate(events);
    }

    /// One event in each interval.
    ///
    /// @throws IllegalArgumentException if `interval` is not positive
    public static Rate every(Duration interval) {
        if (!interval.isPositive()) {
            throw new IllegalArgumentException("the interval of a rate must be positive, but was " + interval
                    + "; without a limit it is Rate.unlimited()");
        }
        return new Rate(1 / (interval.getSeconds() + interval.getNano() / 1e9));
    }

    /// Any number of events.
    public static Rate unlimited() {
        return UNLIMITED;
    }

    /// Whether this is [#unlimited()].
    public boolean isUnlimited() {
        return perSecond == Double.POSITIVE_INFINITY;
    }

    @Override
    public String toString() {
        return isUnlimited() ? "unlimited" : perSecond + "/s";
    }
}
