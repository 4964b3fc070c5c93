package dev.weir.engine.stage;

/// A reading that a stage cannot let pass: it becomes a dead letter. Costs no stack trace.
public final class StageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String reason;

    /// @param reason the counted word: `invalid`, `no-such-field`, …
    /// @param message what was wrong with which value
    public StageException(String reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    /// The counted word, from a fixed set.
    public String reason() {
        return reason;
    }
}
