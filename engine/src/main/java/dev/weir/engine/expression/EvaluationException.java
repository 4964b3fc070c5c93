package dev.weir.engine.expression;

/// An evaluation that ended without a value: the reading becomes a dead letter. It is cheap: it
/// has no stack trace.
public final class EvaluationException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final int UNKNOWN = -1;

    private final Reason reason;
    private final int offset;

    /// Why there is no value.
    public enum Reason {
        /// A field that is not in the reading.
        NO_SUCH_FIELD,
        /// A key that is not in the map.
        NO_SUCH_KEY,
        /// An operation that does not exist for values of these types.
        NO_SUCH_OVERLOAD,
        /// An index outside of the list or text.
        INDEX,
        /// An integer, timestamp or duration beyond its range.
        OVERFLOW,
        /// An integer divided by zero.
        DIVISION_BY_ZERO,
        /// A value that cannot be converted, or an argument outside of its range.
        INVALID,
        /// More work or memory than an evaluation may take ([Limits]).
        LIMIT
    }

    EvaluationException(Reason reason, int offset, String message) {
        super(message, null, false, false);
        this.reason = reason;
        this.offset = offset;
    }

    EvaluationException(Reason reason, String message) {
        this(reason, UNKNOWN, message);
    }

    /// The same, at this place, unless it has a place already.
    EvaluationException at(int place) {
        return offset == UNKNOWN ? new EvaluationException(reason, place, String.valueOf(getMessage())) : this;
    }

    /// Why there is no value.
    public Reason reason() {
        return reason;
    }

    /// Where in the source of the expression, as UTF-16 units before it; [Position#of] gives line
    /// and column.
    public int offset() {
        return Math.max(0, offset);
    }
}
