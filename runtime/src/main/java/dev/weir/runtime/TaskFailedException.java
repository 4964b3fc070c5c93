package dev.weir.runtime;

/// Thrown to those who wait for a task that has failed, by [Group], [Gather], [Singleflight] and
/// [Outcome]. Its cause is what the task threw, with the task's stack; its own stack is that of
/// the thread that waited.
public final class TaskFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TaskFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
