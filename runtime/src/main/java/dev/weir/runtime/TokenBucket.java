package dev.weir.runtime;

import dev.weir.runtime.control.Simulations;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A [RateLimiter] that lets through what was saved up: a bucket that is full at first, gets new
/// tokens at a steady rate as long as there is room, and gives one for each event. So over any
/// time t, no more than
/// `burst + rate * t` events happen.
///
/// Reservations may be made on tokens that are still to come. With [Rate#unlimited()] everything
/// is allowed at once, whatever the burst; with a rate of 0, the tokens that are there are all
/// there will ever be.
public final class TokenBucket extends RateLimiter {
    private static final double NANOS_PER_SECOND = 1e9;

    /// What rounding may cost: a part of a nanosecond that is not waited for.
    private static final double NEGLIGIBLE_NANOS = 1e-3;

    /// What is never reached.
    private static final long NEVER = Long.MAX_VALUE;

    private static final double MOST_NANOS = 1L << 62;

    /// @param tokens at `last`; negative if more are reserved than there are
    /// @param lastDue the latest time for which events are reserved
    private record State(double perSecond, int burst, double tokens, long last, long lastDue) {

        /// The same bucket at `now`. If that is before `last`, nothing is gained.
        State at(long now) {
            long passed = now - last;
            double gained = passed <= 0 ? 0 : passed / NANOS_PER_SECOND * perSecond;
            return new State(perSecond, burst, Math.min(burst, tokens + gained), now, lastDue);
        }

        State with(double newTokens, long newLastDue) {
            return new State(perSecond, burst, newTokens, last, newLastDue);
        }

        boolean isUnlimited() {
            return perSecond == Double.POSITIVE_INFINITY;
        }
    }

    /// Replaced as a whole by a compare-and-set.
    private final AtomicReference<State> state;

    TokenBucket(Rate rate, int burst, LongSupplier nanoTime) {
        super(nanoTime);
        long now = now();
        double perSecond = Objects.requireNonNull(rate, "rate").perSecond();
        state = new AtomicReference<>(new State(perSecond, checkedBurst(burst), burst, now, now));
    }

    /// How many tokens come in a second.
    public Rate rate() {
        return new Rate(state.get().perSecond());
    }

    /// How many tokens it holds at most, which is how many events may happen together.
    public int burst() {
        return state.get().burst();
    }

    /// How many tokens there are now; negative if events are reserved on tokens that are still to
    /// come.
    public double tokens() {
        return state.get().at(now()).tokens();
    }

    /// Changes the rate from now on. The times that are reserved stay.
    public void rate(Rate rate) {
        double perSecond = Objects.requireNonNull(rate, "rate").perSecond();
        long now = now();
        state.updateAndGet(old -> {
            var current = old.at(now);
            return new State(perSecond, current.burst(), current.tokens(), now, current.lastDue());
        });
    }

    /// Changes the burst from now on; tokens for which there is no room any more are lost. The
    /// times that are reserved stay.
    ///
    /// @throws IllegalArgumentException if `burst` is negative
    public void burst(int burst) {
        checkedBurst(burst);
        long now = now();
        state.updateAndGet(old -> {
            var current = old.at(now);
            return new State(current.perSecond(), burst, Math.min(burst, current.tokens()), now, current.lastDue());
        });
    }

    @Override
    @Nullable
    Reservation take(int events, long now, long mostNanos) {
        Simulations.point();
        while (true) {
            var old = state.get();
            if (old.isUnlimited()) {
                return new Reservation(this, 0, now, old.perSecond());
            }
            var current = old.at(now);
            double left = current.tokens() - events;
            long delay = nanosUntil(-left, current.perSecond());
            if (events > current.burst() || delay > mostNanos || delay == NEVER) {
                return null;
            }
            long due = now + delay;
            if (state.compareAndSet(old, current.with(left, due))) {
                return new Reservation(this, events, due, current.perSecond());
            }
        }
    }

    @Override
    void giveBack(Reservation reservation) {
        long now = now();
        if (reservation.delayNanos(now) < 0) {
            return;
        }
        while (true) {
            var old = state.get();
            // Those who reserved later keep their times, so the tokens that came in between are theirs.
            double builtUpon = (old.lastDue() - reservation.due) / NANOS_PER_SECOND * reservation.perSecond;
            double returned = reservation.events - builtUpon;
            if (old.isUnlimited() || returned <= 0) {
                return;
            }
            var current = old.at(now);
            double tokens = Math.min(current.burst(), current.tokens() + returned);
            if (state.compareAndSet(old, current.with(tokens, lastDueWithout(reservation, old.lastDue(), now)))) {
                return;
            }
        }
    }

    private static long lastDueWithout(Reservation reservation, long lastDue, long now) {
        if (reservation.due != lastDue) {
            return lastDue;
        }
        long before = reservation.due - nanosUntil(reservation.events, reservation.perSecond);
        return before - now >= 0 ? before : lastDue;
    }

    /// How long it takes until there are `missing` tokens more.
    private static long nanosUntil(double missing, double perSecond) {
        if (missing <= 0) {
            return 0;
        }
        double nanos = Math.ceil(missing / perSecond * NANOS_PER_SECOND - NEGLIGIBLE_NANOS);
        return nanos < MOST_NANOS ? (long) nanos : NEVER;
    }

    @Override
    @Nullable
    String whyNever(int events) {
        var current = state.get().at(now());
        if (current.isUnlimited()) {
            return null;
        }
        if (events > current.burst()) {
            return "at most " + current.burst() + " events (the burst) may happen together, but were " + events + " of "
                    + this;
        }
        boolean never = nanosUntil(events - current.tokens(), current.perSecond()) == NEVER;
        return never ? events + " events of " + this + " never come: " + current.tokens() + " tokens are left" : null;
    }

    private static int checkedBurst(int burst) {
        if (burst < 0) {
            throw new IllegalArgumentException("burst must be at least 0, but was " + burst);
        }
        return burst;
    }

    @Override
    public String toString() {
        return "TokenBucket(" + rate() + ", burst " + burst() + ")";
    }
}
