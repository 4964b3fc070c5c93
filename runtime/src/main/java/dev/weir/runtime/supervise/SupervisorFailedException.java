package dev.weir.runtime.supervise;

import org.jspecify.annotations.Nullable;

/// A supervisor has given up: there were more restarts than its intensity allows. Its cause is the
/// failure that was one too many. All children have been stopped.
public final class SupervisorFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SupervisorFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
