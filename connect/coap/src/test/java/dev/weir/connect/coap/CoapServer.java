package dev.weir.connect.coap;

import dev.weir.testkit.Numbered;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.server.MessageDeliverer;
import org.jspecify.annotations.NullUnmarked;

/// A real CoAP server that a contract makes go away, hang and refuse.
@NullUnmarked
final class CoapServer implements AutoCloseable {
    final List<Numbered> received = new CopyOnWriteArrayList<>();
    final Set<Exchange> silent = ConcurrentHashMap.newKeySet();
    volatile boolean hanging;
    volatile boolean refusing;

    private final InetSocketAddress address;
    private Stage stage;
    private CoapEndpoint endpoint;

    CoapServer() throws IOException {
        start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        address = endpoint.getAddress();
    }

    String url(String device) {
        return "coap://127.0.0.1:" + address.getPort() + "/things/" + device;
    }

    void back() throws IOException {
        start(address);
    }

    private void start(InetSocketAddress at) throws IOException {
        stage = new Stage("peer");
        endpoint = CoapEndpoint.builder()
                .setConfiguration(Settings.client())
                .setInetSocketAddress(at)
                .build();
        stage.runs(endpoint);
        endpoint.setMessageDeliverer(new MessageDeliverer() {
            @Override
            public void deliverRequest(Exchange exchange) {
                answer(exchange);
            }

            @Override
            public void deliverResponse(Exchange exchange, Response response) {}
        });
        endpoint.start();
    }

    private void answer(Exchange exchange) {
        if (hanging) {
            silent.add(exchange);
            exchange.sendAccept();
        } else if (refusing) {
            refusing = false;
            exchange.sendResponse(new Response(ResponseCode.BAD_REQUEST));
        } else {
            received.add(Numbered.in(exchange.getRequest().getPayloadString()));
            exchange.sendResponse(new Response(ResponseCode.CHANGED));
        }
    }

    @Override
    public void close() {
        endpoint.destroy();
        stage.close();
    }
}
