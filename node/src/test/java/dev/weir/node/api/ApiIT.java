package dev.weir.node.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.engine.config.HostPort;
import dev.weir.engine.flow.LiveEvent;
import dev.weir.engine.rule.AlarmEvent;
import dev.weir.testkit.Tool;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ApiIT {
    @TempDir
    static Path data;

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static TestNode node;

    @BeforeAll
    static void start() throws Exception {
        node = new TestNode(data);
        node.fill();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + node.api.port() + path));
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return CLIENT.send(request(path).build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(String path, String type, String body) throws Exception {
        return CLIENT.send(
                request(path)
                        .header("Content-Type", type)
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private static void assertProblem(HttpResponse<String> response, int status, String detail) {
        assertThat(response.body()).contains(detail);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(response.body()).contains("\"title\":", "\"status\":" + status, "\"type\":");
    }

    @Test
    void ready_withReasons_is503AndSaysThem() throws Exception {
        node.notReady = List.of("source 'devices' does not listen yet");
        HttpResponse<String> response = get("/health/ready");
        node.notReady = List.of();
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).contains("source 'devices' does not listen yet");
        assertThat(get("/health/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void metrics_judgedByPromtool_pass() throws Exception {
        String text = get("/metrics").body();
        assertThat(text)
                .contains("weir_store_rows_total", "weir_store_commit_seconds_total", "jvm_memory_used_bytes")
                .contains("process_cpu_usage", "jvm_threads_live_threads");
        Process process = Tool.require("promtool", "prometheus").start("check", "metrics");
        try (OutputStream in = process.getOutputStream()) {
            in.write(text.getBytes(UTF_8));
        }
        Tool.Result result = Tool.await(process, Duration.ofSeconds(20));
        assertThat(result.output()).isEmpty();
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void latest_withCurl_hasTheLastReadings() throws Exception {
        Tool.Result result = Tool.require("curl", "curl")
                .run(
                        Duration.ofSeconds(10),
                        "-sS",
                        "http://127.0.0.1:" + node.api.port() + "/api/v1/latest?stream=climate&device=m-2");
        assertThat(result.output())
                .isEqualTo("{\"readings\":[{\"stream\":\"climate\",\"device\":\"m-2\","
                        + "\"time\":\"2010-05-09T00:09:00Z\",\"received\":\"2010-05-09T00:09:00Z\",\"source\":\"devices\","
                        + "\"fields\":{\"temperature\":39.0}}]}");
    }

    @Test
    void query_withStep_sumsUp() throws Exception {
        HttpResponse<String> response = get("/api/v1/query?stream=climate&field=temperature&device=m-1"
                + "&from=2010-05-09T00:00:00Z&to=2010-05-09T01:00:00Z&step=5m&agg=mean,min&agg=count");
        assertThat(response.body())
                .endsWith("\"series\":[{\"device\":\"m-1\",\"points\":["
                        + "{\"time\":\"2010-05-09T00:00:00Z\",\"mean\":22.0,\"min\":20.0,\"count\":5},"
                        + "{\"time\":\"2010-05-09T00:05:00Z\",\"mean\":27.0,\"min\":25.0,\"count\":5}]}]}");
    }

    @Test
    void query_withoutStep_givesReadings() throws Exception {
        HttpResponse<String> response =
                get("/api/v1/query?stream=climate&field=temperature" + "&from=2010-05-09T00:08:00Z&to=1273363740001");
        assertThat(response.body())
                .endsWith(
                        "\"series\":[{\"device\":\"m-1\",\"points\":[{\"time\":\"2010-05-09T00:08:00Z\",\"value\":28.0},"
                                + "{\"time\":\"2010-05-09T00:09:00Z\",\"value\":29.0}]},{\"device\":\"m-2\",\"points\":"
                                + "[{\"time\":\"2010-05-09T00:08:00Z\",\"value\":38.0},"
                                + "{\"time\":\"2010-05-09T00:09:00Z\",\"value\":39.0}]}]}");
    }

    @Test
    void query_askedWrongly_saysHow() throws Exception {
        assertProblem(get("/api/v1/query?field=temperature"), 400, "'stream'");
        assertProblem(get("/api/v1/query?stream=climat&field=temperature"), 404, "'climate'");
        assertProblem(get("/api/v1/query?stream=climate&field=temp"), 404, "'temperature'");
        assertProblem(get("/api/v1/query?stream=climate&field=temperature&step=5"), 400, "5m");
        assertProblem(get("/api/v1/query?stream=climate&field=temperature&from=noon"), 400, "2010-05-09");
        assertProblem(get("/api/v1/query?stream=climate&field=temperature&agg=median"), 400, "median");
        assertProblem(get("/api/v1/query?stream=climate&fields=temperature"), 400, "'fields'");
    }

    @Test
    void acknowledge_activeAlarm_isKnownEverywhere() throws Exception {
        node.alarms.accept(new AlarmEvent.Raised(TestNode.alarm("ack-me")));
        HttpResponse<String> response =
                post("/api/v1/alarms/ack-me/acknowledge", "application/json", "{\"by\":\"ann\"}");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).contains("\"acknowledgedBy\":\"ann\"");
        assertThat(get("/api/v1/alarms?state=active").body()).contains("\"acknowledgedBy\":\"ann\"");
    }

    @Test
    void post_withBadBody_isRefused() throws Exception {
        String path = "/api/v1/alarms/a1/acknowledge";
        assertProblem(post(path, "text/plain", "{\"by\":\"ann\"}"), 415, "application/json");
        assertProblem(post(path, "application/json", "{\"by\":"), 400, "JSON");
        assertProblem(post(path, "application/json", "{\"who\":\"ann\"}"), 400, "by");
        assertProblem(post(path, "application/json", "{\"by\":\"\"}"), 400, "by");
        assertProblem(post(path, "application/json", "{\"by\":\"" + "x".repeat(70_000) + "\"}"), 413, "65536");
        assertProblem(post("/api/v1/alarms/nobody/acknowledge", "application/json", "{\"by\":\"x\"}"), 404, "nobody");
    }

    @Test
    void closeWindows_ofKnownPipeline_areClosed() throws Exception {
        assertThat(post("/api/v1/pipelines/climate/close-windows", "application/json", "")
                        .statusCode())
                .isEqualTo(200);
        assertThat(node.closed).contains("climate");
        assertProblem(post("/api/v1/pipelines/nope/close-windows", "application/json", "{}"), 404, "'nope'");
    }

    @Test
    void unknownPath_is404_otherMethodIs405WithAllow() throws Exception {
        assertProblem(get("/api/v1/nothing"), 404, "openapi.json");
        assertProblem(get("/api/v1/..%2f..%2fetc"), 400, "");
        HttpResponse<String> response =
                CLIENT.send(request("/api/v1/latest").DELETE().build(), BodyHandlers.ofString());
        assertProblem(response, 405, "GET, HEAD");
        assertThat(response.headers().firstValue("Allow")).hasValue("GET, HEAD");
        assertThat(get("/api/v1/alarms/a1/acknowledge").headers().firstValue("Allow"))
                .hasValue("POST");
    }

    @Test
    void head_hasHeadersAndNoBody() throws Exception {
        HttpResponse<String> response = CLIENT.send(
                request("/api/v1/latest")
                        .method("HEAD", BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
        assertThat(response.headers().firstValueAsLong("Content-Length").orElse(0))
                .isPositive();
    }

    @Test
    void request_forAnotherHostOrOrigin_isRefused() throws Exception {
        assertThat(raw("GET /api/v1/node HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 421");
        assertThat(raw("GET /api/v1/node HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\n"
                        + "Connection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 403");
        assertThat(raw("GET /api/v1/node HTTP/1.1\r\nHost: [::1]:80\r\nOrigin: http://[::1]:80\r\n"
                        + "Connection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200")
                .doesNotContain("Access-Control-Allow-Origin");
    }

    @Test
    void header_tooLarge_is431AsAProblem() throws Exception {
        assertThat(raw("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(20_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431")
                .contains("application/problem+json");
    }

    private static String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.api.port())) {
            socket.getOutputStream().write(request.getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    @Test
    void page_allowsOnlyItsOwnScript() throws Exception {
        HttpResponse<String> response = get("/");
        assertThat(response.headers().firstValue("Content-Type")).hasValue("text/html;charset=utf-8");
        assertThat(response.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'none'", "script-src 'sha256-")
                .doesNotContain("unsafe");
        assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(response.body()).doesNotContain("http://", "https://", "innerHTML");
    }

    @Test
    void sse_filtered_bringsOnlyWhatIsWanted() throws Exception {
        HttpResponse<Stream<String>> response = CLIENT.send(
                request("/api/v1/live/sse?device=m-9&kind=reading&kind=alarm").build(), BodyHandlers.ofLines());
        assertThat(response.headers().firstValue("Content-Type")).hasValue("text/event-stream");
        node.live.publish(new LiveEvent.Passed(node.reading("m-1", 1, 1.0)));
        node.live.publish(TestNode.commanded());
        node.live.publish(new LiveEvent.Passed(node.reading("m-9", 1, 2.5)));
        try (Stream<String> lines = response.body()) {
            Iterator<String> line = lines.iterator();
            assertThat(line.next()).startsWith("retry: ");
            assertThat(line.next()).isEmpty();
            assertThat(line.next()).isEqualTo("event: reading");
            assertThat(line.next()).startsWith("data: {\"type\":\"reading\"").contains("m-9", "2.5");
        }
    }

    private static final class Listener implements WebSocket.Listener {
        final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        final CompletableFuture<Integer> closed = new CompletableFuture<>();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            messages.add(text.toString());
            socket.request(1);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            closed.complete(status);
            return CompletableFuture.completedFuture(null);
        }
    }

    private static WebSocket follow(TestNode of, String query, Listener listener) throws Exception {
        return CLIENT.newWebSocketBuilder()
                .buildAsync(URI.create("ws://localhost:" + of.api.port() + "/api/v1/live" + query), listener)
                .get(10, TimeUnit.SECONDS);
    }

    @Test
    void webSocket_bringsReadingsAlarmsAndCommands() throws Exception {
        Listener listener = new Listener();
        WebSocket socket = follow(node, "?device=m-2", listener);
        node.live.publish(new LiveEvent.Passed(node.reading("m-1", 1, 1.0)));
        node.live.publish(new LiveEvent.Passed(node.reading("m-2", 1, 1.0)));
        node.live.publish(new LiveEvent.Alarmed(new AlarmEvent.Raised(TestNode.alarm("live"))));
        node.live.publish(TestNode.commanded());
        assertThat(listener.messages.poll(10, TimeUnit.SECONDS)).contains("\"type\":\"reading\"", "m-2");
        assertThat(listener.messages.poll(10, TimeUnit.SECONDS))
                .contains("\"type\":\"alarm\"", "\"change\":\"raised\"");
        assertThat(listener.messages.poll(10, TimeUnit.SECONDS))
                .contains("\"type\":\"command\"", "\"outcome\":\"done\"");
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(10, TimeUnit.SECONDS);
        assertThat(listener.closed.get(10, TimeUnit.SECONDS)).isEqualTo(WebSocket.NORMAL_CLOSURE);
    }

    @Test
    void webSocket_fromAnotherOrigin_isRefused() {
        assertThatThrownBy(() -> CLIENT.newWebSocketBuilder()
                        .header("Origin", "http://evil.example")
                        .buildAsync(URI.create("ws://localhost:" + node.api.port() + "/api/v1/live"), new Listener())
                        .get(10, TimeUnit.SECONDS))
                .hasMessageContaining("WebSocketHandshakeException");
    }

    @Test
    void live_withoutUpgrade_is426() throws Exception {
        assertProblem(get("/api/v1/live"), 426, "/api/v1/live/sse");
    }

    @Test
    void sse_slowClient_losesTheOldestAndIsTold(@TempDir Path other) throws Exception {
        try (TestNode slow = new TestNode(other);
                Socket socket = new Socket()) {
            socket.setReceiveBufferSize(4_096);
            socket.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), slow.api.port()));
            socket.getOutputStream().write("GET /api/v1/live/sse HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
            InputStream in = socket.getInputStream();
            byte[] buffer = new byte[65_536];
            assertThat(in.read(buffer)).isPositive();
            for (int i = 0; i < 100_000; i++) {
                slow.live.publish(new LiveEvent.Passed(slow.reading("m-1", i, 1.0)));
            }
            slow.live.publish(new LiveEvent.Passed(slow.reading("the-end", 1, 1.0)));
            StringBuilder seen = new StringBuilder();
            while (seen.indexOf("the-end") < 0) {
                int n = in.read(buffer);
                assertThat(n).isPositive();
                seen.append(new String(buffer, 0, n, UTF_8));
            }
            assertThat(seen.toString()).contains("event: lost\ndata: {\"type\":\"lost\",\"count\":");
        }
    }

    @Test
    void close_withFollowers_endsThem(@TempDir Path other) throws Exception {
        Listener listener = new Listener();
        try (TestNode ending = new TestNode(other)) {
            follow(ending, "", listener);
        }
        assertThat(listener.closed.get(10, TimeUnit.SECONDS)).isEqualTo(1001);
    }

    @Test
    void followers_beyondTheLimit_areRefused(@TempDir Path other) throws Exception {
        ApiSettings one = new ApiSettings(new HostPort("127.0.0.1", 0), 16, 1, Duration.ofSeconds(30));
        try (TestNode small = new TestNode(other, one)) {
            follow(small, "", new Listener());
            HttpResponse<String> response = CLIENT.send(
                    HttpRequest.newBuilder(URI.create("http://localhost:" + small.api.port() + "/api/v1/live/sse"))
                            .build(),
                    BodyHandlers.ofString());
            assertProblem(response, 503, "too many");
        }
    }

    @Test
    void connection_thatTricklesItsHeader_isClosed(@TempDir Path other) throws Exception {
        assertTrickleIsClosed(other, "GET / HTTP/1.1\r\nX: ");
    }

    @Test
    void connection_thatTricklesItsBody_isClosed(@TempDir Path other) throws Exception {
        assertTrickleIsClosed(
                other,
                "POST /api/v1/alarms/a1/acknowledge HTTP/1.1\r\nHost: localhost\r\n"
                        + "Content-Type: application/json\r\nContent-Length: 60000\r\n\r\n");
    }

    private static void assertTrickleIsClosed(Path folder, String start) throws Exception {
        ApiSettings quick = new ApiSettings(new HostPort("127.0.0.1", 0), 16, 4, Duration.ofSeconds(2));
        try (TestNode impatient = new TestNode(folder, quick);
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), impatient.api.port())) {
            socket.getOutputStream().write(start.getBytes(UTF_8));
            // A byte now and then, for as long as the server lets us: reading times out in between.
            socket.setSoTimeout(200);
            boolean open = true;
            while (open) {
                try {
                    socket.getOutputStream().write('x');
                    open = socket.getInputStream().read() >= 0;
                } catch (SocketTimeoutException e) {
                    open = true;
                } catch (IOException e) {
                    open = false;
                }
            }
            assertThat(open).isFalse();
        }
    }

    @Test
    void start_portTaken_saysWhatToDo(@TempDir Path other) {
        ApiSettings taken = new ApiSettings(new HostPort("127.0.0.1", node.api.port()), 16, 4, Duration.ofSeconds(30));
        assertThatThrownBy(() -> new TestNode(other, taken))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("127.0.0.1:" + node.api.port())
                .hasMessageContaining("api:");
    }
}
