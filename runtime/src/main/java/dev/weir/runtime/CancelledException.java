package dev.weir.runtime;

import org.jspecify.annotations.Nullable;

/// The context was cancelled before its deadline.
public final class CancelledException extends ContextException {
    private static final long serialVersionUID = 1L;

    private CancelledException(@Nullable Throwable cause, boolean withStack) {
        super("context cancelled", cause, withStack);
    }

    /// The reason itself, which costs no stack trace: most contexts are cancelled because their
    /// work is done.
    static CancelledException reason() {
        return new CancelledException(null, false);
    }

    @Override
    ContextException thrownBecauseOf(Throwable cause) {
        return new CancelledException(cause, true);
    }
}
