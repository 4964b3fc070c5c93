package dev.weir.runtime.junit;

/// All threads of a bubble wait for each other, or for something that nobody will do. The message
/// lists them: name, state, what each waits on, its stack and who started it.
public final class DeadlockError extends AssertionError {
    private static final long serialVersionUID = 1L;

    DeadlockError(String message) {
        super(message);
    }
}
