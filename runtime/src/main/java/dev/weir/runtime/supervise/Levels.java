package dev.weir.runtime.supervise;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Stops the children level by level, the lowest first. Only for the supervisor's loop.
final class Levels {
    private final Map<Integer, Duration> deadlines;
    private final Duration otherwise;
    private final List<Map.Entry<Integer, List<Slot>>> levels;
    private final List<ShutdownReport.Level> done = new ArrayList<>();
    private boolean begun;
    private long begunAt;

    Levels(List<Slot> slots, Map<Integer, Duration> deadlines, Duration otherwise) {
        this.deadlines = deadlines;
        this.otherwise = otherwise;
        var sorted = new TreeMap<Integer, List<Slot>>();
        for (Slot slot : slots) {
            sorted.computeIfAbsent(slot.child().level(), _ -> new ArrayList<>()).add(slot);
        }
        this.levels = List.copyOf(sorted.entrySet());
    }

    /// Begins with the next level when the one before has ended.
    void advance(long now) {
        while (!isDone()) {
            var level = levels.get(done.size());
            Duration deadline = deadlines.getOrDefault(level.getKey(), otherwise);
            if (!begun) {
                begun = true;
                begunAt = now;
                level.getValue().forEach(slot -> slot.stop(deadline, now));
            }
            if (level.getValue().stream().anyMatch(Slot::hasThread)) {
                return;
            }
            done.add(new ShutdownReport.Level(level.getKey(), Duration.ofNanos(now - begunAt), deadline));
            begun = false;
        }
    }

    boolean isDone() {
        return done.size() == levels.size();
    }

    /// The levels that have ended.
    List<ShutdownReport.Level> done() {
        return done;
    }
}
