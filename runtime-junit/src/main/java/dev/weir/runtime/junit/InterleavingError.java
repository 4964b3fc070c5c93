package dev.weir.runtime.junit;

/// A test has failed under one of its schedules. The cause is what it failed with; the message
/// tells the seed that replays the schedule, and where in it the threads took turns.
public final class InterleavingError extends AssertionError {
    private static final long serialVersionUID = 1L;

    private final long seed;

    InterleavingError(String message, long seed, Throwable cause) {
        super(message, cause);
        this.seed = seed;
    }

    /// Replays the schedule: [Interleavings#replay(long, Bubble.Body)], `-Dweir.seed=…` or
    /// [Interleaved#seed()].
    public long seed() {
        return seed;
    }
}
