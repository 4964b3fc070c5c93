package dev.weir.runtime;

import org.jspecify.annotations.Nullable;

/// Says why a [Context] is done. An operation that ends because its context does throws one whose
/// [#getCause()] is the [Context#cause()], so that both stacks are seen: where the work waited and
/// why it was cancelled.
public abstract sealed class ContextException extends RuntimeException
        permits CancelledException, DeadlineExceededException {
    private static final long serialVersionUID = 1L;

    ContextException(String message, @Nullable Throwable cause, boolean withStack) {
        super(message, cause, true, withStack);
    }

    /// The same reason, with the stack of the thread that meets it.
    abstract ContextException thrownBecauseOf(Throwable cause);
}
