package dev.weir.node.store;

/// A question that the store cannot answer as it was asked; the message says how to ask.
public final class QueryException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Kind kind;

    /// What is wrong with it.
    public enum Kind {
        /// There is no stream or field of that name.
        UNKNOWN,
        /// The answer would have too many points.
        TOO_LARGE
    }

    QueryException(Kind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
