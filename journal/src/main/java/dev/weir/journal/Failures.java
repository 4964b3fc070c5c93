package dev.weir.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// Tells apart why files could not be written.
final class Failures {
    /// As Linux and the BSDs say it; Java has no type for it.
    private static final List<String> FULL = List.of("no space left", "quota exceeded", "not enough space");

    private Failures() {}

    static JournalException of(Path folder, IOException cause) {
        if (cause instanceof JournalException known) {
            return known;
        }
        String said = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        return FULL.stream().anyMatch(said::contains)
                ? new FullException(folder, cause)
                : new JournalException("the journal in " + folder + " cannot be written: " + cause.getMessage(), cause);
    }
}
