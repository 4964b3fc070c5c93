package dev.weir.journal;

/// A consumer's place in the journal, which is still known after a restart: up to which record it
/// has done what it does. What no cursor needs any more can go. Thread-safe.
///
/// A new place is on the disk with the next records that are, or within a second; so after a crash a
/// consumer sees some records again.
public final class Cursor {
    private final Cursors all;
    private final String name;

    Cursor(Cursors all, String name) {
        this.all = all;
        this.name = name;
    }

    /// What it is called.
    public String name() {
        return name;
    }

    /// The last record that is done; zero if none is. The next to read is the one after it.
    public long position() {
        return all.position(name);
    }

    /// Says that this record and all before it are done. Does nothing if that is known.
    ///
    /// @throws IllegalArgumentException if there is no such record yet
    public void advance(long sequence) {
        all.advance(name, sequence);
    }

    /// Forgets the cursor, which holds nothing back any more. Whoever asks for its name again gets
    /// a new one at the journal's first record.
    public void remove() {
        all.remove(name);
    }
}
