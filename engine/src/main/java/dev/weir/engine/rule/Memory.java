package dev.weir.engine.rule;

import dev.weir.engine.stage.KeyedState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a rule remembers of one device. A device that is neither raised, waiting for its `for`,
/// nor cooling down needs no memory. Guarded by the shard of the rule's state.
final class Memory implements KeyedState.State<AlarmEvent> {
    /// Bytes for one device, with its alarm.
    static final long BYTES = 600;

    private static final long NEVER = Long.MIN_VALUE;

    private final Timing timing;
    private Phase phase = Phase.CLEAR;
    private long holdsSince = NEVER;
    private long clearedAt = NEVER;
    private double peak = Double.NaN;
    private long readings;
    private @Nullable Alarm alarm;

    /// The spans of a rule in nanoseconds, and what it tracks.
    record Timing(long hold, long cooldown, @Nullable Tracking tracking) {}

    /// Where a device stands.
    enum Phase {
        CLEAR,
        RAISED
    }

    /// What a reading changed.
    enum Change {
        NONE,
        RAISED,
        PEAKED,
        CLEARED
    }

    Memory(Timing timing) {
        this.timing = timing;
    }

    Phase phase() {
        return phase;
    }

    /// A reading that came while the rule was clear.
    Change whileClear(boolean holds, long time, double tracked) {
        boolean cool = clearedAt == NEVER || elapsed(clearedAt, time) >= timing.cooldown;
        if (cool) {
            clearedAt = NEVER;
        }
        if (!holds) {
            holdsSince = NEVER;
            return Change.NONE;
        }
        if (holdsSince == NEVER) {
            holdsSince = time;
        }
        if (!cool || elapsed(holdsSince, time) < timing.hold) {
            return Change.NONE;
        }
        phase = Phase.RAISED;
        holdsSince = NEVER;
        peak = tracked;
        readings = 1;
        return Change.RAISED;
    }

    /// A reading that came while the rule was raised.
    Change whileRaised(boolean clears, long time, double tracked) {
        if (clears) {
            phase = Phase.CLEAR;
            clearedAt = timing.cooldown > 0 ? time : NEVER;
            return Change.CLEARED;
        }
        readings++;
        if (timing.tracking != null && timing.tracking.isBeyond(tracked, peak)) {
            peak = tracked;
            return Change.PEAKED;
        }
        return Change.NONE;
    }

    /// Event time from one reading to another; nothing when it ran backwards.
    private static long elapsed(long from, long to) {
        long elapsed = to - from;
        return to < from ? 0 : elapsed < 0 ? Long.MAX_VALUE : elapsed;
    }

    /// The alarm as it stands, if the rule raises one.
    @Nullable
    Alarm alarm() {
        return alarm == null ? null : progressed(alarm);
    }

    /// Keeps the alarm that was raised, and returns it with the peak and readings so far.
    Alarm attach(Alarm raised) {
        if (phase != Phase.RAISED) {
            // It was evicted since it was raised: begin again from the alarm, so that it is cleared.
            phase = Phase.RAISED;
            readings = raised.readings();
        }
        alarm = raised;
        return progressed(raised);
    }

    private Alarm progressed(Alarm raised) {
        return raised.progressed(Double.isNaN(peak) ? null : (Double) peak, readings);
    }

    boolean restore(Alarm raised) {
        if (phase == Phase.RAISED) {
            return false;
        }
        phase = Phase.RAISED;
        alarm = raised;
        readings = raised.readings();
        Double known = raised.peak();
        peak = known == null ? Double.NaN : known;
        return true;
    }

    @Override
    public int weight() {
        return phase == Phase.CLEAR && holdsSince == NEVER && clearedAt == NEVER ? 0 : 1;
    }

    @Override
    public void shed(List<AlarmEvent> out) {
        Alarm last = alarm();
        if (phase == Phase.RAISED && last != null) {
            out.add(new AlarmEvent.Lost(last));
        }
        phase = Phase.CLEAR;
        alarm = null;
        holdsSince = NEVER;
        clearedAt = NEVER;
    }
}
