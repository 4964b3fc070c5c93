package dev.weir.connect.mqttclient;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A message as it came from the broker.
///
/// @param contentType as MQTT 5 says it
/// @param hops how many nodes it has passed
/// @param trace what the sender says about a trace, as `traceparent`; null if nothing
/// @param acknowledge tells the broker; any thread, does not block
record Arrival(
        String topic,
        int qos,
        ByteBuffer payload,
        @Nullable String contentType,
        int hops,
        @Nullable String trace,
        Runnable acknowledge) {
    /// The user property that counts how many nodes a message has passed.
    static final String HOPS = "weir-hops";

    /// The user property of W3C Trace Context.
    static final String TRACE = "traceparent";

    private static final int TRACE_LENGTH = 64;

    /// About what the objects around a payload take.
    static final int OVERHEAD = 512;

    /// What the sender says about a trace; null if it is more than can be right.
    static @Nullable String trace(String value) {
        return value.length() > TRACE_LENGTH ? null : value;
    }

    /// How many bytes of its packet it knows of.
    long size() {
        return (long) payload.remaining() + topic.getBytes(StandardCharsets.UTF_8).length;
    }

    /// How much memory it takes.
    long weight() {
        return OVERHEAD + payload.remaining() + 2L * topic.length();
    }

    byte[] bytes() {
        byte[] bytes = new byte[payload.remaining()];
        payload.duplicate().get(bytes);
        return bytes;
    }

    /// A count of hops that somebody else wrote: what is no small number counts as none.
    static int hops(String value) {
        if (value.isEmpty() || value.length() > 6 || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return 0;
        }
        return Integer.parseInt(value);
    }
}
