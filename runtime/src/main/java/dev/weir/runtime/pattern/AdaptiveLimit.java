package dev.weir.runtime.pattern;

import dev.weir.runtime.Channel;
import dev.weir.runtime.Context;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// How many calls may be under way at the same time, found by measuring how long they take: while
/// calls take as long as ever, the limit grows; when they take longer, because they queue up on the
/// other side, it falls.
///
/// {@snippet file="pattern/PatternExamplesTest.java" region="adaptive"}
///
/// Use it before something whose capacity nobody knows or that changes: a database, a service, an
/// uplink. Where the capacity is known, a [dev.weir.runtime.WeightedSemaphore] is simpler and does
/// not swing; where a rate is allowed and not a number, a [dev.weir.runtime.RateLimiter]. It needs
/// calls of one kind: calls that take long because they are big look like overload.
///
/// **How.** The gradient of the average time of a window to a long average, with smoothing and an
/// allowance for a queue: Gradient2 of
/// [Netflix's concurrency-limits](https://github.com/Netflix/concurrency-limits). The long average
/// follows an overload that lasts for hundreds of windows, and the limit then creeps up: give it a
/// `max` that the other side survives.
///
/// **Cost.** A short lock when a call begins and ends, no thread. Waiting is first come, first
/// served, and bounded. All methods may be called by any thread; a permit may be given back by
/// another one.
public final class AdaptiveLimit {

    /// How the limit behaves.
    ///
    /// @param min the limit never falls below; at least 1
    /// @param max nor rises above
    /// @param initial the limit at the start
    /// @param allowance how many calls may queue up on the other side, at least 1: what the limit
    ///     grows by
    /// @param smoothing what part of a change is made in each window, more than 0, at most 1
    /// @param tolerance how many times longer than on the long average a call may take before the
    ///     limit falls, at least 1
    /// @param window how long times are averaged
    /// @param mostWaiting how many callers may wait in [#acquire(Context)]
    public record Settings(
            int min,
            int max,
            int initial,
            int allowance,
            double smoothing,
            double tolerance,
            Duration window,
            int mostWaiting) {
        /// @throws IllegalArgumentException if a number is out of its bounds
        public Settings {
            check(min >= 1 && min <= max, "min must be 1 to max (" + max + "), but was " + min);
            check(initial >= min && initial <= max, "initial must be " + min + " to " + max + ", but was " + initial);
            check(allowance >= 1, "allowance must be at least 1, but was " + allowance);
            check(smoothing > 0 && smoothing <= 1, "smoothing must be more than 0, at most 1, but was " + smoothing);
            check(tolerance >= 1, "tolerance must be at least 1, but was " + tolerance);
            check(window.isPositive(), "window must be more than zero, but was " + window);
            check(mostWaiting >= 0, "mostWaiting must be at least 0, but was " + mostWaiting);
        }

        private static void check(boolean holds, String message) {
            if (!holds) {
                throw new IllegalArgumentException(message + "; it is a setting of an adaptive limit");
            }
        }

        /// The usual settings: begins at 20 or the nearest that is allowed, an allowance of 4,
        /// smoothing
        /// 0.2, tolerance 1.5, windows of half a second, 1,024 waiting.
        ///
        /// @throws IllegalArgumentException if `min` is less than 1 or more than `max`
        public static Settings between(int min, int max) {
            int initial = Math.max(min, Math.min(max, 20));
            return new Settings(min, max, initial, 4, 0.2, 1.5, Duration.ofMillis(500), 1024);
        }
    }

    private static final int FEWEST_SAMPLES = 10;

    // set once
    private final Settings settings;
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();

    // guarded by the lock
    private final LinkedHashSet<Channel<Permit>> waiting = new LinkedHashSet<>();
    private final Gradient gradient;
    private int inFlight;
    private long windowStart;
    private double windowNanos;
    private int windowSamples;
    private int windowInFlight;
    private boolean windowDropped;

    private AdaptiveLimit(Settings settings, LongSupplier nanoTime) {
        this.settings = Objects.requireNonNull(settings, "settings");
        this.nanoTime = Objects.requireNonNull(nanoTime, "nanoTime");
        this.gradient = new Gradient(settings);
        this.windowStart = nanoTime.getAsLong();
    }

    /// A limit with the clock of the system.
    public static AdaptiveLimit of(Settings settings) {
        return new AdaptiveLimit(settings, System::nanoTime);
    }

