package dev.weir.testkit.disk;

import java.util.ArrayDeque;
import java.util.List;

/// The last operations, for the message of a test that fails. Guarded by the lock of the volume.
final class History {
    private static final int KEPT = 100;

    private final ArrayDeque<String> lines = new ArrayDeque<>();

    void add(String line) {
        if (lines.size() == KEPT) {
            lines.removeFirst();
        }
        lines.addLast(line);
    }

    List<String> lines() {
        return List.copyOf(lines);
    }
}
