package dev.weir.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.CoapClient;
import org.eclipse.californium.core.CoapResponse;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.TcpConfig;
import org.eclipse.californium.elements.config.UdpConfig;
import org.eclipse.californium.elements.exception.ConnectorException;

/// A device that speaks CoAP: one confirmable POST after the other. When the server asks it to
/// wait (5.03 with Max-Age) it waits and sends again.
final class CoapSender implements Sender {
    private static final int ATTEMPTS = 10;

    /// With two retransmissions a server that is away is reported after 14 to 21 s; the four that
    /// RFC 7252 allows would take up to 93 s.
    private static final Duration ACK_TIMEOUT = Duration.ofSeconds(2);

    private static final int RETRANSMISSIONS = 2;

    static {
        CoapConfig.register();
        UdpConfig.register();
        TcpConfig.register();
    }

    private final InetSocketAddress server;
    private final CoapEndpoint endpoint;
    private final CoapClient client;

    CoapSender(InetSocketAddress server) throws IOException {
        this(server, ACK_TIMEOUT);
    }

    /// @param ackTimeout how long to wait before the first retransmission; doubled for the next
    CoapSender(InetSocketAddress server, Duration ackTimeout) throws IOException {
        this.server = server;
        Configuration configuration = new Configuration()
                .set(CoapConfig.ACK_TIMEOUT, Math.toIntExact(ackTimeout.toMillis()), TimeUnit.MILLISECONDS)
                .set(CoapConfig.MAX_RETRANSMIT, RETRANSMISSIONS)
                .set(CoapConfig.PROTOCOL_STAGE_THREAD_COUNT, 1)
                .set(UdpConfig.UDP_RECEIVER_THREAD_COUNT, 1)
                .set(UdpConfig.UDP_SENDER_THREAD_COUNT, 1);
        this.endpoint = CoapEndpoint.builder().setConfiguration(configuration).build();
        this.client = new CoapClient().setEndpoint(endpoint);
        endpoint.start();
    }

    @Override
    public void send(String address, byte[] payload) throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            CoapResponse response = post(address, payload);
            if (response.isSuccess()) {
                return;
            }
            boolean busy = response.getCode() == CoAP.ResponseCode.SERVICE_UNAVAILABLE;
            if (!busy || attempt == ATTEMPTS) {
                throw new IOException(Failures.name(server) + " answered " + response.getCode() + " "
                        + response.getCode().name()
                        + (response.getResponseText().isEmpty() ? "" : ": " + response.getResponseText()));
            }
            Long wait = response.getOptions().getMaxAge();
            TimeUnit.SECONDS.sleep(wait == null ? 1 : Math.clamp(wait, 1, 10));
        }
    }

    private CoapResponse post(String address, byte[] payload) throws IOException {
        Request request = Request.newPost();
        request.setURI("coap://" + Failures.name(server) + "/" + address);
        request.setPayload(payload);
        request.getOptions().setContentFormat(MediaTypeRegistry.APPLICATION_JSON);
        try {
            CoapResponse response = client.advanced(request);
            if (response == null) {
                throw new IOException(
                        Failures.name(server) + " did not answer (sent " + (RETRANSMISSIONS + 1) + " times)");
            }
            return response;
        } catch (ConnectorException e) {
            throw new IOException("cannot send to " + Failures.name(server) + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        client.shutdown();
        endpoint.destroy();
    }
}