    /// A limit with a clock of its own, for tests.
    ///
    /// @param nanoTime as [System#nanoTime()]; is called with a lock held
    public static AdaptiveLimit of(Settings settings, LongSupplier nanoTime) {
        return new AdaptiveLimit(settings, nanoTime);
    }

    /// A call that is under way. Exactly one of its methods counts, the first; [#close()] is the
    /// same as [#ignored()], so that a call that ends by an exception gives its place back.
    public final class Permit implements AutoCloseable {
        private final long start;
        private final AtomicBoolean ended = new AtomicBoolean();

        private Permit(long start) {
            this.start = start;
        }

        /// The call was answered: the time it took is a sample.
        public void success() {
            end(true, false);
        }

        /// The call was refused or not answered in time: the other side has too much to do.
        public void dropped() {
            end(false, true);
        }

        /// Nothing is to be learned from the call: it failed for a reason of its own, or was not
        /// made.
        public void ignored() {
            end(false, false);
        }

        @Override
        public void close() {
            ignored();
        }

        private void end(boolean sample, boolean dropped) {
            if (ended.compareAndSet(false, true)) {
                release(start, sample, dropped);
            }
        }
    }

    /// Begins a call if the limit allows one and nobody waits. Never blocks.
    public Optional<Permit> tryAcquire() {
        lock.lock();
        try {
            return hasRoomLocked() ? Optional.of(permitLocked()) : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /// Begins a call; waits while the limit does not allow one.
    ///
    /// @throws RefusedException if as many wait as may
    /// @throws dev.weir.runtime.ContextException if the context is done before
    /// @throws InterruptedException if the thread is interrupted before or while it waits
    public Permit acquire(Context context) throws InterruptedException {
        context.throwIfDone();
        var turn = Channel.<Permit>bounded(1);
        lock.lock();
        try {
            if (hasRoomLocked()) {
                return permitLocked();
            }
            if (waiting.size() >= settings.mostWaiting) {
                throw new RefusedException("the limit of " + gradient.limit() + " calls is reached and "
                        + settings.mostWaiting + " wait for one to end; come back later");
            }
            waiting.add(turn);
        } finally {
            lock.unlock();
        }
        boolean begun = false;
        try {
            var permit = turn.receive(context);
            begun = true;
            return permit;
        } finally {
            if (!begun) {
                giveUp(turn);
            }
        }
    }

    private void giveUp(Channel<Permit> turn) {
        lock.lock();
        try {
            waiting.remove(turn);
        } finally {
            lock.unlock();
        }
        var tooLate = turn.tryReceive(); // was given between the end of the wait and here
        if (tooLate != null) {
            tooLate.ignored();
        }
    }

    private boolean hasRoomLocked() {
        return waiting.isEmpty() && inFlight < gradient.limit();
    }

    private Permit permitLocked() {
        inFlight++;
        windowInFlight = Math.max(windowInFlight, inFlight);
        return new Permit(nanoTime.getAsLong());
    }

    private void release(long start, boolean sample, boolean dropped) {
        lock.lock();
        try {
            long now = nanoTime.getAsLong();
            if (sample) {
                windowNanos += Math.max(1, now - start);
                windowSamples++;
            }
            windowDropped |= dropped;
            if (now - windowStart >= settings.window.toNanos() && (windowSamples >= FEWEST_SAMPLES || windowDropped)) {
                closeWindowLocked(now);
            }
            inFlight--;
            // Under the lock, so that one who gives up finds either his place in the queue or his permit; it does
            // not wait, because there is room for one.
            while (!waiting.isEmpty() && inFlight < gradient.limit()) {
                waiting.removeFirst().trySend(permitLocked());
            }
        } finally {
            lock.unlock();
        }
    }

    private void closeWindowLocked(long now) {
        gradient.update(windowSamples == 0 ? 0 : windowNanos / windowSamples, windowInFlight, windowDropped);
        windowStart = now;
        windowNanos = 0;
        windowSamples = 0;
        windowInFlight = inFlight - 1;
        windowDropped = false;
    }

    /// The limit now.
    public int limit() {
        lock.lock();
        try {
            return gradient.limit();
        } finally {
            lock.unlock();
        }
    }

    /// How many calls are under way; more than the limit, for a while after it fell.
    public int inFlight() {
        lock.lock();
        try {
            return inFlight;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return "AdaptiveLimit(" + inFlight() + " of " + limit() + ")";
    }
}
