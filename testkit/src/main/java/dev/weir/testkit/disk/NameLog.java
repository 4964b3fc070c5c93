package dev.weir.testkit.disk;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The changes of names that are not on the platter yet, in order. Of these a cut keeps any, but
/// none without those before it that touch the same name; a rename is one change of two names.
final class NameLog {
    /// With more than these a file system commits by itself, the oldest first: so many changes,
    private static final int CHANGES = 4096;

    /// and so many bytes of files that only their old name on the platter holds.
    private static final long HELD_BYTES = 64L << 20;

    /// A name in a folder.
    record Slot(Folder folder, String name) {}

    /// What a name leads to from now on; nothing when it is removed.
    record Entry(Slot slot, @Nullable Node node) {}

    /// One step of programs: wholly there or not.
    static final class Change {
        private final List<Entry> entries;
        private final long heldBytes;

        /// Whether it, and what builds on it, will never be on the platter.
        private boolean lost;

        Change(List<Entry> entries, long heldBytes) {
            this.entries = List.copyOf(entries);
            this.heldBytes = heldBytes;
        }

        private boolean touches(Folder folder) {
            return entries.stream().anyMatch(entry -> entry.slot.folder == folder);
        }

        private boolean shares(Set<Slot> slots) {
            return entries.stream().anyMatch(entry -> slots.contains(entry.slot));
        }

        private void addTo(Set<Slot> slots) {
            entries.forEach(entry -> slots.add(entry.slot));
        }

        private void reachPlatter() {
            for (Entry entry : entries) {
                if (entry.node == null) {
                    entry.slot.folder.platter.remove(entry.slot.name);
                } else {
                    entry.slot.folder.platter.put(entry.slot.name, entry.node);
                }
            }
        }
    }

    private final ArrayDeque<Change> pending = new ArrayDeque<>();
    private long heldBytes;

    /// Does it as programs see it, and notes it for the platter.
    void add(Change change) {
        for (Entry entry : change.entries) {
            if (entry.node == null) {
                entry.slot.folder.entries.remove(entry.slot.name);
            } else {
                entry.slot.folder.entries.put(entry.slot.name, entry.node);
            }
        }
        pending.addLast(change);
        heldBytes += change.heldBytes;
        while (pending.size() > CHANGES || heldBytes > HELD_BYTES) {
            Change oldest = pending.removeFirst();
            heldBytes -= oldest.heldBytes;
            if (!oldest.lost) {
                oldest.reachPlatter();
            }
        }
    }

    /// What a force of a folder that begins now has to write: its changes and those these build on.
    Collection<Change> capture(Folder folder) {
        List<Change> captured = new ArrayList<>();
        Set<Slot> needed = new HashSet<>();
        for (Iterator<Change> i = pending.descendingIterator(); i.hasNext(); ) {
            Change change = i.next();
            if (change.touches(folder) || change.shares(needed)) {
                change.addTo(needed);
                captured.addFirst(change);
            }
        }
        return captured;
    }

    void force(Collection<Change> captured) {
        Set<Slot> lost = new HashSet<>();
        Set<Change> wanted = new HashSet<>(captured);
        for (Iterator<Change> i = pending.iterator(); i.hasNext(); ) {
            Change change = i.next();
            if (change.lost || change.shares(lost)) {
                change.addTo(lost);
            } else if (wanted.contains(change)) {
                change.reachPlatter();
                heldBytes -= change.heldBytes;
                i.remove();
            }
        }
    }

    void failForce(Collection<Change> captured) {
        captured.forEach(change -> change.lost = true);
    }

    void cutPower(Chance chance) {
        Set<Slot> lost = new HashSet<>();
        for (Change change : pending) {
            boolean kept = chance.keepsName();
            if (kept && !change.lost && !change.shares(lost)) {
                change.reachPlatter();
            } else {
                change.addTo(lost);
            }
        }
        pending.clear();
        heldBytes = 0;
    }
}
