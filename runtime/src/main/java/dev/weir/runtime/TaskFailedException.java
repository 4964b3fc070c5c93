package dev.weir.runtime;

/// Thrown by [Group#await()]. Its cause is the first failure of a task, with the task's stack; later failures
/// are suppressed exceptions of that cause.
public final class TaskFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TaskFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
