package dev.weir.connect.coap;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.config.Configuration;

/// A device with Californium's client and a socket of its own.
final class Peer implements AutoCloseable {
    final CoapEndpoint endpoint;
    private final Stage stage = new Stage("peer");

    Peer() throws IOException {
        endpoint = CoapEndpoint.builder()
                .setConfiguration(Settings.client())
                .setInetSocketAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .build();
        stage.runs(endpoint);
        endpoint.start();
    }

    /// One that comes over DTLS.
    Peer(ClientSecret secret) throws IOException {
        Configuration configuration = Settings.client();
        endpoint = CoapEndpoint.builder()
                .setConfiguration(configuration)
                .setConnector(secret.socket(configuration, "peer"))
                .build();
        stage.runs(endpoint);
        endpoint.start();
    }

    Request start(Code code, String uri, String payload) {
        Request request = new Request(code);
        request.setURI(uri);
        if (code != Code.GET) {
            request.setPayload(payload);
        }
        return request.send(endpoint);
    }

    Response send(Code code, String uri, String payload) throws InterruptedException {
        return await(start(code, uri, payload));
    }

    static Response await(Request request) throws InterruptedException {
        Response response = request.waitForResponse(10_000);
        if (response == null) {
            throw new AssertionError("no answer to " + request);
        }
        return response;
    }

    @Override
    public void close() {
        endpoint.destroy();
        stage.close();
    }
}
