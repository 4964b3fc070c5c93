package dev.weir.engine.stage;

import dev.weir.engine.Reading;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Report by exception: lets a reading pass when a watched field has changed enough since the
/// device's last reading that passed, or when that is a heartbeat ago.
///
/// A field that a reading does not have says nothing about a change. A field seen for the first
/// time, or with another type, has changed.
final class OnChange implements Stage {
    private static final long FIELD_BYTES = 40;

    private final List<Watch> watches;
    private final long heartbeat;
    private final int limit;
    private final KeyedState<String, Last, Object> devices;

    /// A watched field.
    ///
    /// @param slot where it lies
    /// @param band the smallest change of a number that counts
    record Watch(int slot, Band band) {}

    /// How much a number must change.
    ///
    /// @param size 0 for any change
    /// @param percent whether `size` is in percent of the last value
    record Band(double size, boolean percent) {
        /// Every change counts.
        static final Band NONE = new Band(0, false);

        /// Reads `0.5` or `2%`; empty if it is neither, or negative.
        static Optional<Band> parse(String text) {
            boolean percent = text.endsWith("%");
            try {
                double size = Double.parseDouble(percent ? text.substring(0, text.length() - 1) : text);
                return size >= 0 && size < Double.POSITIVE_INFINITY
                        ? Optional.of(new Band(size, percent))
                        : Optional.empty();
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        }

        /// The band's edge belongs to what counts. Numbers of devices are decimal: 20.1 − 20.0
        /// must reach a band of 0.1, so the rounding of the two is let go by.
        boolean exceeded(double from, double to) {
            if (Double.compare(from, to) == 0 || from == to) {
                return false;
            }
            double needed = percent ? size / 100 * Math.abs(from) : size;
            double rounding = 2 * Math.ulp(Math.max(Math.abs(from), Math.abs(to)));
            double change = Math.abs(to - from);
            return !(change + rounding < needed);
        }
    }

    /// @param heartbeat zero for none
    /// @param limit how many devices are remembered
    OnChange(List<Watch> watches, Duration heartbeat, int limit) {
        this.watches = List.copyOf(watches);
        this.heartbeat = heartbeat.isZero() ? Long.MAX_VALUE : heartbeat.toNanos();
        this.limit = limit;
        this.devices = new KeyedState<>(limit, key -> new Last(watches.size()));
    }

    /// What the last reading of a device that passed said.
    private static final class Last implements KeyedState.State<Object> {
        final @Nullable Object[] values;
        long time;
        boolean passed;

        Last(int fields) {
            values = new Object[fields];
        }

        @Override
        public int weight() {
            return passed ? 1 : 0;
        }

        @Override
        public void shed(List<Object> out) {
            passed = false;
        }
    }

    @Override
    public Verdict apply(Reading reading, Emitter emitter) {
        return devices.update(reading.device(), (last, out) -> compare(last, reading), nothing -> {});
    }

    private Verdict compare(Last last, Reading reading) {
        boolean due = !last.passed || Watermark.distance(reading.time(), last.time) >= heartbeat;
        if (!due && !changed(last, reading)) {
            return Verdict.FILTERED;
        }
        for (int i = 0; i < last.values.length; i++) {
            Object value = reading.value(watches.get(i).slot());
            if (value != null) {
                last.values[i] = value;
            }
        }
        last.time = reading.time();
        last.passed = true;
        return Verdict.PASS;
    }

    private boolean changed(Last last, Reading reading) {
        for (int i = 0; i < last.values.length; i++) {
            Watch watch = watches.get(i);
            if (reading.has(watch.slot()) && differs(watch, last.values[i], reading)) {
                return true;
            }
        }
        return false;
    }

    private static boolean differs(Watch watch, @Nullable Object from, Reading reading) {
        Object to = reading.value(watch.slot());
        if (from instanceof Number before && to instanceof Number after && before.getClass() == after.getClass()) {
            return watch.band().exceeded(before.doubleValue(), after.doubleValue());
        }
        return from == null || !from.equals(to);
    }

    @Override
    public long worstCaseBytes() {
        return limit * (KeyedState.KEY_BYTES + 64 + watches.size() * FIELD_BYTES);
    }

    /// `evicted`: devices forgotten for want of room, whose next reading passes.
    @Override
    public Map<String, Long> counts() {
        return Map.of("evicted", devices.evicted());
    }
}
