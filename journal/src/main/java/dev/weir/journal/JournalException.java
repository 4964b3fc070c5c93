package dev.weir.journal;

import java.io.IOException;

/// The journal cannot do what it is asked to. The message says which file, what and why.
public sealed class JournalException extends IOException
        permits CorruptException, FullException, ClosedException, InUseException, TooLargeException, GoneException {
    private static final long serialVersionUID = 1;

    JournalException(String message) {
        super(message);
    }

    JournalException(String message, IOException cause) {
        super(message, cause);
    }
}
