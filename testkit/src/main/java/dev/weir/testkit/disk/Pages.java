package dev.weir.testkit.disk;

import java.util.Arrays;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Bytes with holes: pages are there once they are written, the rest is zeros.
final class Pages {
    static final int PAGE = 4096;
    static final int SECTOR = 512;

    private final TreeMap<Long, byte[]> pages = new TreeMap<>();

    static long pageOf(long sector) {
        return sector * SECTOR / PAGE;
    }

    /// Where a sector begins within its page.
    static int within(long sector) {
        return (int) (sector * SECTOR % PAGE);
    }

    byte @Nullable [] find(long index) {
        return pages.get(index);
    }

    /// The page to write into, made when it is not there.
    byte[] writable(long index) {
        return pages.computeIfAbsent(index, _ -> new byte[PAGE]);
    }

    void put(long index, byte[] page) {
        pages.put(index, page);
    }

    void putSector(long sector, byte[] bytes) {
        System.arraycopy(bytes, 0, writable(pageOf(sector)), within(sector), SECTOR);
    }

    void remove(long index) {
        pages.remove(index);
    }

    void clear() {
        pages.clear();
    }

    Iterable<Long> indices() {
        return pages.keySet();
    }

    /// Makes zeros of everything from there on.
    void zeroFrom(long position) {
        long first = position / PAGE;
        int kept = (int) (position % PAGE);
        byte[] partial = pages.get(first);
        if (kept > 0 && partial != null) {
            Arrays.fill(partial, kept, PAGE, (byte) 0);
        }
        pages.tailMap(kept == 0 ? first : first + 1, true).clear();
    }
}
