package dev.weir.journal;

import java.nio.file.Path;

/// Is told what an operator should know. Called in the journal's threads or in a reader's; must not
/// block, and must not throw.
public interface JournalListener {
    /// Records were not what was written, and a reader that skips such has skipped them.
    ///
    /// @param segment the file
    /// @param offset where in it, in bytes
    /// @param first the first record that is lost
    /// @param last the last record that is lost
    default void skipped(Path segment, long offset, long first, long last) {}

    /// Retention has removed records that a cursor had not passed.
    ///
    /// @param cursor its name
    /// @param first the first of them
    /// @param last the last of them
    default void passed(String cursor, long first, long last) {}

    /// Records could not be written, and those who appended them know. The journal tries again with
    /// what comes next.
    default void failed(JournalException why) {}

    /// It works again after it had failed.
    default void recovered() {}

    /// A file that is not needed any more could not be removed; it is tried again.
    default void notRemoved(Path file, Exception why) {}

    /// What was to be told about a commit has thrown.
    default void threw(Throwable thrown) {}
}
