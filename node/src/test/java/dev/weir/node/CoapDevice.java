package dev.weir.node;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.eclipse.californium.core.CoapClient;
import org.eclipse.californium.core.CoapResponse;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.TcpConfig;
import org.eclipse.californium.elements.config.UdpConfig;
import org.eclipse.californium.elements.exception.ConnectorException;

/// A device that speaks CoAP through Californium's client: one confirmable POST after the other.
final class CoapDevice implements AutoCloseable {
    static {
        CoapConfig.register();
        UdpConfig.register();
        TcpConfig.register();
    }

    private final InetSocketAddress server;
    private final CoapEndpoint endpoint;
    private final CoapClient client;

    CoapDevice(InetSocketAddress server) throws IOException {
        this.server = server;
        this.endpoint = CoapEndpoint.builder()
                .setConfiguration(new Configuration()
                        .set(CoapConfig.PROTOCOL_STAGE_THREAD_COUNT, 1)
                        .set(UdpConfig.UDP_RECEIVER_THREAD_COUNT, 1)
                        .set(UdpConfig.UDP_SENDER_THREAD_COUNT, 1))
                .build();
        this.client = new CoapClient().setEndpoint(endpoint).setTimeout(60_000L);
        endpoint.start();
    }

    CoapResponse post(String path, byte[] payload) throws IOException {
        Request request = Request.newPost();
        request.setURI("coap://" + server.getHostString() + ":" + server.getPort() + "/" + path);
        request.setPayload(payload);
        request.getOptions().setContentFormat(MediaTypeRegistry.APPLICATION_JSON);
        try {
            CoapResponse response = client.advanced(request);
            if (response == null) {
                throw new IOException(server + " did not answer");
            }
            return response;
        } catch (ConnectorException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        client.shutdown();
        endpoint.destroy();
    }
}
