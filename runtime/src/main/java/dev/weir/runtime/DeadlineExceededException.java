package dev.weir.runtime;

import org.jspecify.annotations.Nullable;

/// The deadline of the context has passed, or what was asked for is certain to come after it.
public final class DeadlineExceededException extends ContextException {
    private static final long serialVersionUID = 1L;
    private static final String MESSAGE = "context deadline exceeded";

    private DeadlineExceededException(String message, @Nullable Throwable cause, boolean withStack) {
        super(message, cause, withStack);
    }

    static DeadlineExceededException reason() {
        return new DeadlineExceededException(MESSAGE, null, false);
    }

    /// For an operation that does not wait, because it could not be in time.
    static DeadlineExceededException ahead(String message) {
        return new DeadlineExceededException(message, null, true);
    }

    @Override
    ContextException thrownBecauseOf(Throwable cause) {
        return new DeadlineExceededException(MESSAGE, cause, true);
    }
}
