package dev.weir.connect.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.connect.mqtt.Packet.ConnAck;
import dev.weir.connect.mqtt.Packet.Disconnect;
import dev.weir.engine.Meters;
import dev.weir.engine.config.HostPort;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// From CONNECT to the end of a connection. Comments name the statements of the standard.
@NullUnmarked
class ConnectIT {
    @RegisterExtension
    final Served served = new Served(options -> {
        options.maxConnections = 20;
        options.maxPacketBytes = 10_000;
        options.maxKeepAlive = Optional.of(Duration.ofMinutes(10));
        options.sessionExpiry = Duration.ofSeconds(100);
    });

    ConnectIT() throws Exception {}

    private static Packet.Will will(String topic, String payload, Properties properties) {
        return new Packet.Will(topic, payload.getBytes(java.nio.charset.StandardCharsets.UTF_8), 1, false, properties);
    }

    // MQTT-3.2.0-1, MQTT-3.2.2-1
    @Normative(
            v3 = {"3.2.0-1", "3.2.2-1"},
            v5 = {"3.2.0-1", "3.2.2-2"})
    @ParameterizedTest
    @EnumSource(Version.class)
    void connect_ofNewClient_isAcceptedWithoutSession(Version version) throws Exception {
        try (RawClient client = new RawClient(served.address(), version)) {
            ConnAck answer = (ConnAck) client.connect("one", true, Properties.NONE);

            assertThat(answer.reason()).isEqualTo(Reason.SUCCESS);
            assertThat(answer.sessionPresent()).isFalse();
        }
    }

    // MQTT-3.1.3-6, MQTT-3.2.2-16
    @Test
    void connect_withoutClientId_getsOne() throws Exception {
        try (RawClient client = new RawClient(served.address(), Version.V5)) {
            ConnAck answer = (ConnAck) client.connect("", true, Properties.NONE);

            assertThat(answer.properties().text(Property.ASSIGNED_CLIENT_IDENTIFIER))
                    .startsWith("weir-");
        }
    }

    // MQTT-3.1.3-8 of 3.1.1
    @Normative(v3 = {"3.1.3-8", "3.2.2-5"})
    @Test
    void connect_withoutClientIdButSessionToKeep_isRefused() throws Exception {
        try (RawClient client = new RawClient(served.address(), Version.V3_1_1)) {
            ConnAck answer = (ConnAck) client.connect("", false, Properties.NONE);

            assertThat(answer.reason()).isEqualTo(Reason.CLIENT_ID_NOT_VALID);
            assertThat(client.receiveOrEnd()).isNull();
        }
    }

    // MQTT-3.1.2-2: return code 1, then the end
    @Normative(v3 = "3.1.2-2", v5 = "3.1.2-2")
    @Test
    void connect_withUnknownLevel_isAnsweredWithItsCode() throws Exception {
        try (RawClient client = new RawClient(served.address(), Version.V3_1_1)) {
            client.sendHex("10 0d 0004 4d515454 09 02 0000 0001 61");

            assertThat(client.receive()).isEqualTo(new ConnAck(false, Reason.UNSUPPORTED_VERSION, Properties.NONE));
            assertThat(client.receiveOrEnd()).isNull();
        }
    }

    // MQTT-3.1.0-1
    @Test
    void connect_afterAnotherPacket_isClosedWithoutAnswer() throws Exception {
        try (RawClient client = new RawClient(served.address(), Version.V3_1_1)) {
            client.publish("a", "b", 0, 0);

            assertThat(client.receiveOrEnd()).isNull();
        }
        Served.await("it is counted", () -> served.count("weir_mqtt_connections_closed protocol-error") == 1);
    }

    // MQTT-4.12.0-1: an authentication method we do not have
    @Test
    void connect_withAuthenticationMethod_isRefused() throws Exception {
        Properties asked = Properties.builder()
                .text(Property.AUTHENTICATION_METHOD, "SCRAM")
                .build();
        try (RawClient client = new RawClient(served.address(), Version.V5)) {
            ConnAck answer = (ConnAck) client.connect("one", true, asked);

            assertThat(answer.reason()).isEqualTo(Reason.BAD_AUTHENTICATION_METHOD);
        }
    }

    // MQTT-3.1.2-21: the server's keep-alive; session expiry is cut to the server's
    @Normative(v5 = "3.1.2-22")
    @Test
    void connect_withLongKeepAliveAndExpiry_isToldOurs() throws Exception {
        Properties asked = Properties.builder()
                .number(Property.SESSION_EXPIRY_INTERVAL, 5000)
                .build();
        try (RawClient client = new RawClient(served.address(), Version.V5)) {
            ConnAck answer = (ConnAck) client.connect("one", true, 1000, null, asked);

            assertThat(answer.properties().number(Property.SERVER_KEEP_ALIVE, 0))
                    .isEqualTo(600);
            assertThat(answer.properties().number(Property.SESSION_EXPIRY_INTERVAL, 0))
                    .isEqualTo(100);
            assertThat(answer.properties().number(Property.MAXIMUM_PACKET_SIZE, 0))
                    .isEqualTo(10_000);
        }
    }

