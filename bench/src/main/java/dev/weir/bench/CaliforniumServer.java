package dev.weir.bench;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.UdpConfig;

/// Californium as its own documentation starts it: a resource that says 2.04 to every POST.
final class CaliforniumServer {
    private CaliforniumServer() {}

    /// `CaliforniumServer <port>`.
    public static void main(String[] args) {
        CoapConfig.register();
        UdpConfig.register();
        CoapServer server = new CoapServer(Configuration.createStandardWithoutFile());
        server.addEndpoint(CoapEndpoint.builder()
                .setConfiguration(server.getConfig())
                .setInetSocketAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])))
                .build());
        server.add(new CoapResource("bench") {
            @Override
            public void handlePOST(CoapExchange exchange) {
                exchange.respond(CoAP.ResponseCode.CHANGED);
            }
        });
        server.start();
        System.out.println("listening on " + args[0]);
    }
}
