package dev.weir.engine.stage;

import dev.weir.engine.Reading;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Lets the first readings of each device in an interval of event time pass. An interval begins
/// with a reading that passes when the one before is over; a device whose clock goes back by more
/// than an interval begins anew.
final class Throttle implements Stage {
    private static final long DEVICE_BYTES = 40;

    private final long every;
    private final int atMost;
    private final int limit;
    private final KeyedState<String, Interval, Object> devices;

    /// @param limit how many devices are remembered
    Throttle(Duration every, int atMost, int limit) {
        this.every = every.toNanos();
        this.atMost = atMost;
        this.limit = limit;
        this.devices = new KeyedState<>(limit, key -> new Interval());
    }

    private static final class Interval implements KeyedState.State<Object> {
        long start;
        int passed;

        @Override
        public int weight() {
            return passed == 0 ? 0 : 1;
        }

        @Override
        public void shed(List<Object> out) {
            passed = 0;
        }
    }

    @Override
    public Verdict apply(Reading reading, Emitter emitter) {
        return devices.update(reading.device(), (interval, out) -> pass(interval, reading.time()), nothing -> {});
    }

    private Verdict pass(Interval interval, long time) {
        boolean over = interval.passed == 0 || Watermark.distance(time, interval.start) >= every;
        if (over) {
            interval.start = time;
            interval.passed = 0;
        }
        if (interval.passed >= atMost) {
            return Verdict.FILTERED;
        }
        interval.passed++;
        return Verdict.PASS;
    }

    @Override
    public long worstCaseBytes() {
        return limit * (DEVICE_BYTES + KeyedState.KEY_BYTES);
    }

    /// `evicted`: devices forgotten for want of room, whose next reading passes.
    @Override
    public Map<String, Long> counts() {
        return Map.of("evicted", devices.evicted());
    }
}
