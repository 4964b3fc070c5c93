package dev.weir.connect.mqtt;

import org.jspecify.annotations.Nullable;

/// How many nodes have passed a message on, and of which trace it is part, as user properties say
/// that they forward unchanged.
final class Hops {
    static final String NAME = "weir-hops";

    /// Of W3C Trace Context.
    static final String TRACE = "traceparent";

    private static final int TRACE_LENGTH = 64;

    private static final int DIGITS = 4;

    private Hops() {}

    /// The count; 0 if there is none, or nothing that is a number.
    static int of(Properties properties) {
        if (!properties.has(Property.USER_PROPERTY)) {
            return 0;
        }
        for (Properties.Pair pair : properties.pairs()) {
            if (pair.name().equals(NAME)) {
                return number(pair.value());
            }
        }
        return 0;
    }

    /// What the sender says about a trace; null if nothing, or more than can be right.
    static @Nullable String trace(Properties properties) {
        if (!properties.has(Property.USER_PROPERTY)) {
            return null;
        }
        for (Properties.Pair pair : properties.pairs()) {
            if (pair.name().equals(TRACE) && pair.value().length() <= TRACE_LENGTH) {
                return pair.value();
            }
        }
        return null;
    }

    private static int number(String text) {
        boolean digits = !text.isEmpty()
                && text.length() <= DIGITS
                && text.chars().allMatch(digit -> digit >= '0' && digit <= '9');
        return digits ? Integer.parseInt(text) : 0;
    }
}
