package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Tool;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The C client of `examples/device-c`, compiled as its README says, against a node that stops and
/// comes back, and against servers that mean harm.
@Timeout(120)
class DeviceCIT {
    private static final Path SOURCES =
            Path.of("../examples/device-c").toAbsolutePath().normalize();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> STRICT =
            List.of("-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-Os", "-g");

    /// Short times, for a test.
    private static final String CONFIG = """
            #define WEIR_RING 32
            #define WEIR_WINDOW 8
            #define WEIR_PACKET 192
            #define WEIR_ANSWER_MS 300
            #define WEIR_WRITE_MS 1000
            #define WEIR_KEEP_ALIVE_S 1
            #define WEIR_BACKOFF_MS 20
            #define WEIR_BACKOFF_MAX_MS 200
            """;

    /// Ends the program if anything asks for memory, the C library included.
    private static final String NO_HEAP = """
            #include <stddef.h>
            #include <stdlib.h>
            void *malloc(size_t n) { (void)n; abort(); }
            void *calloc(size_t n, size_t s) { (void)n; (void)s; abort(); }
            void *realloc(void *p, size_t n) { (void)p; (void)n; abort(); }
            """;

    /// Forty messages for a ring of 32; sizes at and beyond the limit; packet ids that begin again.
    private static final String RING = """
            #include "weir.c"
            int main(void) {
                static struct weir w;
                static uint8_t payload[WEIR_PACKET];
                weir_begin(&w, "127.0.0.1", 1, "ring");
                w.next_id = 65530;
                for (uint8_t n = 0; n < 40; n++)
                    if (weir_publish(&w, "t", &n, 1) != 0) return 1;
                struct message *oldest = &w.ring[w.head];
                if (w.dropped != 8 || w.count != WEIR_RING) return 2;
                if (oldest->bytes[oldest->length - 1] != 8) return 3;
                for (unsigned i = 0; i < WEIR_RING; i++)
                    if (w.ring[i].id == 0) return 4;
                if (weir_publish(&w, "t", payload, WEIR_PACKET - 8) != 0) return 5;
                if (weir_publish(&w, "t", payload, WEIR_PACKET - 7) != -1) return 6;
                if (weir_publish(&w, "", payload, 1) != -1) return 7;
                if (weir_publish(&w, "t", payload, (size_t)-1) != -1) return 8;
                weir_turn(&w, 0);
                return w.count == WEIR_RING ? 0 : 9;
            }
            """;

