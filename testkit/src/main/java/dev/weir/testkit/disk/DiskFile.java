package dev.weir.testkit.disk;

import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;

/// A file, which lives as long as it has a name or is open.
final class DiskFile extends Node {
    final FileBytes bytes = new FileBytes();
    final Allocation space = new Allocation();
    final List<Range> unreadable = new ArrayList<>();

    /// How many channels are open.
    int open;

    /// Bytes from one position to before another.
    record Range(long from, long to) {}

    DiskFile(long id, FileTime created) {
        super(id, created);
    }

    boolean isHeld() {
        return linked || open > 0;
    }

    /// How many bytes can be read from there before one that cannot be.
    long readable(long position) {
        long end = Long.MAX_VALUE;
        for (Range range : unreadable) {
            if (range.to > position) {
                end = Math.min(end, Math.max(0, range.from - position));
            }
        }
        return end;
    }
}
