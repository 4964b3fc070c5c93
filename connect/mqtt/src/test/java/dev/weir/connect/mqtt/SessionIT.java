package dev.weir.connect.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.connect.mqtt.Packet.ConnAck;
import dev.weir.connect.mqtt.Packet.Publish;
import dev.weir.engine.Command;
import dev.weir.runtime.Lane;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What outlives a connection.
@NullUnmarked
class SessionIT {
    private static final Properties LASTING =
            Properties.builder().number(Property.SESSION_EXPIRY_INTERVAL, 60).build();

    @RegisterExtension
    final Served served = new Served(options -> {
        options.queueMessages = 5;
        options.maxSessions = 3;
    });

    SessionIT() throws Exception {}

    private void publish(String topic, String payload, int qos) throws Exception {
        served.server.publish(topic, payload.getBytes(StandardCharsets.UTF_8), qos, false, null);
    }

    /// Connects with a lasting session, subscribes, and goes away.
    private void leave(String id, String filter, int qos) throws Exception {
        try (RawClient client = new RawClient(served.address(), Version.V5)) {
            client.connect(id, false, LASTING);
            client.subscribe(filter, qos);
            client.send(new Packet.Disconnect(Reason.SUCCESS, Properties.NONE));
            assertThat(client.receiveOrEnd()).isNull();
        }
        Served.await("it is away", () -> served.server.connections() == 0);
    }

    private RawClient back(String id, boolean present) throws Exception {
        RawClient client = new RawClient(served.address(), Version.V5);
        ConnAck answer = (ConnAck) client.connect(id, false, LASTING);
        assertThat(answer.sessionPresent()).isEqualTo(present);
        return client;
    }

    // MQTT-3.1.2-5, MQTT-3.2.2-3, MQTT-4.5.0-1
    @Test
    void connect_withEarlierSession_getsWhatWaited() throws Exception {
        leave("one", "t", 1);
        publish("t", "a", 1);
        publish("t", "lost", 0);
        publish("t", "b", 2);

        try (RawClient client = back("one", true)) {
            assertThat(RawClient.text(client.message())).isEqualTo("a");
            assertThat(RawClient.text(client.message())).isEqualTo("b");
            client.nothingElse();
        }
        assertThat(served.count("weir_mqtt_dropped offline")).isEqualTo(1);
    }

    // MQTT-3.1.2-4, MQTT-3.2.2-2
    @Test
    void connect_withCleanStart_throwsTheSessionAway() throws Exception {
        leave("one", "t", 1);
        publish("t", "a", 1);
        try (RawClient client = new RawClient(served.address(), Version.V5)) {
            ConnAck answer = (ConnAck) client.connect("one", true, LASTING);
            assertThat(answer.sessionPresent()).isFalse();
            client.nothingElse();
            publish("t", "b", 1);
            client.nothingElse();
        }
    }

    // MQTT-3.1.2-23
    @Normative(v5 = "4.1.0-2")
    @Test
    void connect_afterTheExpiry_findsNoSession() throws Exception {
        leave("one", "t", 1);
        served.skippedNanos.addAndGet(TimeUnit.SECONDS.toNanos(61));
        Served.await("it expired", () -> served.gauge("weir_mqtt_sessions") == 0);
        assertThat(served.gauge("weir_mqtt_subscriptions")).isZero();

        back("one", false).close();
    }

    // MQTT-4.4.0-1, MQTT-4.6.0-1: unacknowledged messages again, as duplicates, in their order
    @Test
    void connect_withUnacknowledgedMessages_getsThemAgainInOrder() throws Exception {
        leave("one", "t", 2);
        try (RawClient client = back("one", true)) {
            publish("t", "a", 1);
            publish("t", "b", 2);
            publish("t", "c", 1);
            Publish a = client.message();
            Publish b = client.message();
            client.message();
            assertThat(a.dup()).isFalse();
            client.ack(PacketType.PUBREC, b.packetId());
            assertThat(client.receive()).isEqualTo(Packet.Ack.of(PacketType.PUBREL, b.packetId()));
        }
        Served.await("it is away", () -> served.server.connections() == 0);
        try (RawClient client = back("one", true)) {
            Publish a = client.message();
            Packet b = client.receive();
            Publish c = client.message();

            assertThat(a.dup()).isTrue();
            assertThat(RawClient.text(a)).isEqualTo("a");
            assertThat(b).isInstanceOf(Packet.Ack.class);
            assertThat(b.type()).isEqualTo(PacketType.PUBREL);
            assertThat(RawClient.text(c)).isEqualTo("c");
            client.ack(PacketType.PUBACK, a.packetId()).ack(PacketType.PUBACK, c.packetId());
            client.ack(PacketType.PUBCOMP, ((Packet.Ack) b).packetId()).nothingElse();
        }
        assertThat(served.gauge("weir_mqtt_queued_bytes")).isZero();
    }

    @Test
    void deliver_toFullQueue_dropsTheOldestAndCounts() throws Exception {
        leave("one", "t", 1);
        for (int i = 0; i < 8; i++) {
            publish("t", "m" + i, 1);
        }
        List<String> got = new ArrayList<>();
        try (RawClient client = back("one", true)) {
            for (int i = 0; i < 5; i++) {
                got.add(RawClient.text(client.message()));
            }
            client.nothingElse();
        }
        assertThat(got).containsExactly("m3", "m4", "m5", "m6", "m7");
        assertThat(served.count("weir_mqtt_dropped oldest")).isEqualTo(3);
    }

    // MQTT-3.3.2-5
    @Test
    void execute_ofCommandForAbsentClient_waitsUntilItExpires() throws Exception {
        leave("fan", "cmd", 1);
        Instant now = Instant.now();
        Publisher publisher = new Publisher(() -> served.server, 1, false, InstantSource.fixed(now));
        publisher.execute(new Command("1", "r", "d", "cmd", "early", now.plusSeconds(5), Lane.ALARM));
        publisher.execute(new Command("2", "r", "d", "cmd", "late", now.plusSeconds(50), Lane.ALARM));
        served.skippedNanos.addAndGet(TimeUnit.SECONDS.toNanos(20));

        try (RawClient client = back("fan", true)) {
            Publish got = client.message();
            assertThat(RawClient.text(got)).isEqualTo("late");
            assertThat(got.properties().number(Property.MESSAGE_EXPIRY_INTERVAL, 0))
                    .isBetween(20L, 30L);
            client.nothingElse();
        }
        assertThat(served.count("weir_mqtt_dropped expired")).isEqualTo(1);
    }

    @Test
    void connect_beyondMaxSessions_dropsTheOneLongestAway() throws Exception {
        leave("one", "t", 1);
        leave("two", "t", 1);
        leave("three", "t", 1);
        leave("four", "t", 1);

        back("one", false).close();
        Served.await("it is away", () -> served.server.connections() == 0);
        back("three", true).close();
        Served.await("it is away again", () -> served.server.connections() == 0);
        back("four", true).close();
    }

    // MQTT-3.14.2-2: no expiry for a session that had none
    @Test
    void disconnect_withExpiryForSessionWithout_isAProtocolError() throws Exception {
        try (RawClient client = RawClient.connected(served.address(), Version.V5, "one")) {
            client.send(new Packet.Disconnect(Reason.SUCCESS, LASTING));

            assertThat(((Packet.Disconnect) client.receive()).reason()).isEqualTo(Reason.PROTOCOL_ERROR);
        }
    }
}
