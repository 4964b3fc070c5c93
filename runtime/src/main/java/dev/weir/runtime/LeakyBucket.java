package dev.weir.runtime;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A [RateLimiter] that lets events through one by one, evenly spaced: like the drops of a bucket
/// with a hole, which come at a steady rate however the water was poured. Nothing is saved up in a
/// quiet time.
///
/// Events that are asked for together happen together, and the next one has to wait for as many
/// intervals. There is no limit to how many may wait: [#reserve(int, java.time.Duration)] and
/// [#tryAwait(int, java.time.Duration)] refuse what would have to wait for too long, which is
/// where this bucket spills.
public final class LeakyBucket extends RateLimiter {

    /// When the next event may happen: `fraction` of a nanosecond after `next`, so that a rate
    /// which is no whole number of nanoseconds is kept in the long run.
    private record State(long next, double fraction) {}

    /// 146 years, so that differences of two times never overflow.
    private static final double MOST_NANOS = 1L << 62;

    // set once
    private final Rate rate;
    private final double intervalNanos;

    /// Replaced as a whole by a compare-and-set.
    private final AtomicReference<State> state;

    LeakyBucket(Rate rate, LongSupplier nanoTime) {
        super(nanoTime);
        this.rate = Objects.requireNonNull(rate, "rate");
        this.intervalNanos = 1e9 / rate.perSecond();
        if (!(intervalNanos <= Long.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "the rate of a leaky bucket must be above 1 event in 292 years, but was " + rate);
        }
        this.state = new AtomicReference<>(new State(now(), 0));
    }

    /// How often an event may happen.
    public Rate rate() {
        return rate;
    }

    @Override
    @Nullable
    Reservation take(int events, long now, long mostNanos) {
        if (rate.isUnlimited()) {
            return new Reservation(this, 0, now, rate.perSecond());
        }
        while (true) {
            var old = state.get();
            boolean late = old.next() - now < 0;
            long next = late ? now : old.next();
            double fraction = late ? 0 : old.fraction();
            long due = fraction > 0 ? next + 1 : next;
            if (due - now > mostNanos) {
                return null;
            }
            double taken = fraction + events * intervalNanos;
            double whole = Math.floor(taken);
            if (due - now + whole > MOST_NANOS) {
                return null;
            }
            var after = new State(next + (long) whole, taken - whole);
            if (state.compareAndSet(old, after)) {
                return new Reservation(this, events, due, rate.perSecond());
            }
        }
    }

    /// Only the last reservation can be undone: others have their places behind it.
    @Override
    void giveBack(Reservation reservation) {
        long now = now();
        if (reservation.delayNanos(now) < 0) {
            return;
        }
        var old = state.get();
        double behind = (old.next() - reservation.due) + old.fraction() - reservation.events * intervalNanos;
        if (Math.abs(behind) <= 1) {
            state.compareAndSet(old, new State(reservation.due, 0));
        }
    }

    @Override
    @Nullable
    String whyNever(int events) {
        boolean never = events * intervalNanos > MOST_NANOS;
        return never ? events + " events of " + this + " take more than 146 years" : null;
    }

    @Override
    public String toString() {
        return "LeakyBucket(" + rate + ")";
    }
}
