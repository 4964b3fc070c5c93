package dev.weir.runtime;

import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// What makes the ticks of a timer or ticker, whose channel it belongs to.
///
/// Ticks are not sent ahead of time: a receiver that comes looks at the clock. So none can be
/// stale after a stop or reset, which change the state under the lock of the channel; a slow
/// receiver of a ticker finds one tick and not many; and a timer nobody waits for is known to
/// nobody, so that it is collected without having been stopped. Only while a receiver waits is
/// there an appointment with [DeadlineTimer]. (Go's timers work so since 1.23.)
///
/// The methods whose names end in `Locked` want the lock of the channel held.
final class TickSource {
    // set once
    private final Channel<Instant> channel = Channel.of(this);

    // guarded by the lock of the channel
    private boolean active;
    private Deadline due;
    private long periodNanos;
    private @Nullable Appointment appointment;

    /// Starts to tick.
    ///
    /// @param first when the first tick is due
    /// @param periodNanos the time from tick to tick, or 0 for one tick only
    TickSource(Deadline first, long periodNanos) {
        this.active = true;
        this.due = first;
        this.periodNanos = periodNanos;
    }

    Channel<Instant> channel() {
        return channel;
    }

    /// Starts anew; returns whether a tick was to come or had not been received.
    boolean reset(Deadline first, long period) {
        boolean wasActive = change(true, first, period);
        arm();
        return wasActive;
    }

    /// Stops; returns whether a tick was to come or had not been received.
    boolean stop() {
        return change(false, Deadline.in(0), 0);
    }

    private boolean change(boolean activate, Deadline first, long period) {
        channel.lock();
        boolean wasActive = active;
        active = activate;
        due = first;
        periodNanos = period;
        var obsolete = appointment;
        appointment = null;
        channel.unlock();
        if (obsolete != null) {
            obsolete.cancel();
        }
        return wasActive;
    }

    /// Takes the tick that is due, or null. One who comes while others wait does not overtake them.
    @Nullable
    Object takeLocked() {
        if (channel.hasReceiversLocked()) {
            fireLocked();
            // Those who are left may be selects that have another winner: then the tick is still there.
            if (channel.hasReceiversLocked()) {
                return null;
            }
        }
        long late = lateLocked();
        if (late < 0) {
            return null;
        }
        advanceLocked(late);
        return tick(late);
    }

    boolean isDueLocked() {
        return lateLocked() >= 0;
    }

    private void fireLocked() {
        long late = lateLocked();
        if (late >= 0 && channel.sendLocked(tick(late)) == Waiter.TRANSFERRED) {
            advanceLocked(late);
        }
    }

    /// By how much the tick is overdue; negative if it is not, or none will come.
    private long lateLocked() {
        return active ? -due.remainingNanos() : -1;
    }

    /// The next tick is in step with the first one; those that nobody was there for are left out.
    private void advanceLocked(long late) {
        if (periodNanos == 0) {
            active = false;
        } else {
            due = due.plus(late - late % periodNanos + periodNanos);
        }
    }

    private static Instant tick(long late) {
        return Deadline.instant().minusNanos(late);
    }

    /// Sees to it that the receivers who wait are served in time. Called without the lock, since
    /// scheduling takes another.
    void arm() {
        var wanted = new Appointment();
        channel.lock();
        boolean needed = active && appointment == null && channel.hasReceiversLocked();
        if (needed) {
            appointment = wanted;
        }
        var at = due;
        channel.unlock();
        if (needed) {
            wanted.make(at);
        }
    }

    /// Forgets the appointment when nobody waits any more.
    void disarm() {
        Appointment obsolete = null;
        channel.lock();
        if (!channel.hasReceiversLocked()) {
            obsolete = appointment;
            appointment = null;
        }
        channel.unlock();
        if (obsolete != null) {
            obsolete.cancel();
        }
    }

    private void keep(Appointment kept) {
        channel.lock();
        try {
            if (appointment == kept) {
                appointment = null;
                fireLocked();
            }
        } finally {
            channel.unlockAndWake();
        }
        arm();
    }

    /// An entry of the timer thread, which may be cancelled before it has been made.
    private final class Appointment {
        private static final Object CANCELLED = new Object();

        private final AtomicReference<@Nullable Object> state = new AtomicReference<>();

        void make(Deadline at) {
            var scheduled = DeadlineTimer.schedule(() -> keep(this), at);
            if (!state.compareAndSet(null, scheduled)) {
                scheduled.cancel(false);
            }
        }

        void cancel() {
            if (state.getAndSet(CANCELLED) instanceof Future<?> scheduled) {
                scheduled.cancel(false);
            }
        }
    }

    @Override
    public String toString() {
        return periodNanos == 0 ? "timer" : "ticker";
    }
}
