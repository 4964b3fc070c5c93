package dev.weir.connect.coap;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.server.resources.CoapExchange;

/// Content formats and bodies.
final class Formats {
    private Formats() {}

    static boolean acceptsJson(OptionSet options) {
        return !options.hasAccept() || options.getAccept() == MediaTypeRegistry.APPLICATION_JSON;
    }

    /// Answers 2.05, with an entity tag: who fetches the body in blocks sees when they are not of
    /// the same one.
    static void content(CoapExchange exchange, byte[] body, int format) {
        exchange.setETag(
                ByteBuffer.allocate(Integer.BYTES).putInt(Arrays.hashCode(body)).array());
        exchange.respond(ResponseCode.CONTENT, body, format);
    }

    /// The format of a payload that a rule made: JSON if it looks like it, else text.
    static int of(String payload) {
        return payload.startsWith("{") || payload.startsWith("[")
                ? MediaTypeRegistry.APPLICATION_JSON
                : MediaTypeRegistry.TEXT_PLAIN;
    }
}
