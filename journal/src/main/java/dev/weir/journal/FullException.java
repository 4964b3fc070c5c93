package dev.weir.journal;

import java.io.IOException;
import java.nio.file.Path;

/// The disk has no room for more records. Nothing is lost that was durable; the journal tries
/// again as records come, so freeing space is all it takes.
public final class FullException extends JournalException {
    private static final long serialVersionUID = 1;

    FullException(Path folder, IOException cause) {
        super("the disk of " + folder + " is full: " + cause.getMessage() + "; free some space there", cause);
    }
}
