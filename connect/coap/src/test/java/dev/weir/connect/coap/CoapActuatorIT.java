package dev.weir.connect.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.connect.coap.ActionOptions.Method;
import dev.weir.engine.Command;
import dev.weir.engine.config.ConfigFile;
import dev.weir.engine.config.Problem;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Yaml;
import dev.weir.runtime.Lane;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.server.MessageDeliverer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CoapActuatorIT {
    /// A fan with a CoAP server.
    private final Stage stage = new Stage("fan");

    private final AtomicReference<Request> received = new AtomicReference<>();
    private volatile Response answer = new Response(ResponseCode.CHANGED);
    private CoapEndpoint fan;

    @BeforeEach
    void startFan() throws IOException {
        fan = CoapEndpoint.builder()
                .setConfiguration(Settings.client())
                .setInetSocketAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .build();
        stage.runs(fan);
        fan.setMessageDeliverer(new MessageDeliverer() {
            @Override
            public void deliverRequest(Exchange exchange) {
                received.set(exchange.getRequest());
                exchange.sendResponse(answer);
            }

            @Override
            public void deliverResponse(Exchange exchange, Response response) {}
        });
        fan.start();
    }

    @AfterEach
    void stopFan() {
        fan.destroy();
        stage.close();
    }

    private static void execute(ActionOptions options, int port, String payload) throws Exception {
        try (CoapActuator actuator = new CoapActuator(options, "too-hot")) {
            actuator.execute(new Command(
                    "id",
                    "too-hot",
                    "m1",
                    "coap://127.0.0.1:" + port + "/fan%20a/set",
                    payload,
                    Instant.MAX,
                    Lane.ALARM));
        }
    }

    private static ActionOptions options(Method method, boolean confirmable, Duration timeout) {
        return new ActionOptions(method, confirmable, timeout, Optional.empty());
    }

    @Test
    void execute_put_reachesTheActuator() throws Exception {
        execute(
                options(Method.PUT, true, Duration.ofSeconds(10)),
                fan.getAddress().getPort(),
                "{\"on\":true}");
        assertThat(received.get().getPayloadString()).isEqualTo("{\"on\":true}");
        assertThat(received.get().getOptions().getUriPathString()).isEqualTo("fan a/set");
        assertThat(received.get().getOptions().getContentFormat()).isEqualTo(50);
        assertThat(received.get().isConfirmable()).isTrue();
    }

    @Test
    void execute_nonConfirmablePostOfText_reachesTheActuator() throws Exception {
        execute(
                options(Method.POST, false, Duration.ofSeconds(10)),
                fan.getAddress().getPort(),
                "on");
        assertThat(received.get().getCode().name()).isEqualTo("POST");
        assertThat(received.get().isConfirmable()).isFalse();
        assertThat(received.get().getOptions().getContentFormat()).isZero();
    }

    @Test
    void execute_errorCode_failsWithIt() {
        answer = new Response(ResponseCode.FORBIDDEN);
        answer.setPayload("locked");
        assertThatThrownBy(() -> execute(
                        options(Method.PUT, true, Duration.ofSeconds(10)),
                        fan.getAddress().getPort(),
                        "1"))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("PUT coap://127.0.0.1", "4.03", "locked");
    }

    @Test
    void execute_withoutAnswer_failsAfterItsTimeout() throws Exception {
        try (DatagramSocket silent = new DatagramSocket()) {
            assertThatThrownBy(() ->
                            execute(options(Method.PUT, true, Duration.ofMillis(100)), silent.getLocalPort(), "1"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("no answer within 100 ms");
        }
    }

    @Test
    void execute_interrupted_ends() throws Exception {
        try (DatagramSocket silent = new DatagramSocket()) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() ->
                            execute(options(Method.PUT, true, Duration.ofSeconds(30)), silent.getLocalPort(), "1"))
                    .isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void execute_afterClose_fails() {
        CoapActuator actuator = new CoapActuator(options(Method.PUT, true, Duration.ofSeconds(1)), "r");
        actuator.close();
        actuator.close();
        assertThatThrownBy(() -> actuator.execute(
                        new Command("id", "r", "d", "coap://127.0.0.1:1/x", "1", Instant.MAX, Lane.ALARM)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void options_wrongScheme_isAProblem() {
        for (String url : new String[] {"coap:/h/x", "http://h/x"}) {
            Problems problems = new Problems();
            Section section = Section.check(
                    Yaml.parse(new ConfigFile("f", "url: \"" + url + "\""), Map.of(), problems)
                            .orElseThrow(),
                    ActionOptions.SHAPE,
                    problems);
            ActionOptions.of(section, problems);
            assertThat(problems.all())
                    .extracting(Problem::message)
                    .singleElement()
                    .asString()
                    .contains("coap://");
        }
    }

    @Test
    void source_defaultsOfTheShape_areTheDocumentedOnes() {
        Problems problems = new Problems();
        Section section = Section.check(
                Yaml.parse(new ConfigFile("f", "listen: 127.0.0.1:5683"), Map.of(), problems)
                        .orElseThrow(),
                SourceOptions.SHAPE,
                problems);
        assertThat(SourceOptions.of(section, problems)).isEqualTo(SourceOptions.listening(section.address("listen")));
        assertThat(problems.all()).isEmpty();
    }
}
