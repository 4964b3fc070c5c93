package dev.weir.connect.mqtt;

/// A token bucket that may go into debt: who takes more than there is waits until the debt is paid,
/// or is told that there is nothing. It holds what comes together in one second. Belongs to one
/// thread.
final class Pace {
    private static final double NANOS = 1e9;

    private final double perSecond;
    private double tokens;
    private long at;

    /// A bucket that is full now.
    ///
    /// @param perSecond how many tokens come in a second, and are kept at most
    Pace(long perSecond, long now) {
        this.perSecond = perSecond;
        this.tokens = perSecond;
        this.at = now;
    }

    /// Takes tokens, and says how many nanoseconds the taker has to wait before it goes on.
    long take(long count, long now) {
        refill(now);
        tokens -= count;
        return tokens >= 0 ? 0 : (long) (-tokens / perSecond * NANOS) + 1;
    }

    /// Takes one token if there is one.
    boolean tryTake(long now) {
        refill(now);
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }

    private void refill(long now) {
        tokens = Math.min(perSecond, tokens + (now - at) / NANOS * perSecond);
        at = now;
    }
}
