package dev.weir.connect.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.engine.Reading;
import dev.weir.engine.Schema;
import dev.weir.runtime.Lane;
import dev.weir.testkit.Eventually;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Servers that answer what is no HTTP.
@Timeout(60)
class MalformedAnswersIT {
    private static final int POSTS = 20;

    /// Answers and says that it has finished, then waits for the client to do so too.
    private static final class Babbler implements AutoCloseable {
        final AtomicInteger accepted = new AtomicInteger();
        final AtomicInteger hungUp = new AtomicInteger();
        private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final byte[] answer;

        Babbler(String answer) throws IOException {
            this.answer = answer.getBytes(StandardCharsets.ISO_8859_1);
            Thread.ofVirtual().name("babbler").start(() -> {
                try {
                    while (true) {
                        Socket socket = door.accept();
                        accepted.incrementAndGet();
                        Thread.ofVirtual().name("babbles").start(() -> serve(socket));
                    }
                } catch (IOException e) {
                    // The door is shut.
                }
            });
        }

        private void serve(Socket socket) {
            try (socket) {
                InputStream in = socket.getInputStream();
                byte[] some = new byte[8192];
                if (in.read(some) > 0) {
                    socket.getOutputStream().write(answer);
                    socket.shutdownOutput();
                }
                while (in.read(some) >= 0) {
                    // until the client hangs up
                }
                hungUp.incrementAndGet();
            } catch (IOException e) {
                hungUp.incrementAndGet(); // it has reset the connection
            }
        }

        @Override
        public void close() throws IOException {
            door.close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "what?\r\n",
                "HTTP/9.9 999 X\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
                "HTTP/1.1 200",
                ""
            })
    void write_malformedAnswer_fails_andLeavesNoConnectionOpen(String answer) throws Exception {
        try (Babbler server = new Babbler(answer)) {
            String url = "http://127.0.0.1:" + server.door.getLocalPort() + "/";
            var options = new WebhookOptions(url, Map.of(), Duration.ofSeconds(20), 1, Duration.ofSeconds(20), false);
            var reading = new Reading(new Schema("climate"), "m1", 0, 1_000_000_000, "s", 1, 1, Lane.SAMPLE);
            try (WebhookSink sink = new WebhookSink(options, "node-1", "erp")) {
                sink.open();
                for (int i = 0; i < POSTS; i++) {
                    assertThatThrownBy(() -> sink.write(List.of(reading))).isInstanceOf(IOException.class);
                }
                Eventually.until("all connections are closed", () -> server.hungUp.get() == server.accepted.get());
            }
            assertThat(server.accepted.get()).isGreaterThanOrEqualTo(POSTS);
        }
    }
}
