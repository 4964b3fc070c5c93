package dev.weir.connect.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.engine.Command;
import dev.weir.runtime.Lane;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WebhookActuatorIT {
    private static WebhookActuator actuator() {
        return new WebhookActuator(
                new WebhookOptions("", Map.of(), Duration.ofSeconds(20), 1, Duration.ofSeconds(1), false), "too-hot");
    }

    private static Command command(String url, String payload) {
        return new Command("c-17", "too-hot", "m1", url, payload, Instant.MAX, Lane.ALARM);
    }

    @Test
    void execute_json_isPostedWithItsId() throws Exception {
        try (Server server = new Server();
                WebhookActuator actuator = actuator()) {
            actuator.execute(command(server.url("/fan"), "{\"on\":true}"));
            Server.Posted posted = server.posted.getFirst();
            assertThat(posted.body()).isEqualTo("{\"on\":true}");
            assertThat(posted.header("Content-type")).isEqualTo("application/json");
            assertThat(posted.header("Idempotency-key")).isEqualTo("c-17");
        }
    }

    @Test
    void execute_text_isPostedAsText() throws Exception {
        try (Server server = new Server();
                WebhookActuator actuator = actuator()) {
            actuator.execute(command(server.url("/fan"), "on"));
            assertThat(server.posted.getFirst().header("Content-type")).startsWith("text/plain");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 404, 429, 500})
    void execute_anyOtherAnswer_failsAfterOneAttempt(int status) throws Exception {
        try (Server server = new Server();
                WebhookActuator actuator = actuator()) {
            server.script = Server.status(status);
            assertThatThrownBy(() -> actuator.execute(command(server.url("/fan"), "on")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("answered " + status);
            assertThat(server.posted).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://h/x", "nothing", "http:///x", "http://a b/"})
    void execute_unusableUrl_fails(String url) {
        try (WebhookActuator actuator = actuator()) {
            assertThatThrownBy(() -> actuator.execute(command(url, "on")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(url);
        }
    }

    @Test
    void execute_afterClose_fails() {
        WebhookActuator actuator = actuator();
        actuator.close();
        actuator.close();
        assertThatThrownBy(() -> actuator.execute(command("http://127.0.0.1/", "on")))
                .hasMessageContaining("closed");
    }
}
