package dev.weir.journal;

import java.nio.file.Path;

/// Somebody else has the journal open.
public final class InUseException extends JournalException {
    private static final long serialVersionUID = 1;

    InUseException(Path folder) {
        super("the journal in " + folder + " is in use by another process, or twice by this one; a journal has one"
                + " writer");
    }
}
