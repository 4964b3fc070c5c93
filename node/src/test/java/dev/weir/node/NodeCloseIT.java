package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.connect.mqtt.MqttClient;
import dev.weir.engine.Actuator;
import dev.weir.engine.Command;
import dev.weir.engine.Inlet;
import dev.weir.engine.Source;
import dev.weir.engine.flow.CommandOutcome;
import dev.weir.engine.flow.LiveEvent;
import dev.weir.engine.flow.Vigilance;
import dev.weir.runtime.Lane;
import dev.weir.runtime.inspect.Dump;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A node stops although parts of it hang: what hangs is named, all else is closed.
@Timeout(60)
class NodeCloseIT {
    private static final int READINGS = 50;
    private static final Duration DRAIN = Duration.ofSeconds(20);
    private static final Shutdown.Times SHORT = new Shutdown.Times(
            Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofSeconds(10));

    private static final Command COMMAND =
            new Command("c1", "hot", "t1", "t/t1/set", "on", Instant.MAX, Lane.SAMPLE, null);

    private static final String CONFIG = """
            node: closing
            memory: 256MiB
            data: ${WEIR_DATA}
            sources:
              devices: { mqtt: { listen: "127.0.0.1:${WEIR_MQTT_PORT}" } }
              stubborn: { coap: { listen: "127.0.0.1:${WEIR_COAP_PORT}" } }
            pipelines:
              climate: { from: [devices, stubborn], topic: "t/{device}", fields: { seq: { type: long } }, to: store }
            api: { listen: "127.0.0.1:${WEIR_HTTP_PORT}" }
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private final CountDownLatch end = new CountDownLatch(1);

    /// Hangs in its close, whoever interrupts it.
    private final class Stubborn implements Source, Actuator {
        @Override
        public void open(Inlet inlet) {}

        @Override
        public void execute(Command command) {}

        @Override
        public void close() {
            while (end.getCount() > 0) {
                Thread.onSpinWait();
            }
        }
    }

    @AfterEach
    void release() {
        end.countDown();
    }

    private NodeRig open(Consumer<NodePlan> change) throws Exception {
        return NodeRig.open(folder, CONFIG, Vigilance.standard(), plan -> {
            plan.times(SHORT);
            change.accept(plan);
        });
    }

    private static void publish(NodeRig rig) throws Exception {
        try (MqttClient device = rig.connect("t1")) {
            for (int i = 0; i < READINGS; i++) {
                device.publish("t/t1", ("{\"seq\":" + i + "}").getBytes(StandardCharsets.UTF_8), 1, false);
            }
            assertThat(device.awaitAcknowledged(Duration.ofSeconds(30))).isTrue();
        }
    }

    /// What was acknowledged is stored, and nobody can come in any more; the folder is free.
    private void assertAllElseIsClosed(NodeRig rig) throws Exception {
        assertThat(rig.sql("select count(*) from climate")).containsExactly(List.of(String.valueOf(READINGS)));
        assertThat(rig.data().resolve("store.db-wal")).doesNotExist();
        URI url = rig.node().url();
        for (int port : new int[] {rig.mqtt().getPort(), url.getPort()}) {
            Assertions.assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
                    .isInstanceOf(ConnectException.class);
        }
        end.countDown();
        NodeRig.open(folder, CONFIG).close();
    }

    @Test
    void close_withASourceWhoseCloseHangs_namesItAndClosesTheRest() throws Exception {
        NodeRig rig = open(plan -> plan.sources().put("stubborn", new Stubborn()));
        publish(rig);
        assertThat(rig.node().close(DRAIN))
                .extracting(Unstopped::toString)
                .containsExactly("sources: source/stubborn did not end");
        assertAllElseIsClosed(rig);
    }

    @Test
    void close_withAnActuatorWhoseCloseHangs_namesItAndClosesTheRest() throws Exception {
        NodeRig rig = open(plan -> plan.actuators().all().put("horn", new Stubborn()));
        publish(rig);
        assertThat(rig.node().close(Duration.ofMillis(500))).singleElement().satisfies(left -> {
            assertThat(left.level()).isEqualTo("actuators");
            assertThat(left.part()).isEqualTo("horn");
            assertThat(left.why()).contains("Stubborn.close", "left behind");
        });
        assertAllElseIsClosed(rig);
    }

    @Test
    void close_withAWebSocketClientThatNeverReads_closesTheApiAndTheRest() throws Exception {
        NodeRig rig = open(_ -> {});
        publish(rig);
        try (Socket client = follow(rig.node().url())) {
            LiveEvent large = new LiveEvent.Commanded(COMMAND, CommandOutcome.DONE, "x".repeat(100_000));
            AtomicInteger published = new AtomicInteger();
            NodeRig.await("the node waits for its client", () -> {
                rig.node().live().publish(large);
                // More than what the system keeps for a connection.
                return published.incrementAndGet() > 200 && isWriting();
            });
            assertThat(rig.node().close(Duration.ofSeconds(2))).isEmpty();
            assertThat(client.isClosed()).isFalse();
        }
        assertAllElseIsClosed(rig);
    }

    private static boolean isWriting() {
        return Dump.take(1_000, 32).threads().stream()
                .filter(thread -> thread.name().startsWith("weir-live"))
                .anyMatch(thread -> thread.stack().stream()
                        .anyMatch(frame -> frame.getMethodName().equals("await")));
    }

    /// A client that follows live events, and reads none.
    private static Socket follow(URI url) throws Exception {
        Socket client = new Socket();
        client.setReceiveBufferSize(4_096);
        client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), url.getPort()));
        String request = String.join(
                "\r\n",
                "GET /api/v1/live HTTP/1.1",
                "Host: localhost:" + url.getPort(),
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "",
                "");
        client.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        byte[] status = client.getInputStream().readNBytes(12);
        assertThat(new String(status, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 101");
        return client;
    }
}
