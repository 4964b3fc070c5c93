package dev.weir.node.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.engine.Upgrades.Duplex;
import dev.weir.engine.Upgrades.Mount;
import dev.weir.engine.Upgrades.Service;
import dev.weir.engine.Upgrades.WebSocketTerms;
import dev.weir.engine.config.HostPort;
import dev.weir.testkit.Eventually;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class MountsIT {
    private static final int FRAME = 256 * 1024;
    private static final int CONNECTIONS = 4;

    @TempDir
    Path data;

    private final HttpClient client = HttpClient.newHttpClient();
    private TestNode node;

    @BeforeEach
    void start() throws Exception {
        node = new TestNode(
                data, new ApiSettings(new HostPort("127.0.0.1", 0), CONNECTIONS, 2, Duration.ofSeconds(30)));
    }

    @AfterEach
    void stop() {
        client.shutdownNow();
        node.close();
    }

    private static WebSocketTerms terms(int connections) {
        return new WebSocketTerms(List.of("mqtt", "mqttv3.1"), List.of("https://ui.example"), connections, FRAME);
    }

    private static void echo(Duplex duplex) {
        byte[] buffer = new byte[FRAME];
        try {
            for (int count = duplex.input().read(buffer);
                    count >= 0;
                    count = duplex.input().read(buffer)) {
                duplex.output().write(buffer, 0, count);
            }
        } catch (IOException e) {
            // How it ended is for the tests to see at the other side.
            duplex.close();
        }
    }

    private Peer connect() throws Exception {
        return Peer.connect(client, node.api.port(), "/mqtt");
    }

    private int refusal(String path, String origin, String protocol) {
        try {
            Peer.connect(client, node.api.port(), path, origin.isEmpty() ? null : origin, protocol);
            return 101;
        } catch (Exception e) {
            return e.getCause() instanceof WebSocketHandshakeException refused
                    ? refused.getResponse().statusCode()
                    : 0;
        }
    }

    private int health() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.api.port() + "/health/live"))
                .build();
        return client.send(request, BodyHandlers.discarding()).statusCode();
    }

    private Mount mount(int connections, Service service) throws IOException {
        return node.mounts.mount("/mqtt", terms(connections), service);
    }

    @Test
    void serve_echo_bytesComeBackInOneFrameForEachWrite() throws Exception {
        mount(2, MountsIT::echo);
        Peer peer = connect();
        assertThat(peer.socket().getSubprotocol()).isEqualTo("mqtt");
        peer.send("one".getBytes(UTF_8)).join();
        assertThat(peer.receive()).isEqualTo("one");
        peer.socket().sendPing(ByteBuffer.allocate(0)).join();
        peer.send("two".getBytes(UTF_8)).join();
        assertThat(peer.receive()).isEqualTo("two");
    }

    @Test
    void read_messageLargerThanLiveLimit_passes() throws Exception {
        AtomicLong total = new AtomicLong();
        CompletableFuture<Void> ended = new CompletableFuture<>();
        mount(2, duplex -> {
            try (InputStream in = duplex.input()) {
                total.set(in.transferTo(java.io.OutputStream.nullOutputStream()));
                ended.complete(null);
            } catch (IOException e) {
                ended.completeExceptionally(e);
            }
        });
        Peer peer = connect();
        peer.send(new byte[FRAME]).join();
        peer.send(new byte[FRAME]).join();
        peer.socket().sendClose(WebSocket.NORMAL_CLOSURE, "").join();
        ended.get(10, TimeUnit.SECONDS);
        assertThat(total).hasValue(2L * FRAME);
        assertThat(peer.closeCode()).isEqualTo(1000);
    }

    @Test
    void read_frameLargerThanTerms_closes1009() throws Exception {
        CompletableFuture<String> failed = new CompletableFuture<>();
        mount(2, duplex -> {
            try {
                duplex.input().readAllBytes();
            } catch (IOException e) {
                failed.complete(e.getMessage());
            }
        });
        Peer peer = connect();
        CompletableFuture<WebSocket> _ = peer.send(new byte[FRAME + 1]);
        assertThat(peer.closeCode()).isEqualTo(1009);
        assertThat(failed.get(10, TimeUnit.SECONDS)).contains("at most " + FRAME);
    }

    @Test
    void read_textFrame_closes1003() throws Exception {
        mount(2, MountsIT::echo);
        Peer peer = connect();
        CompletableFuture<WebSocket> _ = peer.socket().sendText("hello", true);
        assertThat(peer.closeCode()).isEqualTo(1003);
    }

    @Test
    void read_withoutReader_stallsTheSender() throws Exception {
        CountDownLatch readNow = new CountDownLatch(1);
        AtomicLong total = new AtomicLong();
        mount(2, duplex -> {
            readNow.await();
            try {
                total.set(duplex.input().transferTo(java.io.OutputStream.nullOutputStream()));
            } catch (IOException e) {
                total.set(-1);
            }
        });
        Peer peer = connect();
        byte[] bytes = new byte[FRAME];
        CompletableFuture<WebSocket> last = peer.send(bytes);
        int count = 1;
        // 64 MiB are more than the sockets' buffers hold.
        while (count < 256) {
            try {
                last.get(1, TimeUnit.SECONDS);
            } catch (java.util.concurrent.TimeoutException stalled) {
                break;
            }
            last = peer.send(bytes);
            count++;
        }
        assertThat(count).isLessThan(256);
        readNow.countDown();
        last.get(10, TimeUnit.SECONDS);
        peer.socket().sendClose(WebSocket.NORMAL_CLOSURE, "").join();
        assertThat(peer.closeCode()).isEqualTo(1000);
        long sent = (long) count * FRAME;
        Eventually.until("all that was sent is read", () -> total.get() == sent);
    }

    @Test
    void read_withLimit_timesOutAndGoesOn() throws Exception {
        CountDownLatch timedOut = new CountDownLatch(1);
        mount(2, duplex -> {
            duplex.limitReads(Duration.ofMillis(20));
            try {
                duplex.input().read();
            } catch (SocketTimeoutException expected) {
                timedOut.countDown();
            } catch (IOException e) {
                return;
            }
            duplex.limitReads(Duration.ZERO);
            echo(duplex);
        });
        Peer peer = connect();
        assertThat(timedOut.await(10, TimeUnit.SECONDS)).isTrue();
        peer.send("late".getBytes(UTF_8)).join();
        assertThat(peer.receive()).isEqualTo("late");
    }

    @Test
    void write_toClientThatTakesNothing_failsWhenClosed() throws Exception {
        CompletableFuture<Duplex> opened = new CompletableFuture<>();
        CompletableFuture<Exception> failed = new CompletableFuture<>();
        mount(2, duplex -> {
            opened.complete(duplex);
            try {
                while (true) {
                    duplex.output().write(new byte[FRAME]);
                }
            } catch (IOException e) {
                failed.complete(e);
            }
        });
        CountDownLatch never = new CountDownLatch(1);
        WebSocket.Listener deaf = new WebSocket.Listener() {
            @Override
            public void onOpen(WebSocket socket) {
                never.countDown();
            }
        };
        client.newWebSocketBuilder()
                .subprotocols("mqtt")
                .buildAsync(URI.create("ws://127.0.0.1:" + node.api.port() + "/mqtt"), deaf)
                .get(10, TimeUnit.SECONDS);
        Duplex duplex = opened.get(10, TimeUnit.SECONDS);
        assertThat(failed).isNotDone();
        duplex.close();
        assertThat(failed.get(10, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
    }

    @Test
    void serve_returns_clientSeesNormalClose() throws Exception {
        mount(2, duplex -> {});
        assertThat(connect().closeCode()).isEqualTo(1000);
    }

    @Test
    void finishOutput_then_clientSeesCloseAndMayAnswer() throws Exception {
        mount(2, duplex -> {
            try {
                duplex.output().write('x');
                duplex.finishOutput();
                duplex.input().readAllBytes();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        Peer peer = connect();
        assertThat(peer.closeCode()).isEqualTo(1000);
        assertThat(peer.receive()).isEqualTo("x");
    }

    @Test
    void serve_clientVanishes_readEnds() throws Exception {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        mount(2, duplex -> {
            echo(duplex);
            ended.complete(null);
        });
        Peer peer = connect();
        peer.send("x".getBytes(UTF_8)).join();
        assertThat(peer.receive()).isEqualTo("x");
        peer.socket().abort();
        ended.get(10, TimeUnit.SECONDS);
    }

    @Test
    void connect_byPageOfAnotherOrigin_isRefused() throws Exception {
        mount(2, MountsIT::echo);
        assertThat(refusal("/mqtt", "https://evil.example", "mqtt")).isEqualTo(403);
        assertThat(refusal("/mqtt", "https://ui.example", "mqtt")).isEqualTo(101);
        assertThat(refusal("/mqtt", "http://127.0.0.1:" + node.api.port(), "mqtt"))
                .isEqualTo(101);
    }

    @Test
    void connect_withoutKnownProtocol_isRefused() throws Exception {
        mount(2, MountsIT::echo);
        assertThat(refusal("/mqtt", "https://ui.example", "chat")).isEqualTo(400);
        assertThat(refusal("/mqtt", "https://ui.example", "")).isEqualTo(400);
    }

    @Test
    void connect_oneTooMany_is503UntilAPlaceIsFree() throws Exception {
        mount(2, MountsIT::echo);
        Peer first = connect();
        connect();
        assertThat(refusal("/mqtt", "https://ui.example", "mqtt")).isEqualTo(503);
        first.socket().sendClose(WebSocket.NORMAL_CLOSURE, "").join();
        first.closeCode();
        int answer = 503;
        for (int i = 0; i < 200 && answer == 503; i++) {
            answer = refusal("/mqtt", "https://ui.example", "mqtt");
        }
        assertThat(answer).isEqualTo(101);
    }

    @Test
    void connect_moreThanHttpMayHave_leavesHttpItsPlaces() throws Exception {
        mount(3 * CONNECTIONS, MountsIT::echo);
        List<Peer> peers = new ArrayList<>();
        for (int i = 0; i < 3 * CONNECTIONS; i++) {
            peers.add(connect());
        }
        assertThat(health()).isEqualTo(200);
        for (Peer peer : peers) {
            peer.send("x".getBytes(UTF_8)).join();
            assertThat(peer.receive()).isEqualTo("x");
        }
    }

    @Test
    void close_withReaderAndWriter_endsThemAndFreesThePath() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Mount mount = mount(2, duplex -> {
            started.countDown();
            echo(duplex);
            ended.countDown();
        });
        Peer peer = connect();
        assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
        mount.close();
        assertThat(ended.getCount()).isZero();
        assertThat(peer.closeCode()).isEqualTo(1001);
        assertThat(refusal("/mqtt", "", "mqtt")).isEqualTo(404);
        mount(2, MountsIT::echo).close();
    }

    @Test
    void apiClose_withOpenSocket_endsIt() throws Exception {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        mount(2, duplex -> {
            echo(duplex);
            ended.complete(null);
        });
        Peer peer = connect();
        peer.send("x".getBytes(UTF_8)).join();
        assertThat(peer.receive()).isEqualTo("x");
        node.api.close();
        ended.get(10, TimeUnit.SECONDS);
    }

    @Test
    void mount_pathTakenOrOwn_isRefused() throws Exception {
        mount(2, MountsIT::echo);
        assertThatThrownBy(() -> mount(2, MountsIT::echo)).hasMessageContaining("'/mqtt' is taken");
        assertThatThrownBy(() -> node.mounts.mount("/api/v1/x", terms(1), MountsIT::echo))
                .hasMessageContaining("the node's own");
        assertThatThrownBy(() -> node.mounts.mount("mqtt", terms(1), MountsIT::echo))
                .hasMessageContaining("must look like '/mqtt'");
    }

    @Test
    void get_withoutUpgrade_is426() throws Exception {
        mount(2, MountsIT::echo);
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.api.port() + "/mqtt"))
                .build();
        assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(426);
    }
}
