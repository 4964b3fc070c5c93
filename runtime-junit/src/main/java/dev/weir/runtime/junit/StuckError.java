package dev.weir.runtime.junit;

/// A bubble has waited longer than its patience, in real time: for a thread that does not give up
/// its turn, or for something outside of the bubble. The message lists the threads.
public final class StuckError extends AssertionError {
    private static final long serialVersionUID = 1L;

    StuckError(String message) {
        super(message);
    }
}
