package dev.weir.testkit.disk;

import static dev.weir.testkit.disk.Pages.PAGE;
import static dev.weir.testkit.disk.Pages.SECTOR;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// The bytes of one file: what programs see (the page cache) and what is on the platter.
///
/// A sector that was written since the last force keeps its versions in order: a cut may leave any
/// of them on the platter, or none. Sizes are a history too, of which a cut keeps a beginning, as a
/// file system's own journal does; a sector that a kept truncation cut off does not come back.
final class FileBytes {
    /// So many versions of a sector are remembered; before these the oldest are forgotten, which
    /// only makes the outcomes of a cut fewer.
    private static final int VERSIONS = 8;

    /// So many changes of size are remembered.
    private static final int RESIZES = 1024;

    /// What a write made of a sector; never changed.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Version(long sequence, byte[] bytes) {}

    private record Resize(long sequence, long size, boolean shrinks) {}

    /// What a force that begins now has to write.
    ///
    /// @param sequence up to which change
    record Capture(long sequence, long size, SortedMap<Long, Version> sectors) {}

    private final Pages platter = new Pages();

    /// The pages in which programs see something else than the platter has.
    private final Pages cache = new Pages();

    private final TreeMap<Long, ArrayDeque<Version>> dirty = new TreeMap<>();
    private final List<Resize> resizes = new ArrayList<>();
    private long size;
    private long platterSize;
    private long forcedUpTo;
    private long pendingBytes;

    /// From here on the platter's bytes are hidden by a truncation that was not forced.
    private long visible = Long.MAX_VALUE;

    long size() {
        return size;
    }

    /// What the versions take that a force would settle.
    long pendingBytes() {
        return pendingBytes;
    }

    /// Whether a force has nothing to do.
    boolean isClean() {
        return dirty.isEmpty() && resizes.isEmpty();
    }

    /// Copies what programs see, up to the buffer's limit or the end of the file.
    void read(long position, ByteBuffer into, int length) {
        long at = position;
        int left = length;
        while (left > 0) {
            int offset = (int) (at % PAGE);
            int part = Math.min(PAGE - offset, left);
            into.put(seen(at / PAGE), offset, part);
            at += part;
            left -= part;
        }
    }

    /// A page as programs see it; not to be written into.
    private byte[] seen(long index) {
        byte[] cached = cache.find(index);
        byte[] durable = platter.find(index);
        if (cached == null && durable != null && visible / PAGE > index) {
            return durable;
        }
        return cached != null ? cached : settled(index);
    }

    /// A copy of a page as a file without unforced writes would have it.
    private byte[] settled(long index) {
        byte[] page = platter.find(index);
        byte[] copy = page == null ? new byte[PAGE] : page.clone();
        long kept = visible - index * PAGE;
        if (kept < PAGE) {
            Arrays.fill(copy, (int) Math.max(0, kept), PAGE, (byte) 0);
        }
        return copy;
    }

    void write(long sequence, long position, byte[] bytes, int length) {
        int done = 0;
        while (done < length) {
            long at = position + done;
            int offset = (int) (at % PAGE);
            int part = Math.min(PAGE - offset, length - done);
            System.arraycopy(bytes, done, cached(at / PAGE), offset, part);
            done += part;
        }
        for (long sector = position / SECTOR; sector * SECTOR < position + length; sector++) {
            remember(sector, sequence);
        }
        if (position + length > size) {
            size = position + length;
            resized(new Resize(sequence, size, false));
        }
    }

    private byte[] cached(long index) {
        byte[] page = cache.find(index);
        if (page == null) {
            page = settled(index);
            cache.put(index, page);
        }
        return page;
    }

    private void remember(long sector, long sequence) {
        ArrayDeque<Version> versions = dirty.computeIfAbsent(sector, _ -> new ArrayDeque<>());
        versions.addLast(new Version(sequence, sectorOf(cached(Pages.pageOf(sector)), sector)));
        pendingBytes += SECTOR;
        if (versions.size() > VERSIONS) {
            versions.removeFirst();
            pendingBytes -= SECTOR;
        }
    }

    private static byte[] sectorOf(byte[] page, long sector) {
        int from = Pages.within(sector);
        return Arrays.copyOfRange(page, from, from + SECTOR);
    }

    void truncate(long sequence, long newSize) {
        size = newSize;
        visible = Math.min(visible, newSize);
        cache.zeroFrom(newSize);
        resized(new Resize(sequence, newSize, true));
    }

    private void resized(Resize resize) {
        resizes.add(resize);
        if (resizes.size() <= RESIZES) {
            return;
        }
        for (int i = resizes.size() - 2; i >= 0; i -= 2) {
            if (!resizes.get(i).shrinks) {
                resizes.remove(i);
            }
        }
        if (resizes.size() > RESIZES) {
            force(capture(resize.sequence));
        }
    }

