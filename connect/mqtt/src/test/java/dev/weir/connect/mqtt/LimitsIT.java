package dev.weir.connect.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a listener's limits do to clients that reach them.
@NullUnmarked
class LimitsIT {
    private Served served;

    private void serve(Consumer<MqttOptions.Builder> changes) throws Exception {
        served = new Served(changes);
    }

    @AfterEach
    void close() {
        served.afterEach(null);
    }

    private RawClient connected(String id) throws Exception {
        return RawClient.connected(served.address(), Version.V5, id);
    }

    @Test
    void accept_beyondTheConnectRate_closesAndCounts() throws Exception {
        serve(options -> options.maxConnectRate = OptionalLong.of(2));
        served.freeze();
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            clients.add(new RawClient(served.address(), Version.V5));
        }

        Served.await(
                "all are in or out",
                () -> served.count("weir_mqtt_connections_closed connect-rate") + served.server.connections() == 10);
        assertThat(served.count("weir_mqtt_connections_closed connect-rate")).isEqualTo(8);
        served.skippedNanos.addAndGet(Duration.ofSeconds(1).toNanos());
        connected("later").close();
        for (RawClient client : clients) {
            client.close();
        }
    }

    @Test
    void connect_thatNeverComes_endsByTheConnectTimeout() throws Exception {
        serve(options -> options.maxConnections = 3000);
        List<RawClient> silent = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            silent.add(new RawClient(served.address(), Version.V5));
        }
        Served.await("all are in", () -> served.server.connections() == 1000);

        served.skippedNanos.addAndGet(Duration.ofSeconds(11).toNanos());

        Served.await("all are out", () -> served.server.connections() == 0);
        assertThat(served.count("weir_mqtt_connections_closed connect-timeout")).isEqualTo(1000);
        for (RawClient client : silent) {
            client.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"30e9, false", "40e9, true"})
    void check_ofAPacketThatDoesNotComeOn_endsTheConnectionInTime(double elapsed, boolean ends) throws Exception {
        serve(options -> {});
        served.freeze();
        try (RawClient client = connected("slow")) {
            // A PUBLISH of 200 bytes of which 10 have come: 30 s and 10/128 s more.
            long before = served.count("weir_mqtt_bytes_received");
            client.sendHex("30 c8 01 00 01 61 00 00 00 00");
            Served.await("they are read", () -> served.count("weir_mqtt_bytes_received") == before + 10);

            served.skippedNanos.addAndGet((long) elapsed - 2_000_000_000L);
            if (ends) {
                assertThat(((Packet.Disconnect) client.receive()).reason()).isEqualTo(Reason.KEEP_ALIVE_TIMEOUT);
                assertThat(served.count("weir_mqtt_connections_closed packet-timeout"))
                        .isEqualTo(1);
            } else {
                client.sendHex("00".repeat(193)).nothingElse();
            }
        }
    }

    @Test
    void read_ofOneByteAtATime_isCutAlthoughBytesCome() throws Exception {
        serve(options -> {});
        try (RawClient client = connected("slowloris")) {
            client.sendHex("30 ff 7f 00 01 61 00");
            for (int i = 0; i < 60 && served.server.connections() > 0; i++) {
                long before = served.count("weir_mqtt_bytes_received");
                try {
                    client.sendHex("00");
                } catch (java.io.IOException cut) {
                    break;
                }
                Served.await(
                        "the byte is read",
                        () -> served.count("weir_mqtt_bytes_received") > before || served.server.connections() == 0);
                served.skippedNanos.addAndGet(Duration.ofSeconds(1).toNanos());
            }

            Served.await("it is cut", () -> served.count("weir_mqtt_connections_closed packet-timeout") == 1);
        }
    }

    @ParameterizedTest
    @CsvSource({"1000, 100000", "100, 2000"})
    void publish_fasterThanTheRate_isReadMoreSlowlyAndLosesNothing(long messages, long bytes) throws Exception {
        serve(options -> {
            options.maxRate = OptionalLong.of(messages);
            options.maxBytesRate = OptionalLong.of(bytes);
        });
        served.inlet.keep = false;
        try (RawClient client = connected("flood")) {
            long begun = System.nanoTime();
            for (int i = 0; i < 200; i++) {
                client.publish("t", "x".repeat(12), 0, 0);
            }
            client.nothingElse();
            client.nothingElse(); // sent in answer to an answer, so it is read later
            double seconds = (System.nanoTime() - begun) / 1e9;

            assertThat(served.inlet.count).hasValue(200);
            assertThat(served.count("weir_mqtt_slowed_down") > 0).isEqualTo(messages == 100);
            assertThat(seconds).as("200 messages of 17 bytes").isGreaterThan(messages == 100 ? 0.6 : 0);
        }
    }

    @Test
    void connect_ofTwoClientsWithOneId_slowsTheQuarrelDown() throws Exception {
        serve(options -> {});
        served.freeze();
        List<RawClient> clients = new ArrayList<>();
        int refused = 0;
        for (int i = 0; i < 8; i++) {
            RawClient client = new RawClient(served.address(), Version.V5);
            clients.add(client);
            Packet.ConnAck answer = (Packet.ConnAck) client.connect("same", true, Properties.NONE);
            refused += answer.reason() == Reason.CONNECTION_RATE_EXCEEDED ? 1 : 0;
        }

        assertThat(refused).isEqualTo(2);
        assertThat(served.count("weir_mqtt_connections_closed session-taken-over"))
                .isEqualTo(5);
        clients.get(5).nothingElse();
        for (RawClient client : clients) {
            client.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Limits.Overflow.class)
    void deliver_toAFullQueue_doesWhatThePolicySays(Limits.Overflow overflow) throws Exception {
        serve(options -> {
            options.queueMessages = 3;
            options.maxInFlight = 1;
            options.overflow = overflow;
        });
        try (RawClient slow = connected("slow")) {
            slow.subscribe("t", 1);
            served.server.publish("t", new byte[] {'0'}, 1, false, null);
            Packet.Publish first = slow.message();
            for (char c = '1'; c <= '5'; c++) {
                served.server.publish("t", new byte[] {(byte) c}, 1, false, null);
            }
            StringBuilder got = new StringBuilder();
            slow.ack(PacketType.PUBACK, first.packetId());
            for (int i = 0; i < 3 && overflow != Limits.Overflow.DISCONNECT; i++) {
                Packet.Publish next = slow.message();
                got.append(RawClient.text(next));
                slow.ack(PacketType.PUBACK, next.packetId());
            }

            switch (overflow) {
                case DROP_OLDEST -> assertThat(got).hasToString("345");
                case DROP_NEWEST -> assertThat(got).hasToString("123");
                case DISCONNECT -> {
                    Packet last = slow.receive();
                    while (last instanceof Packet.Publish) {
                        last = slow.receive();
                    }
                    assertThat(((Packet.Disconnect) last).reason()).isEqualTo(Reason.QUOTA_EXCEEDED);
                }
            }
        }
    }

    @Normative(v5 = "3.2.2-9")
    @Test
    void publish_withHigherQosThanAllowed_endsTheConnection() throws Exception {
        serve(options -> options.maxQos = 1);
        try (RawClient client = new RawClient(served.address(), Version.V5)) {
            Packet.ConnAck told = (Packet.ConnAck) client.connect("one", true, Properties.NONE);
            assertThat(told.properties().number(Property.MAXIMUM_QOS, -1)).isEqualTo(1);

            client.publish("t", "x", 2, 1);

            assertThat(((Packet.Disconnect) client.receive()).reason()).isEqualTo(Reason.QOS_NOT_SUPPORTED);
        }
    }

    @Normative(v5 = {"3.2.2-12", "3.2.2-13"})
    @ParameterizedTest
    @CsvSource({"2, false, QOS_NOT_SUPPORTED", "1, true, RETAIN_NOT_SUPPORTED", "1, false, SUCCESS"})
    void connect_withWillBeyondWhatIsSupported_isRefused(int qos, boolean retain, Reason reason) throws Exception {
        serve(options -> {
            options.maxQos = 1;
            options.retainedMessages = 0;
        });
        try (RawClient client = new RawClient(served.address(), Version.V5)) {
            Packet.Will will = new Packet.Will("wills/one", new byte[1], qos, retain, Properties.NONE);

            assertThat(client.connect("one", true, 0, will, Properties.NONE))
                    .isInstanceOfSatisfying(
                            Packet.ConnAck.class,
                            answer -> assertThat(answer.reason()).isEqualTo(reason));
        }
    }

    @Normative(v5 = "3.2.2-10")
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void subscribe_whereNoHigherQosIsPublished_isAccepted(int qos) throws Exception {
        serve(options -> options.maxQos = 0);
        try (RawClient client = connected("one")) {
            assertThat(client.subscribe("t", qos).reasons()).containsExactly(Reason.granted(qos));
            client.publish("t", "x", 0, 0);

            assertThat(client.message().qos()).isZero();
        }
    }

    @Test
    void publish_retainedWhereNothingIsRetained_endsTheConnection() throws Exception {
        serve(options -> options.retainedMessages = 0);
        try (RawClient client = new RawClient(served.address(), Version.V5)) {
            Packet.ConnAck told = (Packet.ConnAck) client.connect("one", true, Properties.NONE);
            assertThat(told.properties().number(Property.RETAIN_AVAILABLE, -1)).isZero();

            client.send(RawClient.publishing(false, "t", "x", 1, 1, true, Properties.NONE));

            assertThat(((Packet.Disconnect) client.receive()).reason()).isEqualTo(Reason.RETAIN_NOT_SUPPORTED);
        }
    }

    @ParameterizedTest
    @CsvSource({"true, PAYLOAD_FORMAT_INVALID", "false, NO_MATCHING_SUBSCRIBERS"})
    void publish_ofWhatIsNoText_isRefusedIfItIsChecked(boolean checked, Reason reason) throws Exception {
        serve(options -> options.checkPayloadFormat = checked);
        served.inlet.receipt = dev.weir.engine.Receipt.UNMATCHED;
        try (RawClient client = connected("one")) {
            Properties text = Properties.builder()
                    .number(Property.PAYLOAD_FORMAT_INDICATOR, 1)
                    .build();
            client.send(new Packet.Publish(false, 1, false, "t", 9, text, new byte[] {(byte) 0xc3}, 0, 1));

            assertThat(((Packet.Ack) client.receive()).reason()).isEqualTo(reason);
        }
    }

    @Test
    void connect_withWillsBeyondTheBudget_isRefusedUntilOneIsGone() throws Exception {
        serve(options -> options.queueBytesInAll = 100_000);
        Packet.Will will = new Packet.Will("wills/one", new byte[60_000], 0, false, Properties.NONE);
        try (RawClient first = new RawClient(served.address(), Version.V5);
                RawClient second = new RawClient(served.address(), Version.V5)) {
            assertThat(reason(first.connect("first", true, 0, will, Properties.NONE)))
                    .isEqualTo(Reason.SUCCESS);
            assertThat(reason(second.connect("second", true, 0, will, Properties.NONE)))
                    .isEqualTo(Reason.QUOTA_EXCEEDED);
            first.send(new Packet.Disconnect(Reason.SUCCESS, Properties.NONE));
            assertThat(first.receiveOrEnd()).isNull();
        }
        Served.await("both have left", () -> served.server.connections() == 0);
        try (RawClient third = new RawClient(served.address(), Version.V5)) {
            assertThat(reason(third.connect("third", true, 0, will, Properties.NONE)))
                    .isEqualTo(Reason.SUCCESS);
        }
    }

    @Test
    void connect_withADelayedWill_keepsItsBytesUntilItIsPublished() throws Exception {
        serve(options -> options.queueBytesInAll = 100_000);
        Properties delay =
                Properties.builder().number(Property.WILL_DELAY_INTERVAL, 10).build();
        Properties lasting = Properties.builder()
                .number(Property.SESSION_EXPIRY_INTERVAL, 60)
                .build();
        Packet.Will will = new Packet.Will("wills/one", new byte[60_000], 0, false, delay);
        try (RawClient first = new RawClient(served.address(), Version.V5)) {
            assertThat(reason(first.connect("first", false, 0, will, lasting))).isEqualTo(Reason.SUCCESS);
        }
        Served.await("it has left", () -> served.server.connections() == 0);
        try (RawClient second = new RawClient(served.address(), Version.V5)) {
            assertThat(reason(second.connect("second", true, 0, will, Properties.NONE)))
                    .isEqualTo(Reason.QUOTA_EXCEEDED);
        }
        served.skippedNanos.addAndGet(Duration.ofSeconds(11).toNanos());
        Served.await("the will is published", () -> {
            try (RawClient third = new RawClient(served.address(), Version.V5)) {
                return reason(third.connect("third", true, 0, will, Properties.NONE)) == Reason.SUCCESS;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void connect_whenAllSessionsThereMayBeAreConnected_isRefused() throws Exception {
        serve(options -> options.maxSessions = 2);
        try (RawClient first = connected("first");
                RawClient second = connected("second");
                RawClient third = new RawClient(served.address(), Version.V5)) {
            assertThat(reason(third.connect("third", true, 0, null, Properties.NONE)))
                    .isEqualTo(Reason.QUOTA_EXCEEDED);
            first.send(new Packet.Disconnect(Reason.SUCCESS, Properties.NONE));
            Served.await("one is gone", () -> served.server.connections() == 1);
            try (RawClient again = new RawClient(served.address(), Version.V5)) {
                assertThat(reason(again.connect("third", true, 0, null, Properties.NONE)))
                        .isEqualTo(Reason.SUCCESS);
            }
            second.send(new Packet.PingReq());
            assertThat(second.receive()).isInstanceOf(Packet.PingResp.class);
        }
    }

    private static Reason reason(Packet answer) {
        return ((Packet.ConnAck) answer).reason();
    }
}
