package dev.weir.connect.coap;

import dev.weir.engine.Latest;
import dev.weir.engine.Reading;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.WebLink;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.LinkFormat;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.server.resources.CoapExchange;

/// `/.well-known/core` (RFC 6690): the latest values that the asker may observe, at most
/// [#MAX_LINKS] and [#MAX_BYTES], filtered by a query like `?rt=weir.latest` or
/// `?href=/latest/climate/*`.
final class Discovery extends CoapResource {
    static final int MAX_LINKS = 256;
    static final int MAX_BYTES = 32 << 10;

    private static final int LINK_BYTES = 64;

    private final Latest latest;
    private final Admission admission;

    Discovery(Latest latest, Admission admission) {
        super("core");
        this.latest = latest;
        this.admission = admission;
    }

    @Override
    public void handleGET(CoapExchange exchange) {
        List<String> queries = exchange.getRequestOptions().getUriQuery();
        if (queries.size() > 1) {
            exchange.respond(ResponseCode.BAD_OPTION, "a filter has one query (RFC 6690, 4.1)");
            return;
        }
        byte[] body = links(exchange.advanced().getRequest(), queries).getBytes(StandardCharsets.UTF_8);
        Formats.content(exchange, body, MediaTypeRegistry.APPLICATION_LINK_FORMAT);
    }

    private String links(Request request, List<String> queries) {
        StringBuilder out = new StringBuilder();
        WebLink self = new WebLink("/.well-known/core");
        self.getAttributes().addContentType(MediaTypeRegistry.APPLICATION_LINK_FORMAT);
        append(out, self, "", queries);
        int count = 0;
        for (String stream : latest.streams()) {
            for (Reading reading : latest.of(stream)) {
                String path = "latest/" + stream + "/" + reading.device();
                WebLink link = link(stream, reading.device());
                // What is appended is ASCII: a link is a few bytes longer than its URI.
                if (count == MAX_LINKS || out.length() + link.getURI().length() > MAX_BYTES - LINK_BYTES) {
                    return out.toString();
                }
                if (admission.maySee(request, path) && append(out, link, ";obs", queries)) {
                    count++;
                }
            }
        }
        return out.toString();
    }

    private static WebLink link(String stream, String device) {
        WebLink link = new WebLink("/latest/" + encoded(stream) + "/" + encoded(device));
        link.getAttributes().addResourceType("weir.latest");
        link.getAttributes().addContentType(MediaTypeRegistry.APPLICATION_JSON);
        return link;
    }

    private static boolean append(StringBuilder out, WebLink link, String more, List<String> queries) {
        if (!matches(link, queries)) {
            return false;
        }
        out.append(out.isEmpty() ? "<" : ",<").append(link.getURI()).append('>');
        for (String type : link.getAttributes().getResourceTypes()) {
            out.append(";rt=\"").append(type).append('"');
        }
        out.append(";ct=")
                .append(link.getAttributes().getContentTypes().getFirst())
                .append(more);
        return true;
    }

    private static boolean matches(WebLink link, List<String> queries) {
        return queries.isEmpty() || LinkFormat.matches(link, queries);
    }

    private static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