    Capture capture(long sequence) {
        SortedMap<Long, Version> newest = new TreeMap<>();
        dirty.forEach((sector, versions) -> newest.put(sector, versions.getLast()));
        return new Capture(sequence, size, newest);
    }

    /// Puts on the platter what was to be written when the force began. Nothing to do when one that
    /// began later is through.
    void force(Capture capture) {
        if (capture.sequence < forcedUpTo) {
            return;
        }
        forcedUpTo = capture.sequence;
        platter.zeroFrom(lowestCut(0, capture.sequence));
        capture.sectors.forEach(
                (sector, version) -> platter.putSector(sector, asOf(version, sector, capture.sequence)));
        platterSize = capture.size;
        resizes.removeIf(resize -> resize.sequence <= capture.sequence);
        visible = lowestCut(0, Long.MAX_VALUE);
        capture.sectors.forEach((sector, version) -> forget(sector, version));
        capture.sectors.keySet().forEach(this::settle);
    }

    /// Takes the pages for written though they are not: what a kernel does when the device fails.
    ///
    /// @param reverts whether programs see the old content from now on
    void failForce(Capture capture, boolean reverts) {
        capture.sectors.forEach((sector, version) -> forget(sector, version));
        for (long sector : capture.sectors.keySet()) {
            if (reverts && !dirty.containsKey(sector)) {
                byte[] old = sectorOf(settled(Pages.pageOf(sector)), sector);
                System.arraycopy(old, 0, cached(Pages.pageOf(sector)), Pages.within(sector), SECTOR);
            }
            settle(sector);
        }
    }

    /// The version of a sector after the truncations up to a change.
    private byte[] asOf(Version version, long sector, long sequence) {
        long kept = lowestCut(version.sequence, sequence) - sector * SECTOR;
        if (kept >= SECTOR) {
            return version.bytes;
        }
        byte[] cut = version.bytes.clone();
        Arrays.fill(cut, (int) Math.max(0, kept), SECTOR, (byte) 0);
        return cut;
    }

    /// The smallest size that a truncation after one change and up to another has made.
    private long lowestCut(long after, long upTo) {
        long lowest = Long.MAX_VALUE;
        for (Resize resize : resizes) {
            if (resize.shrinks && resize.sequence > after && resize.sequence <= upTo) {
                lowest = Math.min(lowest, resize.size);
            }
        }
        return lowest;
    }

    private void forget(long sector, Version upTo) {
        ArrayDeque<Version> versions = dirty.get(sector);
        while (versions != null && !versions.isEmpty() && versions.getFirst().sequence <= upTo.sequence) {
            versions.removeFirst();
            pendingBytes -= SECTOR;
        }
        if (versions != null && versions.isEmpty()) {
            dirty.remove(sector);
        }
    }

    /// Gives the cached page back when it says the same as the platter.
    private void settle(long sector) {
        long index = Pages.pageOf(sector);
        long first = index * PAGE / SECTOR;
        byte[] cached = cache.find(index);
        if (cached != null
                && dirty.subMap(first, first + PAGE / SECTOR).isEmpty()
                && Arrays.equals(cached, settled(index))) {
            cache.remove(index);
        }
    }

    /// Leaves what the cut leaves.
    ///
    /// @param garbage whether what never arrived holds anything, not zeros
    void cutPower(Chance chance, boolean garbage) {
        int last = resizes.isEmpty() ? -1 : chance.lastSize(resizes.size());
        long upTo = last < 0 ? 0 : resizes.get(last).sequence;
        long left = last < 0 ? platterSize : resizes.get(last).size;
        platter.zeroFrom(lowestCut(0, upTo));
        for (Map.Entry<Long, ArrayDeque<Version>> entry : dirty.entrySet()) {
            long sector = entry.getKey();
            List<Version> versions = List.copyOf(entry.getValue());
            if (chance.keepsSector()) {
                platter.putSector(sector, asOf(versions.get(chance.version(versions.size())), sector, upTo));
            } else if (garbage && sector * SECTOR >= platterSize) {
                platter.putSector(sector, chance.garbage(SECTOR));
            }
        }
        platter.zeroFrom(left);
        size = left;
        platterSize = left;
        cache.clear();
        dirty.clear();
        resizes.clear();
        visible = Long.MAX_VALUE;
        pendingBytes = 0;
    }

    /// Flips a bit on the platter, and in what programs see unless that was written since.
    void flip(long position, int bit) {
        int offset = (int) (position % PAGE);
        byte[] durable = platter.writable(position / PAGE);
        byte[] cached = cache.find(position / PAGE);
        if (cached != null && cached[offset] == durable[offset] && !dirty.containsKey(position / SECTOR)) {
            cached[offset] ^= (byte) (1 << bit);
        }
        durable[offset] ^= (byte) (1 << bit);
    }

    /// The pages that take space after a cut.
    Iterable<Long> platterPages() {
        return platter.indices();
    }
}
