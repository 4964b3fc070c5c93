package dev.weir.connect.coap;

import dev.weir.engine.Latest;
import dev.weir.engine.Reading;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.server.resources.CoapExchange;

/// `/.well-known/core` (RFC 6690): the latest values that can be observed, at most [#MAX_LINKS].
/// Query filters are ignored, as the RFC allows.
final class Discovery extends CoapResource {
    static final int MAX_LINKS = 256;

    private final Latest latest;

    Discovery(Latest latest) {
        super("core");
        this.latest = latest;
    }

    @Override
    public void handleGET(CoapExchange exchange) {
        exchange.respond(
                ResponseCode.CONTENT,
                links().getBytes(StandardCharsets.UTF_8),
                MediaTypeRegistry.APPLICATION_LINK_FORMAT);
    }

    private String links() {
        StringBuilder out = new StringBuilder("</.well-known/core>;ct=40");
        int count = 0;
        for (String stream : latest.streams()) {
            for (Reading reading : latest.of(stream)) {
                if (count++ == MAX_LINKS) {
                    return out.toString();
                }
                out.append(",</latest/")
                        .append(encoded(stream))
                        .append('/')
                        .append(encoded(reading.device()))
                        .append(">;rt=\"weir.latest\";ct=50;obs");
            }
        }
        return out.toString();
    }

    private static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
