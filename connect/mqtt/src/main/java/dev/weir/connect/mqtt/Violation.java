package dev.weir.connect.mqtt;

/// What a peer sent breaks the standard or a limit: the connection ends with [#reason].
///
/// Has no stack trace, since a hostile peer decides how often it is thrown.
public final class Violation extends Exception {
    private static final long serialVersionUID = 1;

    /// Characters that a client is told; the detail may quote what it sent.
    private static final int MAX_TOLD = 200;

    private final Reason reason;
    private final String word;

    Violation(Reason reason, String detail) {
        this(reason, reason.word(), detail);
    }

    /// @param word what it is counted and logged as, one of a fixed set
    Violation(Reason reason, String word, String detail) {
        super(detail, null, false, false);
        this.reason = reason;
        this.word = word;
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

    /// What it is counted and logged as.
    String word() {
        return word;
    }

    /// What was wrong, for logs.
    String detail() {
        return String.valueOf(getMessage());
    }

    /// What the client is told beside the code, for who writes its software: nothing about who may
    /// come in, and nothing of a defect of ours.
    Properties told() {
        return switch (reason) {
            case UNSPECIFIED, BAD_CREDENTIALS, NOT_AUTHORIZED, CLIENT_ID_NOT_VALID -> Properties.NONE;
            default -> {
                String text = detail();
                String told = text.length() > MAX_TOLD ? text.substring(0, MAX_TOLD) + "…" : text;
                yield Properties.builder().text(Property.REASON_STRING, told).build();
            }
        };
    }
}
