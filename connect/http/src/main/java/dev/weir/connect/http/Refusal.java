package dev.weir.connect.http;

import java.util.Map;

/// A request that is turned away. Costs no stack trace, since a client can cause as many as it
/// likes.
final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    /// What goes along where the same request is welcome a little later.
    static final Map<String, String> RETRY_AFTER = Map.of("Retry-After", "1");

    final int status;
    final String reason;
    final transient Map<String, String> headers;

    /// @param reason the counted word, from a fixed set
    /// @param detail what is wrong with this request, and what to do; shown to the client
    Refusal(int status, String reason, String detail, Map<String, String> headers) {
        super(detail, null, false, false);
        this.status = status;
        this.reason = reason;
        this.headers = Map.copyOf(headers);
    }

    Refusal(int status, String reason, String detail) {
        this(status, reason, detail, Map.of());
    }

    static Refusal malformed(String detail) {
        return new Refusal(400, "malformed", detail);
    }

    static Refusal overloaded(String detail) {
        return new Refusal(503, "overloaded", detail, RETRY_AFTER);
    }

    /// The connection ends with it, since who is still sending does not stop for an answer.
    static Refusal tooLarge(String detail) {
        return new Refusal(413, "too-large", detail, Map.of("Connection", "close"));
    }

    String detail() {
        return String.valueOf(getMessage());
    }
}
