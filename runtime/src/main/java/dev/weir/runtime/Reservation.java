package dev.weir.runtime;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/// The right to let something happen at a time, which may be now, taken from a [RateLimiter] by
/// [RateLimiter#reserve(int)]. Any thread may call its methods; none blocks.
public final class Reservation {
    // set once
    private final RateLimiter limiter;
    final int events;
    /// When the events may happen, in the limiter's nanoseconds.
    final long due;
    /// The limiter's rate when this was reserved.
    final double perSecond;

    private final AtomicBoolean cancelled = new AtomicBoolean();

    /// @param events 0 if there is nothing to give back
    Reservation(RateLimiter limiter, int events, long due, double perSecond) {
        this.limiter = limiter;
        this.events = events;
        this.due = due;
        this.perSecond = perSecond;
    }

    /// How long to wait from now until the events may happen; zero if they may already.
    public Duration delay() {
        return Duration.ofNanos(Math.max(0, delayNanos(limiter.now())));
    }

    long delayNanos(long now) {
        return due - now;
    }

    /// Gives back what can still be used by others: nothing after the time of the events, and
    /// nothing of what later reservations, whose times stay, have built upon. Repeated calls do
    /// nothing.
    public void cancel() {
        if (cancelled.compareAndSet(false, true) && events > 0) {
            limiter.giveBack(this);
        }
    }

    @Override
    public String toString() {
        return "Reservation(" + events + " of " + limiter + ", in " + delay() + ")";
    }
}
