package dev.weir.testkit.disk;

import static dev.weir.testkit.disk.Pages.PAGE;

import java.util.Map;
import java.util.TreeMap;

/// The space that a file takes: of each page as much as was ever written, so that a dense file
/// takes its size to the byte, and a hole takes nothing.
final class Allocation {
    private final TreeMap<Long, Integer> used = new TreeMap<>();
    private long bytes;

    long bytes() {
        return bytes;
    }

    /// How many bytes of a write fit into so much free space.
    int fitting(long position, int length, long free) {
        long left = free;
        int done = 0;
        while (done < length) {
            long at = position + done;
            int offset = (int) (at % PAGE);
            int part = Math.min(PAGE - offset, length - done);
            int has = used.getOrDefault(at / PAGE, 0);
            int fits = Math.clamp(has + left - offset, 0, part);
            done += fits;
            if (fits < part) {
                return done;
            }
            left -= Math.max(0, offset + part - has);
        }
        return done;
    }

    /// Takes the space of a write.
    void take(long position, int length) {
        long end = position + length;
        for (long at = position; at < end; at = (at / PAGE + 1) * PAGE) {
            grow(at / PAGE, (int) Math.min(PAGE, end - at / PAGE * PAGE));
        }
    }

    private void grow(long page, int to) {
        int has = used.getOrDefault(page, 0);
        if (to > has) {
            used.put(page, to);
            bytes += to - has;
        }
    }

    void truncate(long size) {
        long page = size / PAGE;
        int kept = (int) (size % PAGE);
        Map<Long, Integer> beyond = used.tailMap(page, false);
        beyond.values().forEach(taken -> bytes -= taken);
        beyond.clear();
        int has = used.getOrDefault(page, 0);
        if (kept < has) {
            bytes -= has - kept;
            used.put(page, kept);
        }
    }

    /// Starts again with the pages that a cut has left.
    void restart(Iterable<Long> pages, long size) {
        used.clear();
        bytes = 0;
        pages.forEach(page -> grow(page, Math.clamp(size - page * PAGE, 0, PAGE)));
    }
}
