package dev.weir.runtime;

import org.jspecify.annotations.Nullable;

/// The deadline of the context has passed.
public final class DeadlineExceededException extends ContextException {
    private static final long serialVersionUID = 1L;

    private DeadlineExceededException(@Nullable Throwable cause, boolean withStack) {
        super("context deadline exceeded", cause, withStack);
    }

    static DeadlineExceededException reason() {
        return new DeadlineExceededException(null, false);
    }

    @Override
    ContextException thrownBecauseOf(Throwable cause) {
        return new DeadlineExceededException(cause, true);
    }
}
