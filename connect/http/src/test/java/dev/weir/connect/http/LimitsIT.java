package dev.weir.connect.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.connect.http.IngestOptions.Limits;
import dev.weir.engine.access.Access;
import dev.weir.testkit.Background;
import dev.weir.testkit.Eventually;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a hostile or greedy client meets.
@Timeout(40)
class LimitsIT {
    private static final String JSON = "application/json";
    private static final int BODY = 64 * 1024;

    private static Limits limits(int rate, Duration idle, int connections) {
        return new Limits(
                BODY,
                3 * BODY,
                connections,
                Duration.ofMillis(200),
                Duration.ofSeconds(10),
                idle,
                rate,
                16,
                Duration.ofMinutes(10));
    }

    private static Door door(int rate) throws Exception {
        return new Door(limits(rate, Duration.ofSeconds(30), 32), Access.open(), List.of());
    }

    @Test
    void body_largerThanLimit_is413() throws Exception {
        try (Door door = door(0)) {
            HttpResponse<String> response = door.post("/a", "text/csv", new byte[BODY + 1]);
            assertThat(response.statusCode()).isEqualTo(413);
            assertThat(door.post("/a", "text/csv", new byte[BODY]).statusCode()).isEqualTo(204);
            assertThat(door.inFlight()).isZero();
        }
    }

    @Test
    void gzipBomb_isNotUnpackedBeyondTheLimit() throws Exception {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (OutputStream zip = new GZIPOutputStream(bomb)) {
            for (int i = 0; i < 64; i++) {
                zip.write(new byte[1 << 20]);
            }
        }
        try (Door door = door(0)) {
            HttpResponse<String> response = door.post("/a", "text/csv", bomb.toByteArray(), "Content-Encoding", "gzip");
            assertThat(response.statusCode()).isEqualTo(413);
            assertThat(door.inFlight()).isZero();
        }
    }