    private static final String NODE = """
            node: c
            data: ${WEIR_DATA}
            sources: { devices: { mqtt: { listen: "127.0.0.1:PORT" } } }
            pipelines: { counted: { from: devices, topic: "c/{device}", decode: { raw: { field: n } }, to: store } }
            api: { listen: "127.0.0.1:0" }
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @BeforeEach
    void configure() throws IOException {
        Files.writeString(folder.resolve("config.h"), CONFIG);
    }

    private Path compile(String name, String... more) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(STRICT);
        arguments.addAll(List.of("-DWEIR_CONFIG=\"" + folder.resolve("config.h") + "\""));
        arguments.addAll(List.of(more));
        arguments.addAll(List.of(
                "-o",
                folder.resolve(name).toString(),
                SOURCES.resolve("device.c").toString()));
        Tool.Result result = Tool.require("gcc", "gcc").run(PATIENCE, arguments.toArray(String[]::new));
        assertThat(result.exitCode()).as(result.output()).isZero();
        return folder.resolve(name);
    }

    private Path sanitized() throws IOException, InterruptedException {
        return compile("device-sanitized", "-fsanitize=address,undefined", "-fno-sanitize-recover=all");
    }

    private static Process start(Path program, int port) throws IOException {
        return new ProcessBuilder(program.toString(), "-w", "127.0.0.1", String.valueOf(port), "dev1", "c/dev1")
                .redirectErrorStream(true)
                .start();
    }

    private static void write(Process device, int from, int to) throws IOException {
        OutputStream out = device.getOutputStream();
        for (int n = from; n < to; n++) {
            out.write((n + "\n").getBytes(StandardCharsets.UTF_8));
        }
        out.flush();
    }

    @Test
    void client_isShortAndNeedsNoHeap() throws Exception {
        assertThat(Files.readAllLines(SOURCES.resolve("weir.c"))).hasSizeLessThan(300);
        Path noHeap = Files.writeString(folder.resolve("noheap.c"), NO_HEAP);
        Path program = compile("device-noheap", noHeap.toString());
        Tool.Result names = Tool.require("nm", "binutils")
                .run(PATIENCE, "--undefined-only", compile("device").toString());
        assertThat(names.output()).contains("recv").doesNotContain("malloc", "calloc", "realloc", "strdup", "free@");
        try (Scripted server = new Scripted(Scripted::serve)) {
            Process device = start(program, server.port());
            write(device, 0, 50);
            device.getOutputStream().close();
            Tool.Result result = Tool.await(device, PATIENCE);
            assertThat(result.exitCode()).as(result.output()).isZero();
            assertThat(result.output()).contains("acknowledged=50 dropped=0");
        }
    }

    @Test
    void node_stoppedAndStartedInTheMiddle_hasEveryReadingInOrder() throws Exception {
        int port = NodeRig.freeTcp();
        String yaml = NODE.replace("PORT", String.valueOf(port));
        Process device = start(sanitized(), port);
        try {
            try (NodeRig first = NodeRig.open(folder, yaml)) {
                write(device, 0, 400);
                NodeRig.await(
                        "the last of them has come",
                        () -> first.get("/api/v1/latest").body().contains("399"));
                // These come while it stops, while it is away, and when it is back.
                write(device, 400, 700);
                assertThat(first.stop()).isEmpty();
            }
            write(device, 700, 710);
            try (NodeRig second = NodeRig.open(folder, yaml)) {
                write(device, 710, 1000);
                device.getOutputStream().close();
                Tool.Result result = Tool.await(device, PATIENCE);
                assertThat(result.exitCode()).as(result.output()).isZero();
                assertThat(result.output()).contains("acknowledged=1000 dropped=0", "violations=0");
                assertThat(second.stop()).isEmpty();
                List<Integer> stored = second.sql("select n from counted order by time").stream()
                        .map(row -> (int) Double.parseDouble(row.getFirst()))
                        .toList();
                assertThat(new LinkedHashSet<>(stored))
                        .containsExactlyElementsOf(
                                IntStream.range(0, 1000).boxed().toList());
            }
        } finally {
            device.destroyForcibly();
        }
    }

    @Test
    void server_thatSendsGarbage_isLeftAndTheNextOneServed() throws Exception {
        long seed = Long.getLong("weir.seed", System.nanoTime());
        System.out.println("DeviceCIT: weir.seed=" + seed);
        Random random = new Random(seed);
        byte[][] attacks = {
            {0x20, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x7F}, // 256 MB are announced
            {0x20, 2, 0, 0, 0x40, (byte) 0xFF, 1, 2, 3, 4, 5, 6, 7, 8, 9}, // a PUBACK of 255 bytes
            {0x20, 2, 0, 0, 0x40, 2, 0x77, 0x77, (byte) 0xD0, 0}, // of nothing; a PINGRESP for no PINGREQ
            {0x20, 2, 0, 0, 0x30, 5, 0, 1, 'a', 'b', 'c'}, // a PUBLISH to one who did not subscribe
            {0x40, 2, 0, 1}, // a PUBACK before the CONNACK
            {0x20, 2, 0, 0, 0x20, 2, 0, 0}, // greets twice
            {0x20, 2, 0, 5}, // refuses
            {0x20}, // and then nothing: the answer is too late
            {},
        };
        try (Scripted server = new Scripted((socket, number) -> {
            if (number < attacks.length) {
                Scripted.attack(socket, attacks[number]);
            } else if (number < attacks.length + 20) {
                byte[] noise = new byte[random.nextInt(1, 200)];
                random.nextBytes(noise);
                Scripted.attack(socket, noise);
            } else {
                Scripted.serve(socket, number);
            }
        })) {
            Process device = start(sanitized(), server.port());
            write(device, 0, 100);
            device.getOutputStream().close();
            Tool.Result result = Tool.await(device, PATIENCE);
            assertThat(result.exitCode()).as(result.output()).isZero();
            assertThat(result.output()).contains("acknowledged=100 dropped=0").doesNotContain("violations=0");
        }
    }

    @Test
    void ring_full_losesTheOldestAndCountsThem() throws Exception {
        Path test = Files.writeString(folder.resolve("ring.c"), RING);
        Path program = folder.resolve("ring");
        List<String> arguments = new ArrayList<>(STRICT);
        arguments.addAll(List.of("-fsanitize=address,undefined", "-fno-sanitize-recover=all"));
        arguments.addAll(List.of("-I", SOURCES.toString(), "-o", program.toString(), test.toString()));
        Tool.Result compiled = Tool.require("gcc", "gcc").run(PATIENCE, arguments.toArray(String[]::new));
        assertThat(compiled.exitCode()).as(compiled.output()).isZero();
        Tool.Result result = new Tool(program).run(PATIENCE);
        assertThat(result.exitCode()).as(result.output()).isZero();
    }

    /// A server of one conversation after the other.
    private static final class Scripted implements AutoCloseable {
        private final ServerSocket listening;
        private final Thread thread;

        @FunctionalInterface
        interface Conversation {
            void hold(Socket socket, int number) throws IOException;
        }

        Scripted(Conversation conversation) throws IOException {
            this(conversation, 0);
        }

        Scripted(Conversation conversation, int port) throws IOException {
            listening = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
            thread = Thread.ofVirtual().name("scripted-server").start(() -> run(conversation));
        }

        private void run(Conversation conversation) {
            for (int number = 0; !listening.isClosed(); number++) {
                try (Socket socket = listening.accept()) {
                    conversation.hold(socket, number);
                } catch (IOException ended) {
                    // The device went away, or the test is over.
                }
            }
        }

        int port() {
            return listening.getLocalPort();
        }

        /// Sends bytes, then reads until the device goes.
        static void attack(Socket socket, byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        }

        /// Acknowledges what comes.
        static void serve(Socket socket, int number) throws IOException {
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            for (int type = in.read(); type >= 0; type = in.read()) {
                int length = in.read();
                length = length < 128 ? length : length - 128 + 128 * in.read();
                byte[] rest = in.readNBytes(length);
                if (type == 0x10) {
                    out.write(new byte[] {0x20, 2, 0, 0});
                } else if ((type & 0xF0) == 0x30) {
                    int topic = rest[0] << 8 | rest[1];
                    out.write(new byte[] {0x40, 2, rest[2 + topic], rest[3 + topic]});
                } else if (type == 0xC0) {
                    out.write(new byte[] {(byte) 0xD0, 0});
                }
            }
        }

        @Override
        public void close() throws IOException {
            listening.close();
            thread.interrupt();
        }
    }
}
