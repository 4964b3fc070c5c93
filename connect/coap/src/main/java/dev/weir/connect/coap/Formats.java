package dev.weir.connect.coap;

import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.coap.OptionSet;

/// Content formats.
final class Formats {
    private Formats() {}

    static boolean acceptsJson(OptionSet options) {
        return !options.hasAccept() || options.getAccept() == MediaTypeRegistry.APPLICATION_JSON;
    }

    /// The format of a payload that a rule made: JSON if it looks like it, else text.
    static int of(String payload) {
        return payload.startsWith("{") || payload.startsWith("[")
                ? MediaTypeRegistry.APPLICATION_JSON
                : MediaTypeRegistry.TEXT_PLAIN;
    }
}
