package dev.weir.connect.http;

import dev.weir.engine.ReadingJson;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// What is answered. The array belongs to the reply.
///
/// @param type the body's media type; empty without a body
@SuppressWarnings("ArrayRecordComponent")
record Reply(int status, String type, byte[] body, Map<String, String> headers) {
    static final Reply DONE = new Reply(204, "", new byte[0], Map.of());

    Reply {
        headers = Map.copyOf(headers);
    }

    static Reply json(int status, String type, String json, Map<String, String> headers) {
        return new Reply(status, type, json.getBytes(StandardCharsets.UTF_8), headers);
    }

    /// The same with one more header.
    Reply with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Reply(status, type, body, more);
    }

    static String quoted(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2);
        ReadingJson.quote(out, text);
        return out.toString();
    }
}
