package dev.weir.journal;

/// A record is larger than the journal takes.
public final class TooLargeException extends JournalException {
    private static final long serialVersionUID = 1;

    TooLargeException(long bytes, int limit) {
        super("a record of " + bytes + " bytes is larger than the " + limit + " that this journal takes");
    }
}
