package dev.weir.journal;

/// What becomes of records that were appended. Thread-safe.
///
/// @param first the sequence of the first of them
/// @param last the sequence of the last of them, which is the first where there is only one
/// @param commit with which they become durable, all at once
public record Appended(long first, long last, Commit commit) {
    /// Waits until they are durable, as far as [Fsync] promises.
    ///
    /// @throws JournalException if they did not become durable; then they may be there after a
    ///     restart, or not
    public void await() throws JournalException, InterruptedException {
        commit.await();
    }

    /// Whether they are durable. Does not block.
    public boolean isDurable() {
        return commit.isDurable();
    }

    /// Runs an action once it is known what has become of them: at once if it is known already,
    /// else in the journal's thread, which writes nothing meanwhile. So the action must be short
    /// and must not block. Actions of the same journal run in the order of the records.
    public void whenSettled(Commit.Action action) {
        commit.whenSettled(action);
    }
}
