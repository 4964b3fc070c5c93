package dev.weir.runtime;

import java.time.Duration;
import java.time.Instant;

/// A channel that brings a tick at regular intervals, as Go's `time.Ticker`.
///
/// {@snippet file="ExamplesTest.java" region="ticker"}
///
/// A tick is the time at which it was due. It waits for its receiver; while one waits, further
/// ones are dropped: a slow receiver gets the oldest late tick at once and the next in step with
/// the interval, never a burst. The channel counts as unbuffered, and is never closed: after
/// [#stop()] it brings nothing more.
///
/// A ticker has no thread and, as long as nobody waits for a tick, no entry in a timer either; one
/// that is not referenced any more is garbage although it was not stopped. All methods may be
/// called by any thread, and none blocks.
public final class Ticker {
    // 73 years, so that the point of the next tick never overflows the clock.
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 4);

    private final TickSource source;

    private Ticker(TickSource source) {
        this.source = source;
    }

    /// A ticker whose first tick is due after one interval.
    ///
    /// @param interval the time from tick to tick, longer than zero; below a millisecond the ticks
    ///     are late more often than not
    /// @throws IllegalArgumentException if `interval` is zero or less
    public static Ticker every(Duration interval) {
        long nanos = checkedNanos(interval);
        return new Ticker(new TickSource(Deadline.in(interval), nanos));
    }

    /// The channel of the ticks; always the same one.
    public ReceiveChannel<Instant> ticks() {
        return source.channel();
    }

    /// Ends the ticks. When this returns, a tick that was due and not received is gone, and no
    /// receive will get one, unless [#reset(Duration)] starts the ticker again. Those who wait
    /// keep waiting.
    public void stop() {
        source.stop();
    }

    /// Starts the ticker anew, also after [#stop()]: the next tick is due one interval from now. A
    /// tick that was due and not received is gone.
    ///
    /// @param interval the time from tick to tick, longer than zero
    /// @throws IllegalArgumentException if `interval` is zero or less
    public void reset(Duration interval) {
        long nanos = checkedNanos(interval);
        source.reset(Deadline.in(interval), nanos);
    }

    private static long checkedNanos(Duration interval) {
        if (interval.isNegative() || interval.isZero()) {
            throw new IllegalArgumentException("the interval of a ticker must be longer than zero, but was " + interval
                    + "; to be told once is ChannelTimer.in(delay)");
        }
        return (interval.compareTo(LONGEST) > 0 ? LONGEST : interval).toNanos();
    }
}
