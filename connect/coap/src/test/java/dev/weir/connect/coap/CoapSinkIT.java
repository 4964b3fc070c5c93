package dev.weir.connect.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.connect.coap.ActionOptions.Method;
import dev.weir.engine.Reading;
import dev.weir.engine.Schema;
import dev.weir.engine.Sink;
import dev.weir.engine.Template;
import dev.weir.runtime.Lane;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.server.MessageDeliverer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CoapSinkIT {
    private final Stage stage = new Stage("server");
    private final List<String> received = new CopyOnWriteArrayList<>();
    private volatile ResponseCode answer = ResponseCode.CHANGED;
    private CoapEndpoint server;
    private CoapSink sink;

    @BeforeEach
    void start() throws IOException {
        server = CoapEndpoint.builder()
                .setConfiguration(Settings.client())
                .setInetSocketAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .build();
        stage.runs(server);
        server.setMessageDeliverer(new MessageDeliverer() {
            @Override
            public void deliverRequest(Exchange exchange) {
                received.add(exchange.getRequest().getOptions().getUriPathString() + " "
                        + exchange.getRequest().getPayloadString());
                exchange.sendResponse(new Response(answer));
            }

            @Override
            public void deliverResponse(Exchange exchange, Response response) {}
        });
        server.start();
        sink = sink(server.getAddress().getPort());
    }

    private static CoapSink sink(int port) {
        Template url = Template.parse("coap://127.0.0.1:" + port + "/valves/{device}", Template.Place.URL);
        return new CoapSink(
                url,
                new CoapActuator(
                        new ActionOptions(Method.PUT, true, Duration.ofMillis(500), Optional.empty()), "valves"));
    }

    @AfterEach
    void stop() {
        sink.close();
        server.destroy();
        stage.close();
    }

    private static List<Reading> reading(String device) {
        Reading reading = new Reading(new Schema("climate"), device, 1, 2, "src", 1, 1, Lane.SAMPLE);
        reading.set(reading.schema().slotFor("open"), true);
        return List.of(reading);
    }

    @Test
    void write_serverThatTakesIt_sendsJsonToTheUrlOfTheDevice() throws Exception {
        sink.write(reading("v 1"));
        assertThat(received)
                .singleElement()
                .asString()
                .startsWith("valves/v 1 {")
                .contains("\"open\":true");
    }

    @Test
    void write_answer4xx_isRefused() {
        answer = ResponseCode.BAD_REQUEST;
        assertThatThrownBy(() -> sink.write(reading("v1")))
                .isInstanceOf(Sink.Refused.class)
                .hasMessageContaining("4.00");
    }

    @Test
    void write_answer5xx_mayWorkLater() {
        answer = ResponseCode.SERVICE_UNAVAILABLE;
        assertThatThrownBy(() -> sink.write(reading("v1")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("5.03");
    }

    @Test
    void write_noServer_mayWorkLater() {
        server.destroy();
        assertThatThrownBy(() -> sink.write(reading("v1"))).isInstanceOf(IOException.class);
    }
}
