package dev.weir.connect.mqtt;

/// What a peer sent breaks the standard or a limit: the connection ends with [#reason].
///
/// Has no stack trace, since a hostile peer decides how often it is thrown.
public final class Violation extends Exception {
    private static final long serialVersionUID = 1;

    private final Reason reason;

    Violation(Reason reason, String detail) {
        super(detail, null, false, false);
        this.reason = reason;
    }

    static Violation malformed(String detail) {
        return new Violation(Reason.MALFORMED_PACKET, detail);
    }

    static Violation protocol(String detail) {
        return new Violation(Reason.PROTOCOL_ERROR, detail);
    }

    /// The code to close with.
    public Reason reason() {
        return reason;
    }

    /// What was wrong, for logs.
    String detail() {
        return String.valueOf(getMessage());
    }
}
