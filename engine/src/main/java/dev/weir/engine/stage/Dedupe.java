package dev.weir.engine.stage;

import dev.weir.engine.Reading;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Lets the first of equal readings pass.
///
/// Two readings are equal when the values they are compared by are. A copy is recognised as long
/// as its device has not moved on, in event time, by more than `within` since the first one, and
/// as long as there is room to remember it. When the device is not among the values, the event
/// times of the two readings decide alone, since no device's clock stands for the others'.
final class Dedupe implements Stage {
    /// Bytes for one remembered reading: entry, boxed time, key of a few values, and its part of a
    /// map that holds it alone.
    private static final long ENTRY_BYTES = 300;

    /// Without a device as the outer key, entries lie in that many pots.
    private static final int POTS = 1024;

    /// What is compared within a device, or within a pot.
    private final KeyBy by;

    private final long within;
    private final int limit;
    private final KeyedState<Object, Seen, Object> state;
    private final boolean byDevice;

    /// @param limit how many readings are remembered in all
    Dedupe(KeyBy by, Duration within, int limit) {
        this.byDevice = by.hasDevice();
        this.by = byDevice ? by.withoutDevice() : by;
        this.within = within.toNanos();
        this.limit = limit;
        this.state = new KeyedState<>(limit, key -> new Seen());
    }

    /// The readings remembered of one device, in the order of their arrival.
    private static final class Seen implements KeyedState.State<Object> {
        final LinkedHashMap<Object, Long> times = new LinkedHashMap<>();
        long latest = Watermark.NONE;

        @Override
        public int weight() {
            return times.size();
        }

        @Override
        public void shed(List<Object> out) {
            times.pollFirstEntry();
        }

        void forgetBefore(long time) {
            while (!times.isEmpty() && times.firstEntry().getValue() < time) {
                times.pollFirstEntry();
            }
        }
    }

    @Override
    public Verdict apply(Reading reading, Emitter emitter) {
        Object key = by.key(reading);
        Object outer = byDevice ? reading.device() : Integer.valueOf(Math.floorMod(key.hashCode() * 31, POTS));
        return state.update(outer, (seen, out) -> look(seen, key, reading.time()), nothing -> {});
    }

    private Verdict look(Seen seen, Object key, long time) {
        Long first = seen.times.get(key);
        if (byDevice) {
            seen.latest = Math.max(seen.latest, time);
            seen.forgetBefore(Watermark.minus(seen.latest, within));
        }
        long now = byDevice ? seen.latest : time;
        if (first != null && Watermark.distance(first, now) <= within && Watermark.distance(first, time) <= within) {
            return Verdict.DUPLICATE;
        }
        seen.times.remove(key);
        seen.times.putLast(key, time);
        return Verdict.PASS;
    }

    @Override
    public long worstCaseBytes() {
        return limit * (ENTRY_BYTES + KeyedState.KEY_BYTES);
    }

    /// `evicted`: forgotten before its time for want of room.
    @Override
    public Map<String, Long> counts() {
        return Map.of("evicted", state.evicted());
    }
}
