package dev.weir.runtime;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Bounds how often something happens: by a [TokenBucket], which allows bursts, or a
/// [LeakyBucket], which spaces evenly.
///
/// {@snippet file="ExamplesTest.java" region="limiter"}
///
/// There are three ways to use it, which may be mixed: [#allow()] drops what comes too fast,
/// [#await()] delays it, and [#reserve()] tells how long to delay it. Whoever reserves or waits is
/// served in the order of the calls. All methods may be called by any thread; only those called
/// `await` and `tryAwait` block. There is no thread and no timer behind it, and no memory for
/// those who wait: what was not used is worked out from the time that has passed.
///
/// The time is [System#nanoTime()], or that of a source which is given. If that source goes
/// backwards, nothing is gained by it. Waiting takes the time by which a reservation is ahead, in
/// real time.
public abstract sealed class RateLimiter permits TokenBucket, LeakyBucket {
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    private final LongSupplier nanoTime;

    RateLimiter(LongSupplier nanoTime) {
        this.nanoTime = Objects.requireNonNull(nanoTime, "nanoTime");
    }

    /// A full bucket of `burst` tokens that gets `rate` more in a second, up to `burst`: see
    /// [TokenBucket].
    ///
    /// @throws IllegalArgumentException if `burst` is negative
    public static TokenBucket tokenBucket(Rate rate, int burst) {
        return tokenBucket(rate, burst, Deadline::nanoTime);
    }

    /// The same with a time of its own.
    ///
    /// @param nanoTime the time in nanoseconds since any fixed point; must not block
    /// @throws IllegalArgumentException if `burst` is negative
    public static TokenBucket tokenBucket(Rate rate, int burst, LongSupplier nanoTime) {
        return new TokenBucket(rate, burst, nanoTime);
    }

    /// Events that are evenly spaced: see [LeakyBucket].
    ///
    /// @throws IllegalArgumentException if the rate is 0
    public static LeakyBucket leakyBucket(Rate rate) {
        return leakyBucket(rate, Deadline::nanoTime);
    }

    /// The same with a time of its own.
    ///
    /// @param nanoTime the time in nanoseconds since any fixed point; must not block
    /// @throws IllegalArgumentException if the rate is 0
    public static LeakyBucket leakyBucket(Rate rate, LongSupplier nanoTime) {
        return new LeakyBucket(rate, nanoTime);
    }

    /// Whether one event may happen now. If so, it counts; if not, nothing is changed.
    public final boolean allow() {
        return allow(1);
    }

    /// Whether `events` may happen now, all of them. If so, they count; if not, nothing is changed.
    ///
    /// @throws IllegalArgumentException if `events` is negative
    public final boolean allow(int events) {
        return take(checked(events), now(), 0) != null;
    }

    /// Reserves the time of one event: whoever calls this is expected to wait for
    /// [Reservation#delay()] before.
    ///
    /// @return empty if it may never happen
    public final Optional<Reservation> reserve() {
        return reserve(1);
    }

    /// Reserves the time of `events` that happen together.
    ///
    /// @return empty, with nothing changed, if they may never happen together
    /// @throws IllegalArgumentException if `events` is negative
    public final Optional<Reservation> reserve(int events) {
        return Optional.ofNullable(take(checked(events), now(), Long.MAX_VALUE));
    }

    /// Reserves the time of `events` that happen together, if it is not far away. This is how to
    /// bound how much waits: what comes to a limiter faster than it lets through pays with delay,
    /// without end.
    ///
    /// @return empty, with nothing changed, if they may not happen within `atMost` from now
    /// @throws IllegalArgumentException if `events` is negative
    public final Optional<Reservation> reserve(int events, Duration atMost) {
        return Optional.ofNullable(take(checked(events), now(), nanos(atMost)));
    }

    /// Waits until one event may happen.
    ///
    /// @throws IllegalArgumentException if it may never happen
    /// @throws InterruptedException if the thread is interrupted before or while it waits; the
    ///     event does not count
    public final void await() throws InterruptedException {
        await(1);
    }

