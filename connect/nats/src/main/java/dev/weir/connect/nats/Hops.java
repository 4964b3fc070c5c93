package dev.weir.connect.nats;

import io.nats.client.Message;
import io.nats.client.impl.Headers;
import org.jspecify.annotations.Nullable;

/// The header that counts through how many nodes a message has gone.
final class Hops {
    static final String HEADER = "weir-hops";

    /// Of W3C Trace Context: the trace that a message is part of.
    static final String TRACE = "traceparent";

    private static final int TRACE_LENGTH = 64;
    private static final int MAX_DIGITS = 9;

    private Hops() {}

    /// What a message says. Without the header, or with one that is no number, it comes from
    /// somewhere else; a number that is too large is one all the same.
    static int of(Message message) {
        String text = header(message, HEADER);
        if (text == null || text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return 0;
        }
        return text.length() > MAX_DIGITS ? Integer.MAX_VALUE : Integer.parseInt(text);
    }

    /// What the sender says about a trace; null if nothing, or more than can be right.
    static @Nullable String trace(Message message) {
        String trace = header(message, TRACE);
        return trace == null || trace.length() > TRACE_LENGTH ? null : trace;
    }

    /// A header's first value; null without.
    static @Nullable String header(Message message, String name) {
        Headers headers = message.getHeaders();
        return headers == null ? null : headers.getFirst(name);
    }
}
