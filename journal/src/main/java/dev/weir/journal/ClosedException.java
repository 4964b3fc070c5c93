package dev.weir.journal;

import java.nio.file.Path;

/// The journal is closed.
public final class ClosedException extends JournalException {
    private static final long serialVersionUID = 1;

    ClosedException(Path folder) {
        super("the journal in " + folder + " is closed");
    }
}
