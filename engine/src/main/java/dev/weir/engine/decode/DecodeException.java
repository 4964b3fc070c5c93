package dev.weir.engine.decode;

/// A payload that cannot become a reading. Costs no stack trace, since a hostile device can cause
/// as many as it likes.
public final class DecodeException extends Exception {
    private static final long serialVersionUID = 1;

    private final String reason;

    /// @param reason the counted word: `malformed`, `too-large`, `no-device`, `bad-time`, …
    /// @param message what was found where, and what was expected
    public DecodeException(String reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    /// The counted word, from a fixed set.
    public String reason() {
        return reason;
    }
}