    // MQTT-3.1.2-22: one and a half times the keep-alive
    @Normative(v5 = "3.1.2-22")
    @Test
    void check_ofSilentClient_endsItAfterOneAndAHalfTimesItsKeepAlive() throws Exception {
        served.freeze();
        try (RawClient client = new RawClient(served.address(), Version.V5)) {
            client.connect("quiet", true, 100, null, Properties.NONE);
            served.skippedNanos.addAndGet(TimeUnit.SECONDS.toNanos(140));
            client.nothingElse();
            served.skippedNanos.addAndGet(TimeUnit.SECONDS.toNanos(151));

            assertThat(client.receive()).isEqualTo(new Disconnect(Reason.KEEP_ALIVE_TIMEOUT, Properties.NONE));
            assertThat(client.receiveOrEnd()).isNull();
        }
    }

    @Test
    void check_whileWeDoNotRead_doesNotCountAsSilence() throws Exception {
        try (RawClient client = new RawClient(served.address(), Version.V5)) {
            client.connect("held", true, 10, null, Properties.NONE);
            served.inlet.shut(true);
            client.publish("a", "1", 1, 1);
            Served.await(
                    "the message waits at the inlet", () -> served.count("weir_mqtt_packets_received publish") == 1);
            for (int i = 0; i < 3; i++) {
                served.skippedNanos.addAndGet(TimeUnit.SECONDS.toNanos(60));
                java.util.concurrent.locks.LockSupport.parkNanos(1_100_000_000L);
            }
            served.inlet.shut(false);

            assertThat(client.receive())
                    .isEqualTo(new Packet.Ack(PacketType.PUBACK, 1, Reason.SUCCESS, Properties.NONE));
        }
    }

    @Test
    void check_ofConnectionWithoutConnect_closesItAfterTheTimeout() throws Exception {
        try (RawClient client = new RawClient(served.address(), Version.V5)) {
            Served.await("it is accepted", () -> served.server.connections() == 1);
            served.skippedNanos.addAndGet(TimeUnit.SECONDS.toNanos(11));

            assertThat(client.receiveOrEnd()).isNull();
        }
    }

    // MQTT-3.1.4-3
    @Normative(
            v3 = "3.1.4-2",
            v5 = {"3.1.4-3", "3.14.2-1"})
    @ParameterizedTest
    @EnumSource(Version.class)
    void connect_ofSameClient_endsTheEarlierConnection(Version version) throws Exception {
        try (RawClient first = RawClient.connected(served.address(), version, "same");
                RawClient second = RawClient.connected(served.address(), version, "same")) {
            if (version == Version.V5) {
                assertThat(first.receive()).isEqualTo(new Disconnect(Reason.SESSION_TAKEN_OVER, Properties.NONE));
            }
            assertThat(first.receiveOrEnd()).isNull();
            second.nothingElse();
        }
    }

    @Test
    void connect_ofSameClientWhileTheInletBlocks_endsTheEarlierConnection() throws Exception {
        served.inlet.shut(true);
        try (RawClient first = RawClient.connected(served.address(), Version.V5, "same")) {
            first.publish("a", "1", 1, 1);
            Served.await(
                    "the message waits at the inlet", () -> served.count("weir_mqtt_packets_received publish") == 1);
            try (RawClient second = RawClient.connected(served.address(), Version.V5, "same")) {
                second.nothingElse();
            }
        }
        assertThat(served.inlet.count).as("an interrupted message is not taken").hasValue(0);
    }

    // MQTT-3.1.2-8, MQTT-3.1.2-10
    @ParameterizedTest
    @EnumSource(Version.class)
    void lose_ofClientWithWill_publishesItOnce(Version version) throws Exception {
        try (RawClient watcher = RawClient.connected(served.address(), version, "watcher")) {
            watcher.subscribe("wills/#", 1);
            try (RawClient client = new RawClient(served.address(), version)) {
                client.connect("mortal", true, 0, will("wills/mortal", "gone", Properties.NONE), Properties.NONE);
            }
            assertThat(RawClient.text(watcher.message())).isEqualTo("gone");
            assertThat(served.inlet.next().address()).isEqualTo("wills/mortal");
            watcher.ack(PacketType.PUBACK, 1).nothingElse();
        }
    }

    // MQTT-3.14.4-3
    @Test
    void disconnect_ofClientWithWill_discardsIt() throws Exception {
        try (RawClient watcher = RawClient.connected(served.address(), Version.V5, "watcher")) {
            watcher.subscribe("wills/#", 1);
            try (RawClient client = new RawClient(served.address(), Version.V5)) {
                client.connect("polite", true, 0, will("wills/polite", "gone", Properties.NONE), Properties.NONE);
                client.send(new Disconnect(Reason.SUCCESS, Properties.NONE));
                assertThat(client.receiveOrEnd()).isNull();
            }
            Served.await("it is gone", () -> served.server.connections() == 1);
            watcher.nothingElse();
        }
    }

