package dev.weir.engine.stage;

import dev.weir.engine.stage.OpenWindow.Sample;
import dev.weir.runtime.Lane;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The windows of one key. They close in the order of their start, once everything before the
/// watermark has come; a window that is closed, or that lies wholly before the watermark, is never
/// opened again. Guarded by the key's shard.
final class KeyWindows implements KeyedState.State<KeyWindows.Closed> {
    /// How many windows of one key may be open: a device that sends times at random must not
    /// crowd out others.
    static final int OPEN = 64;

    /// Bytes for a key, beside its entry.
    static final long BYTES = 160;

    /// Bytes for an open window, beside its accumulators.
    static final long WINDOW_BYTES = 120;

    private final Object key;
    private final Window.Frame frame;
    private final @Nullable SharedWatermark shared;
    private final TreeMap<Long, OpenWindow> open = new TreeMap<>();
    private long latest = Watermark.NONE;
    private long watermark = Watermark.NONE;
    private long received = Watermark.NONE;
    private boolean gone;

    /// A window that is complete.
    record Closed(Object key, OpenWindow window) {}

    /// What became of a reading: counted in its window, or too late for it; and whether a window
    /// had to close early.
    enum Outcome {
        COUNTED,
        LATE,
        CROWDED
    }

    KeyWindows(Object key, Window.Frame frame) {
        this.key = key;
        this.frame = frame;
        this.shared = frame.byDevice() ? null : new SharedWatermark(frame.size(), frame.lateness());
    }

    Outcome add(String device, Sample sample, Lane lane, List<Closed> out) {
        received = Math.max(received, sample.received());
        long start = Watermark.aligned(sample.time(), frame.size());
        boolean late = Watermark.plus(start, frame.size()) <= watermark;
        if (!late) {
            open.computeIfAbsent(start, at -> new OpenWindow(at, lane, frame.aggregates()))
                    .add(sample);
        }
        watermark = Math.max(watermark, advanced(device, sample));
        while (!open.isEmpty() && end(open.firstKey()) <= watermark) {
            closeFirst(out);
        }
        if (open.size() > OPEN) {
            closeFirst(out);
            return Outcome.CROWDED;
        }
        return late ? Outcome.LATE : Outcome.COUNTED;
    }

    private long advanced(String device, Sample sample) {
        if (shared != null) {
            return shared.advance(device, sample.time(), sample.received());
        }
        latest = Math.max(latest, sample.time());
        return Watermark.of(latest, frame.lateness());
    }

    private long end(long start) {
        return Watermark.plus(start, frame.size());
    }

    private void closeFirst(List<Closed> out) {
        Map.Entry<Long, OpenWindow> first = open.pollFirstEntry();
        watermark = Math.max(watermark, end(first.getKey()));
        out.add(new Closed(key, first.getValue().closedAt(received)));
    }

    /// Closes every window, whatever the watermark says.
    void closeAll(List<Closed> out) {
        while (!open.isEmpty()) {
            closeFirst(out);
        }
    }

    @Override
    public int weight() {
        if (gone) {
            return 0;
        }
        int members = shared == null ? 0 : shared.members();
        return Math.max(1, open.size() + members);
    }

    @Override
    public void shed(List<Closed> out) {
        closeAll(out);
        gone = true;
    }
}
