package dev.weir.runtime.pattern;

/// Thrown when a pattern does not take an element or a caller, because it is at its bound or has
/// ended; the message says which, and how big the bound is.
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
        super(message);
    }
}
