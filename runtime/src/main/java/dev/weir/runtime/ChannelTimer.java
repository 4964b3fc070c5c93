package dev.weir.runtime;

import java.time.Duration;
import java.time.Instant;

/// A channel that brings one tick when a delay has passed, as Go's `time.Timer`; named so because
/// [java.util.Timer] is something else.
///
/// {@snippet file="ExamplesTest.java" region="timer"}
///
/// The tick is the time at which it was due, and waits for its receiver, of whom it has one. The
/// channel counts as unbuffered and is never closed. To wait for a channel no longer than so long,
/// a `Duration` parameter or [Select#timeout(Duration, Select.Reply)] cost less.
///
/// A timer has no thread and, as long as nobody waits for its tick, no entry in a timer thread
/// either; one that is not referenced any more is garbage although it was not stopped. All methods
/// may be called by any thread, and none blocks.
public final class ChannelTimer {
    private final TickSource source;

    private ChannelTimer(TickSource source) {
        this.source = source;
    }

    /// A timer whose tick is due after `delay`; at once if that is zero or less.
    public static ChannelTimer in(Duration delay) {
        return new ChannelTimer(new TickSource(Deadline.in(delay), 0));
    }

    /// The channel of the tick; always the same one.
    public ReceiveChannel<Instant> tick() {
        return source.channel();
    }

    /// Prevents the tick. When this returns, no receive will get it, even if it was due, unless
    /// [#reset(Duration)] starts the timer again. Those who wait keep waiting.
    ///
    /// @return whether the tick was still to come or had not been received
    public boolean stop() {
        return source.stop();
    }

    /// Starts the timer anew, also after its tick or [#stop()]. An earlier tick that was not
    /// received is gone.
    ///
    /// @param delay from now; at once if it is zero or less
    /// @return whether the earlier tick was still to come or had not been received
    public boolean reset(Duration delay) {
        return source.reset(Deadline.in(delay), 0);
    }
}
