package dev.weir.runtime;

/// A priority class, highest first: of a virtual thread for its [Scheduler], and of whatever else is
/// to be told apart in the same way. What is in a higher lane comes first; a lower one keeps its
/// share however busy the higher ones are.
public enum Lane {
    /// Runs first. One that waits also makes the scheduler take a processor away sooner from who
    /// keeps it.
    ALARM(0),

    /// Runs before samples; gets every fourth turn of a processor at least.
    STATE(1),

    /// The lane of everything that was not given another; gets every eighth turn at least.
    SAMPLE(2);

    /// 0 for the highest.
    final int level;

    Lane(int level) {
        this.level = level;
    }
}