    /// Waits until `events` may happen together.
    ///
    /// @throws IllegalArgumentException if `events` is negative, or if they may never happen
    ///     together
    /// @throws InterruptedException if the thread is interrupted before or while it waits; the
    ///     events do not count
    public final void await(int events) throws InterruptedException {
        await(events, Context.background());
    }

    /// Waits until one event may happen, for as long as `context` is not done.
    ///
    /// @throws ContextException if the context is done before; at once, as
    ///     [DeadlineExceededException], if it has a deadline before that time. The event does not
    ///     count
    /// @throws IllegalArgumentException if it may never happen
    /// @throws InterruptedException if the thread is interrupted before or while it waits; the
    ///     event does not count
    public final void await(Context context) throws InterruptedException {
        await(1, context);
    }

    /// Waits until `events` may happen together, for as long as `context` is not done.
    ///
    /// @throws ContextException if the context is done before; at once, as
    ///     [DeadlineExceededException], if it has a deadline before that time. The events do not
    ///     count
    /// @throws IllegalArgumentException if `events` is negative, or if they may never happen
    ///     together
    /// @throws InterruptedException if the thread is interrupted before or while it waits; the
    ///     events do not count
    public final void await(int events, Context context) throws InterruptedException {
        checked(events);
        context.throwIfDone();
        checkInterrupt();
        var due = CancelNode.dueOf(context);
        while (true) {
            long now = now();
            var reservation = take(events, now, due == null ? Long.MAX_VALUE : due.remainingNanos());
            if (reservation != null) {
                pause(reservation, context);
                return;
            }
            var never = whyNever(events);
            if (never != null) {
                throw new IllegalArgumentException(never);
            }
            if (due != null) {
                throw DeadlineExceededException.ahead(events + " events of " + this
                        + " would be allowed only after the context's deadline, which is in "
                        + Duration.ofNanos(due.remainingNanos()));
            }
        }
    }

    /// Waits until `events` may happen together, but only if that is within `timeout`, and else
    /// not at all.
    ///
    /// @return whether they may happen now; if not, they do not count
    /// @throws IllegalArgumentException if `events` is negative
    /// @throws InterruptedException if the thread is interrupted before or while it waits; the
    ///     events do not count
    public final boolean tryAwait(int events, Duration timeout) throws InterruptedException {
        checked(events);
        checkInterrupt();
        var reservation = take(events, now(), nanos(timeout));
        if (reservation == null) {
            return false;
        }
        pause(reservation, Context.background());
        return true;
    }

    private void pause(Reservation reservation, Context context) throws InterruptedException {
        long nanos = reservation.delayNanos(now());
        if (nanos <= 0) {
            return;
        }
        var until = Deadline.in(Duration.ofNanos(nanos));
        boolean waited = false;
        try {
            new Ticket().await(this, context, until);
            if (until.remainingNanos() > 0) {
                context.throwIfDone();
            }
            waited = true;
        } finally {
            if (!waited) {
                reservation.cancel();
            }
        }
    }

    private void checkInterrupt() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before waiting for " + this);
        }
    }

    final long now() {
        return nanoTime.getAsLong();
    }

    /// Reserves the events unless their time is more than `mostNanos` after `now`, or never: then
    /// returns null and changes nothing.
    abstract @Nullable Reservation take(int events, long now, long mostNanos);

    /// Undoes a reservation as far as that is possible now.
    abstract void giveBack(Reservation reservation);

    /// Why so many events may never happen together, or null if they may.
    abstract @Nullable String whyNever(int events);

    private static long nanos(Duration duration) {
        if (duration.isNegative()) {
            return 0;
        }
        return duration.compareTo(LONGEST) < 0 ? duration.toNanos() : Long.MAX_VALUE;
    }

    private static int checked(int events) {
        if (events < 0) {
            throw new IllegalArgumentException("events must be at least 0, but was " + events);
        }
        return events;
    }
}