    @Test
    void gzipOfEmptyMembersWithoutEnd_is413() throws Exception {
        ByteArrayOutputStream members = new ByteArrayOutputStream();
        while (members.size() <= 2 * BODY) {
            members.write(Door.gzip(new byte[0]));
        }
        byte[] body = members.toByteArray();
        try (Door door = door(0);
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), door.source.port())) {
            OutputStream out = socket.getOutputStream();
            out.write("POST /a HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
                    .getBytes(UTF_8));
            out.write((Integer.toHexString(body.length) + "\r\n").getBytes(UTF_8));
            out.write(body);
            out.write("\r\n0\r\n\r\n".getBytes(UTF_8));
            byte[] answer = socket.getInputStream().readNBytes(12);
            // Whether the JDK goes on to the next member depends on what has arrived: none is taken.
            assertThat(new String(answer, UTF_8)).isIn("HTTP/1.1 413", "HTTP/1.1 400");
            assertThat(door.inlet.taken).isEmpty();
        }
    }

    @Test
    void gzip_damagedOrCutOff_is400() throws Exception {
        byte[] whole = Door.gzip("{\"a\":1}".getBytes(UTF_8));
        try (Door door = door(0)) {
            byte[] cut = java.util.Arrays.copyOf(whole, whole.length - 9);
            assertThat(door.post("/a", JSON, cut, "Content-Encoding", "gzip").statusCode())
                    .isEqualTo(400);
            assertThat(door.post("/a", JSON, "{}", "Content-Encoding", "gzip").statusCode())
                    .isEqualTo(400);
            assertThat(door.inlet.taken).isEmpty();
        }
    }

    @Test
    void moreElementsThanAllowed_is413AndTakesNothing() throws Exception {
        try (Door door = door(0)) {
            String body = "{}\n".repeat(Elements.MOST + 1);
            assertThat(door.post("/a", "application/jsonl", body).statusCode()).isEqualTo(413);
            assertThat(door.inlet.taken).isEmpty();
        }
    }

    @Test
    void requestsTogether_overTheBudget_areAnswered503() throws Exception {
        try (Door door = door(0)) {
            door.inlet.settleAtOnce = false;
            byte[] body = new byte[BODY];
            Background holding = Background.start("hold", () -> door.post("/a", "text/csv", body));
            var first = door.inlet.next();
            Background second = Background.start("hold", () -> door.post("/a", "text/csv", body));
            Eventually.until(
                    "the second is there, or refused",
                    () -> door.inlet.count.get() > 1 || door.inlet.rejected.get() > 0);
            HttpResponse<String> third = door.post("/a", "text/csv", body);
            assertThat(third.statusCode()).isEqualTo(503);
            assertThat(third.headers().firstValue("Retry-After")).isPresent();
            first.ack().settle(dev.weir.engine.Receipt.ACCEPTED);
            for (var taken = door.inlet.taken.poll(); taken != null; taken = door.inlet.taken.poll()) {
                taken.ack().settle(dev.weir.engine.Receipt.ACCEPTED);
            }
            holding.join();
            second.join();
            Eventually.until("everything is given back", () -> door.inFlight() == 0);
        }
    }

    @Test
    void rate_aboveOnesOwn_is429WithRetryAfter() throws Exception {
        try (Door door = door(10)) {
            String batch = "{}\n".repeat(1_000);
            assertThat(door.post("/a", "application/jsonl", batch).statusCode()).isEqualTo(204);
            HttpResponse<String> second = door.post("/a", JSON, "{}");
            assertThat(second.statusCode()).isEqualTo(429);
            long wait =
                    Long.parseLong(second.headers().firstValue("Retry-After").orElseThrow());
            assertThat(wait).isBetween(90L, 99L);
        }
    }

    @Test
    void head_oneByteNowAndThen_isClosed() throws Exception {
        try (Door door = new Door(limits(0, Duration.ofSeconds(1), 32), Access.open(), List.of());
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), door.source.port())) {
            OutputStream out = socket.getOutputStream();
            out.write("POST /a HTTP/1.1\r\nX: ".getBytes(UTF_8));
            Eventually.until("the connection is closed", () -> {
                try {
                    out.write('x');
                    Thread.sleep(50);
                    return false;
                } catch (java.io.IOException closed) {
                    return true;
                }
            });
        }
    }

    @Test
    void body_thatStops_is408() throws Exception {
        try (Door door = new Door(limits(0, Duration.ofSeconds(1), 32), Access.open(), List.of());
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), door.source.port())) {
            socket.getOutputStream()
                    .write("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{".getBytes(UTF_8));
            assertThat(new String(socket.getInputStream().readNBytes(12), UTF_8))
                    .isEqualTo("HTTP/1.1 408");
        }
    }

    @Test
    void body_thatTrickles_is408() throws Exception {
        try (Door door = new Door(limits(0, Duration.ofSeconds(1), 32), Access.open(), List.of());
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), door.source.port())) {
            OutputStream out = socket.getOutputStream();
            out.write("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n".getBytes(UTF_8));
            Eventually.until("an answer comes", () -> {
                try {
                    out.write('x');
                } catch (java.io.IOException closed) {
                    return true;
                }
                Thread.sleep(50);
                return socket.getInputStream().available() > 0;
            });
            assertThat(new String(socket.getInputStream().readNBytes(12), UTF_8))
                    .isEqualTo("HTTP/1.1 408");
        }
    }

    @Test
    void head_tooLarge_is431AsAProblem() throws Exception {
        try (Door door = door(0)) {
            HttpResponse<String> response = door.post("/a", JSON, "{}", "X-Much", "x".repeat(20_000));
            assertThat(response.statusCode()).isEqualTo(431);
            assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
            assertThat(response.body()).contains("\"status\":431", "16384 bytes");
        }
    }

    @Test
    void body_announcedTooLargeWithExpect_isRefusedBeforeItIsSent() throws Exception {
        try (Door door = door(0);
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), door.source.port())) {
            socket.getOutputStream()
                    .write("POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 268435456\r\n\r\n"
                            .getBytes(UTF_8));
            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .startsWith("HTTP/1.1 413")
                    .contains("\"status\":413");
            assertThat(door.inFlight()).isZero();
        }
    }

    @Test
    void connections_beyondTheLimit_waitOutside() throws Exception {
        try (Door door = new Door(limits(0, Duration.ofSeconds(30), 2), Access.open(), List.of())) {
            List<Socket> idle = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                idle.add(new Socket(InetAddress.getLoopbackAddress(), door.source.port()));
            }
            for (Socket socket : idle) {
                socket.close();
            }
            assertThat(door.post("/a", JSON, "{}").statusCode()).isEqualTo(204);
        }
    }

    @Test
    void garbage_insteadOfHttp_isRefused() throws Exception {
        try (Door door = door(0);
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), door.source.port())) {
            socket.getOutputStream().write(new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, -4, 3, 3, '\r', '\n', '\r', '\n'});
            byte[] answer = socket.getInputStream().readAllBytes();
            assertThat(new String(answer, UTF_8))
                    .satisfiesAnyOf(
                            text -> assertThat(text).isEmpty(),
                            text -> assertThat(text).startsWith("HTTP/1.1 400"));
        }
    }
}