    // MQTT-3.1.3-9: a client that is back before the delay is over is not mourned
    @Test
    void connect_withinTheWillDelay_takesTheWillBack() throws Exception {
        Properties delayed =
                Properties.builder().number(Property.WILL_DELAY_INTERVAL, 10).build();
        Properties lasting = Properties.builder()
                .number(Property.SESSION_EXPIRY_INTERVAL, 60)
                .build();
        try (RawClient watcher = RawClient.connected(served.address(), Version.V5, "watcher")) {
            watcher.subscribe("wills/#", 0);
            try (RawClient client = new RawClient(served.address(), Version.V5)) {
                client.connect("back", false, 0, will("wills/back", "first", delayed), lasting);
            }
            Served.await("it is away", () -> served.server.connections() == 1);
            try (RawClient client = new RawClient(served.address(), Version.V5)) {
                client.connect("back", false, 0, will("wills/back", "second", delayed), lasting);
            }
            Served.await("it is away again", () -> served.server.connections() == 1);
            served.skippedNanos.addAndGet(TimeUnit.SECONDS.toNanos(11));

            assertThat(RawClient.text(watcher.message())).isEqualTo("second");
        }
    }

    // MQTT-3.1.2-24 the other way round: what we announced holds
    @Test
    void send_ofTooLargePacket_isAnsweredWithItsReason() throws Exception {
        try (RawClient client = RawClient.connected(served.address(), Version.V5, "big")) {
            client.publish("a", "x".repeat(20_000), 0, 0);

            assertThat(((Disconnect) client.receive()).reason()).isEqualTo(Reason.PACKET_TOO_LARGE);
            assertThat(client.receiveOrEnd()).isNull();
        }
    }

    @Test
    void send_ofMuchMoreBehindAMistake_stillLetsTheClientReadWhatItWas() throws Exception {
        try (RawClient client = RawClient.connected(served.address(), Version.V5, "eager")) {
            client.sendHex("36 05 0001 61 0001");
            // The server closes with none of this unread: a reset would destroy the answer.
            client.sendHex("c0 00".repeat(60_000));

            assertThat(((Disconnect) client.receive()).reason()).isEqualTo(Reason.MALFORMED_PACKET);
            assertThat(client.receiveOrEnd()).isNull();
        }
    }

    // MQTT-4.8.0-1 of 3.1.1: nothing but the end
    @Test
    void send_ofMalformedPacketIn311_closesWithoutAnswer() throws Exception {
        try (RawClient client = RawClient.connected(served.address(), Version.V3_1_1, "bad")) {
            client.sendHex("36 05 0001 61 0001");

            assertThat(client.receiveOrEnd()).isNull();
        }
    }

    @Test
    void connect_beyondMaxConnections_isClosedAndCounted() throws Exception {
        RawClient[] clients = new RawClient[20];
        for (int i = 0; i < 20; i++) {
            clients[i] = RawClient.connected(served.address(), Version.V5, "c" + i);
        }
        try (RawClient extra = new RawClient(served.address(), Version.V5)) {
            assertThat(extra.receiveOrEnd()).isNull();
        }
        assertThat(served.count("weir_mqtt_connections_closed too-many-connections"))
                .isEqualTo(1);
        for (RawClient client : clients) {
            client.close();
        }
    }

    @Test
    void close_withClients_tellsThemAndEndsAllThreads() throws Exception {
        try (RawClient client = RawClient.connected(served.address(), Version.V5, "one")) {
            served.server.close();

            assertThat(client.receive()).isEqualTo(new Disconnect(Reason.SERVER_SHUTTING_DOWN, Properties.NONE));
            assertThat(client.receiveOrEnd()).isNull();
            assertThat(served.server.connections()).isZero();
        }
    }

    @Test
    void close_whileTheInletBlocks_returns() throws Exception {
        served.inlet.shut(true);
        try (RawClient client = RawClient.connected(served.address(), Version.V5, "one")) {
            client.publish("a", "1", 1, 1);
            Served.await(
                    "the message waits at the inlet", () -> served.count("weir_mqtt_packets_received publish") == 1);

            served.server.close();

            assertThat(served.server.connections()).isZero();
        }
    }

    @Test
    void open_ofTakenPort_saysWhatToDo() {
        HostPort taken = new HostPort("127.0.0.1", served.address().getPort());
        MqttServer second = new MqttServer("devices", MqttOptions.of(options -> options.listen = taken), Meters.none());

        assertThatThrownBy(() -> second.open(served.inlet))
                .isInstanceOf(IOException.class)
                .hasMessage(taken + " is taken by another process; stop it or choose another port under"
                        + " sources.devices.mqtt.listen");
        second.close();
    }
}
