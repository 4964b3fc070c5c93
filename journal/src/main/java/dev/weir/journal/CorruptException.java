package dev.weir.journal;

import java.nio.file.Path;

/// A file of the journal does not hold what was written into it.
public final class CorruptException extends JournalException {
    private static final long serialVersionUID = 1;

    /// A field of an exception would have to be serializable, which a path need not be.
    private final String segment;

    private final long offset;
    private final long firstLost;

    CorruptException(Path segment, long offset, long firstLost, String what) {
        super(segment + " at offset " + offset + ": " + what + "; records from " + firstLost
                + " on are not what was written. `weir journal verify` shows all such places; a reader that is told to"
                + " skip them goes on behind them");
        this.segment = segment.toString();
        this.offset = offset;
        this.firstLost = firstLost;
    }

    /// The file.
    public String segment() {
        return segment;
    }

    /// Where in the file, in bytes from its beginning.
    public long offset() {
        return offset;
    }

    /// The sequence of the first record that cannot be read.
    public long firstLost() {
        return firstLost;
    }
}
