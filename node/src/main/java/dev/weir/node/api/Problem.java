package dev.weir.node.api;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.eclipse.jetty.http.HttpStatus;

/// Problem documents, RFC 9457.
final class Problem {
    static final String TYPE = "application/problem+json";

    private Problem() {}

    static Answer.Content of(int status, String detail, Map<String, String> headers) {
        String body = Json.object(json -> {
            // The status code says all about the kind of problem: RFC 9457, 4.2.1.
            json.writeStringProperty("type", "about:blank");
            json.writeStringProperty("title", HttpStatus.getMessage(status));
            json.writeNumberProperty("status", status);
            json.writeStringProperty("detail", detail);
        });
        return new Answer.Content(status, TYPE, body.getBytes(StandardCharsets.UTF_8), headers);
    }
}
