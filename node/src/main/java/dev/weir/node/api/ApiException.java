package dev.weir.node.api;

import java.util.Map;

/// A request that is refused, as the client will see it.
final class ApiException extends Exception {
    private static final long serialVersionUID = 1;

    final int status;
    final transient Map<String, String> headers;

    /// @param detail what is wrong with this request, and what to do
    ApiException(int status, String detail) {
        this(status, detail, Map.of());
    }

    ApiException(int status, String detail, Map<String, String> headers) {
        super(detail, null, false, false);
        this.status = status;
        this.headers = headers;
    }
}
