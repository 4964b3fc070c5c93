package dev.weir.node.api;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.eclipse.jetty.websocket.server.WebSocketCreator;

/// What a handler says.
sealed interface Answer {
    String JSON = "application/json";

    /// A whole body. The array belongs to the answer.
    @SuppressWarnings("ArrayRecordComponent")
    record Content(int status, String type, byte[] body, Map<String, String> headers) implements Answer {
        public Content {
            headers = Map.copyOf(headers);
        }
    }

    /// Live events, until one side ends it.
    ///
    /// @param socket by WebSocket; else as server-sent events
    record Events(LiveFilter filter, boolean socket) implements Answer {}

    /// Another protocol from here on.
    ///
    /// @param failed run if that does not come about
    record Upgrade(WebSocketCreator creator, Runnable failed) implements Answer {}

    static Content json(int status, String json) {
        return new Content(status, JSON, json.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    static Content of(String type, String text) {
        return new Content(200, type, text.getBytes(StandardCharsets.UTF_8), Map.of());
    }
}
