package dev.weir.runtime.junit;

/// A test has ended and has left threads behind. The message lists them: name, state, what each
/// waits on, its stack and who started it.
public final class ThreadsLeftError extends AssertionError {
    private static final long serialVersionUID = 1L;

    ThreadsLeftError(String message) {
        super(message);
    }
}
