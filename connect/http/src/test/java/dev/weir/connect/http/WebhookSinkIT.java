package dev.weir.connect.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.engine.Reading;
import dev.weir.engine.Schema;
import dev.weir.engine.Sink.Refused;
import dev.weir.runtime.Lane;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WebhookSinkIT {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final Schema schema = new Schema("climate");
    private Server server;

    @BeforeEach
    void start() throws IOException {
        server = new Server();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Reading reading(String device) {
        Reading reading = new Reading(schema, device, 0, 1_000_000_000, "s", 1, 1, Lane.SAMPLE);
        reading.set(schema.slotFor("t"), 1.5);
        return reading;
    }

    private static WebhookSink open(String url, Duration timeout, int batch, Duration maxWait) {
        return open(new WebhookOptions(url, Map.of("Authorization", "Bearer s3cret"), timeout, batch, maxWait, false));
    }

    private static WebhookSink open(WebhookOptions options) {
        WebhookSink sink = new WebhookSink(options, "node-1", "erp");
        sink.open();
        return sink;
    }

    private WebhookSink open() {
        return open(server.url("/in?key=s3cret"), LONG, 1, LONG);
    }

    @Test
    void write_oneReading_postsAnObject() throws Exception {
        try (WebhookSink sink = open()) {
            sink.write(List.of(reading("m1")));
        }
        Server.Posted posted = server.posted.getFirst();
        assertThat(posted.path()).isEqualTo("/in?key=s3cret");
        assertThat(posted.header("Content-type")).isEqualTo("application/json");
        assertThat(posted.header("Authorization")).isEqualTo("Bearer s3cret");
        assertThat(posted.body())
                .isEqualTo("{\"stream\":\"climate\",\"device\":\"m1\",\"time\":\"1970-01-01T00:00:00Z\","
                        + "\"received\":\"1970-01-01T00:00:01Z\",\"source\":\"s\",\"fields\":{\"t\":1.5}}");
    }

    @Test
    void write_batch_postsAList() throws Exception {
        try (WebhookSink sink = open(server.url("/"), LONG, 10, LONG)) {
            assertThat(sink.batch()).isEqualTo(10);
            sink.write(List.of(reading("m1"), reading("m2")));
        }
        assertThat(server.posted).hasSize(1);
        assertThat(server.posted.getFirst().body())
                .startsWith("[{")
                .contains("\"m1\"", "\"m2\"")
                .endsWith("}]");
    }

    @Test
    void write_idempotentAndRepeated_keepsItsKeyAndOthersHaveAnother() throws Exception {
        try (WebhookSink sink = open(new WebhookOptions(server.url("/"), Map.of(), LONG, 2, LONG, true))) {
            sink.write(List.of(reading("m1"), reading("m2")));
            sink.write(List.of(reading("m1"), reading("m2")));
            sink.write(List.of(reading("m2"), reading("m1")));
        }
        assertThat(server.posted).hasSize(3);
        String key = server.posted.getFirst().header("Idempotency-key");
        assertThat(key).hasSize(24).isEqualTo(server.posted.get(1).header("Idempotency-key"));
        assertThat(server.posted.getLast().header("Idempotency-key"))
                .hasSize(24)
                .isNotEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 204})
    void write_success_returns(int status) throws Exception {
        server.script = Server.status(status);
        try (WebhookSink sink = open()) {
            sink.write(List.of(reading("m1")));
        }
        assertThat(server.posted).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504, 302})
    void write_passingFailure_isForTheEngineToRepeat(int status) {
        server.script = Server.answer(status, "busy\nnow");
        try (WebhookSink sink = open()) {
            assertThatThrownBy(() -> sink.write(List.of(reading("m1"))))
                    .isInstanceOf(IOException.class)
                    .hasMessageContainingAll("POST http://127.0.0.1", "/in answered " + status + " \"busy now\"");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 413, 422})
    void write_otherClientError_isRefused(int status) {
        server.script = Server.answer(status, "no");
        try (WebhookSink sink = open()) {
            assertThatThrownBy(() -> sink.write(List.of(reading("m1"))))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("answered " + status + " \"no\"")
                    .message()
                    .doesNotContain("s3cret");
        }
    }

    @Test
    void write_redirect_isNotFollowed() {
        server.script = Server.answer(307, "", "Location", server.url("/elsewhere"));
        try (WebhookSink sink = open()) {
            assertThatThrownBy(() -> sink.write(List.of(reading("m1"))))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("redirects are not followed");
        }
        assertThat(server.posted).hasSize(1);
    }

    @Test
    void write_whileNobodyListens_canBeRepeated() throws Exception {
        int port = server.port();
        server.close();
        try (WebhookSink sink = open("http://127.0.0.1:" + port + "/", LONG, 1, LONG)) {
            assertThatThrownBy(() -> sink.write(List.of(reading("m1")))).isInstanceOf(IOException.class);
        }
    }

    @Test
    void write_serverThatNeverAnswers_endsWithTheTimeout() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                WebhookSink sink =
                        open("http://127.0.0.1:" + silent.getLocalPort() + "/", Duration.ofMillis(200), 1, LONG)) {
            assertThatThrownBy(() -> sink.write(List.of(reading("m1"))))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("no whole answer within 200 ms");
        }
    }

    @Test
    void write_bodyThatNeverEnds_endsWithTheTimeout() {
        CountDownLatch done = new CountDownLatch(1);
        server.script = exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('x');
            exchange.getResponseBody().flush();
            try {
                done.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        try (WebhookSink sink = open(server.url("/"), Duration.ofMillis(200), 1, LONG)) {
            assertThatThrownBy(() -> sink.write(List.of(reading("m1"))))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("200 ms");
        } finally {
            done.countDown();
        }
    }

    @Test
    void write_answerOfManyMegabytes_isCutAndCountsAsSuccess() throws Exception {
        server.script = exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] chunk = new byte[1 << 16];
            for (int i = 0; i < 10_000; i++) {
                exchange.getResponseBody().write(chunk);
            }
        };
        try (WebhookSink sink = open()) {
            sink.write(List.of(reading("m1")));
            server.script = Server.status(204);
            sink.write(List.of(reading("m1")));
        }
        assertThat(server.posted).hasSize(2);
    }

    @Test
    void write_afterRetryAfter_waitsUpToTheBound() throws Exception {
        server.script = Server.answer(503, "", "Retry-After", "3600");
        try (WebhookSink sink = open(server.url("/"), LONG, 1, Duration.ofMillis(300))) {
            assertThatThrownBy(() -> sink.write(List.of(reading("m1")))).isInstanceOf(IOException.class);
            server.script = Server.status(204);
            long start = System.nanoTime();
            sink.write(List.of(reading("m1")));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(250));
        }
    }

    @Test
    void close_whileWaitingForRetryAfter_wakesTheWriter() throws Exception {
        server.script = Server.answer(429, "", "Retry-After", "3600");
        WebhookSink sink = open(server.url("/"), LONG, 1, Duration.ofHours(1));
        assertThatThrownBy(() -> sink.write(List.of(reading("m1")))).isInstanceOf(IOException.class);
        AtomicReference<Throwable> outcome = new AtomicReference<>();
        Thread writer = Thread.ofVirtual().start(() -> {
            try {
                sink.write(List.of(reading("m1")));
            } catch (IOException | InterruptedException e) {
                outcome.set(e);
            }
        });
        sink.close();
        sink.close();
        writer.join();
        assertThat(outcome.get()).isInstanceOf(IOException.class).hasMessageContaining("closed");
    }

    @Test
    void write_interruptedBefore_sendsNothing() {
        try (WebhookSink sink = open()) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> sink.write(List.of(reading("m1")))).isInstanceOf(InterruptedException.class);
        }
        assertThat(server.posted).isEmpty();
    }
}
