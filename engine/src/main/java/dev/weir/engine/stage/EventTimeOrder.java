package dev.weir.engine.stage;

import dev.weir.engine.Reading;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.LongAdder;

/// Puts the readings of each device into the order of their event time (`order: event-time`).
///
/// A reading is held until the watermark of its device (the greatest event time seen, less the
/// lateness) has reached it; readings of equal time keep the order of their arrival. One that
/// comes after a later reading was already let go passes at once and is counted: nothing is lost,
/// but what follows sees it out of order.
///
/// At most a number of readings are held in all. Beyond it the device heard least recently has to
/// let its earliest reading go, which is counted too. [#finish] lets everything go, in order.
public final class EventTimeOrder implements Stage {
    /// How many readings are held in all when nothing else is said.
    public static final int HELD = 10_000;

    /// Bytes for one held reading beside the reading itself.
    private static final long HELD_BYTES = 56;

    private static final long DEVICE_BYTES = 160;

    private final long lateness;
    private final int limit;
    private final int readingBytes;
    private final KeyedState<String, Device, Reading> devices;
    private final LongAdder late = new LongAdder();

    /// @param lateness how much earlier than the latest reading of its device one may be
    /// @param limit how many readings may be held, and devices be known, in all
    /// @param readingBytes what one held reading takes, for the worst case
    public EventTimeOrder(Duration lateness, int limit, int readingBytes) {
        this.lateness = lateness.toNanos();
        this.limit = limit;
        this.readingBytes = readingBytes;
        this.devices = new KeyedState<>(limit, key -> new Device());
    }

    /// What is held back for one device.
    private static final class Device implements KeyedState.State<Reading> {
        private final PriorityQueue<Held> held = new PriorityQueue<>(4);
        private long latest = Long.MIN_VALUE;
        private long released = Long.MIN_VALUE;
        private long arrivals;
        private boolean gone;

        @Override
        public int weight() {
            return gone ? 0 : Math.max(1, held.size());
        }

        @Override
        public void shed(List<Reading> out) {
            if (!held.isEmpty()) {
                release(out);
            }
            gone = held.isEmpty();
        }

        void release(List<Reading> out) {
            Reading reading = held.remove().reading;
            released = reading.time();
            out.add(reading);
        }
    }

    private record Held(Reading reading, long arrival) implements Comparable<Held> {
        @Override
        public int compareTo(Held other) {
            int byTime = Long.compare(reading.time(), other.reading.time());
            return byTime != 0 ? byTime : Long.compare(arrival, other.arrival);
        }
    }

    @Override
    public Verdict apply(Reading reading, Emitter emitter) {
        return devices.update(reading.device(), (device, out) -> accept(device, reading, out), emitter::resume);
    }

    private Verdict accept(Device device, Reading reading, List<Reading> out) {
        if (reading.time() < device.released) {
            late.increment();
            return Verdict.PASS;
        }
        device.latest = Math.max(device.latest, reading.time());
        long watermark = Watermark.of(device.latest, lateness);
        if (device.held.isEmpty() && reading.time() <= watermark) {
            device.released = reading.time();
            return Verdict.PASS;
        }
        device.held.add(new Held(reading, device.arrivals++));
        while (!device.held.isEmpty() && device.held.element().reading.time() <= watermark) {
            device.release(out);
        }
        return Verdict.HELD;
    }

    @Override
    public void finish(Emitter emitter) {
        devices.forEach(
                (device, out) -> {
                    while (!device.held.isEmpty()) {
                        device.release(out);
                    }
                    return true;
                },
                emitter::resume);
    }

    @Override
    public long worstCaseBytes() {
        return limit * (HELD_BYTES + readingBytes + DEVICE_BYTES + KeyedState.KEY_BYTES);
    }

    /// `late`: passed at once and out of order; `evicted`: let go early for want of room.
    @Override
    public Map<String, Long> counts() {
        return Map.of("late", late.sum(), "evicted", devices.evicted());
    }
}
