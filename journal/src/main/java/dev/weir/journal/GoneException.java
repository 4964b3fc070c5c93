package dev.weir.journal;

import java.nio.file.Path;

/// Records are not in the journal any more, or were never in it.
public final class GoneException extends JournalException {
    private static final long serialVersionUID = 1;

    private final long first;

    GoneException(Path folder, long wanted, long first) {
        super("the journal in " + folder + " begins with record " + first + "; record " + wanted
                + " was removed by retention, or by hand");
        this.first = first;
    }

    /// The first record that there is.
    public long first() {
        return first;
    }
}
