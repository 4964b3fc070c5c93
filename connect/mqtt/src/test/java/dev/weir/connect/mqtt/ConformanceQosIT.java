package dev.weir.connect.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.connect.mqtt.Packet.Ack;
import dev.weir.connect.mqtt.Packet.Publish;
import dev.weir.engine.Receipt;
import dev.weir.testkit.RecordingInlet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Chapters 4.3 to 4.6: the exchanges of QoS 1 and 2, sending again, and order.
@NullUnmarked
class ConformanceQosIT {
    @RegisterExtension
    final Served served = Served.withDefaults();

    ConformanceQosIT() throws Exception {}

    private RawClient lasting(Version version, String id) throws Exception {
        return RawClient.lasting(served.address(), version, id, false);
    }

    private void publish(String topic, String payload, int qos) throws Exception {
        served.server.publish(topic, payload.getBytes(StandardCharsets.UTF_8), qos, false, null);
    }

    private void awaitNobody() throws Exception {
        Served.await("nobody is connected", () -> served.server.connections() == 0);
    }

    // --- the server sends ------------------------------------------------------------------------------

    @Normative(
            v3 = {"2.3.1-4", "4.3.2-1", "4.3.3-1"},
            v5 = {"2.2.1-4", "4.3.2-1", "4.3.2-2", "4.3.3-1", "4.3.3-2"})
    @ParameterizedTest
    @CsvSource({"V3_1_1,1", "V3_1_1,2", "V5,1", "V5,2"})
    void deliver_ofSeveralMessages_givesEachAnUnusedIdentifier(Version version, int qos) throws Exception {
        try (RawClient client = lasting(version, "one")) {
            client.subscribe("t", 2);
            Set<Integer> used = new HashSet<>();
            for (int i = 0; i < 20; i++) {
                publish("t", "m" + i, qos);
                Publish got = client.message();
                assertThat(got.dup()).isFalse();
                assertThat(got.packetId()).isPositive();
                used.add(got.packetId());
            }
            assertThat(used).hasSize(20);
        }
    }

    @Normative(
            v3 = {"3.3.1-1", "4.3.2-1", "4.4.0-1", "4.6.0-1"},
            v5 = {"3.3.1-1", "4.3.2-3", "4.3.3-3", "4.4.0-1"})
    @ParameterizedTest
    @EnumSource(Version.class)
    void reconnect_withUnacknowledgedMessages_bringsThemAgainInOrder(Version version) throws Exception {
        List<Publish> first = new ArrayList<>();
        try (RawClient client = lasting(version, "one")) {
            client.subscribe("t", 2);
            for (int i = 0; i < 4; i++) {
                publish("t", "m" + i, 1 + i % 2);
                first.add(client.message());
            }
            client.ack(PacketType.PUBACK, first.removeFirst().packetId());
            client.nothingElse();
        }
        awaitNobody();
        try (RawClient client = lasting(version, "one")) {
            for (Publish earlier : first) {
                Publish again = client.message();
                assertThat(again.dup()).isTrue();
                assertThat(again.packetId()).isEqualTo(earlier.packetId());
                assertThat(RawClient.text(again)).isEqualTo(RawClient.text(earlier));
            }
            client.nothingElse();
        }
    }

    @Normative(v5 = "4.4.0-1")
    @ParameterizedTest
    @EnumSource(Version.class)
    void wait_withUnacknowledgedMessage_doesNotSendItAgain(Version version) throws Exception {
        try (RawClient client = lasting(version, "one")) {
            client.subscribe("t", 1);
            publish("t", "x", 1);
            client.message();
            served.skippedNanos.addAndGet(TimeUnit.MINUTES.toNanos(10));

            client.nothingElse();
        }
    }

    @Normative(
            v3 = {"4.3.3-1", "4.4.0-1", "4.6.0-4"},
            v5 = {"3.6.2-1", "4.3.3-4", "4.3.3-5", "4.3.3-6", "4.4.0-1"})
    @ParameterizedTest
    @EnumSource(Version.class)
    void receive_ofPubrec_sendsPubrelUntilPubcomp(Version version) throws Exception {
        Publish a;
        Publish b;
        try (RawClient client = lasting(version, "one")) {
            client.subscribe("t", 2);
            publish("t", "a", 2);
            publish("t", "b", 2);
            a = client.message();
            b = client.message();
            client.ack(PacketType.PUBREC, a.packetId()).ack(PacketType.PUBREC, b.packetId());
            assertThat(client.receive()).isEqualTo(Ack.of(PacketType.PUBREL, a.packetId()));
            assertThat(client.receive()).isEqualTo(Ack.of(PacketType.PUBREL, b.packetId()));
            client.ack(PacketType.PUBCOMP, a.packetId()).nothingElse();
        }
        awaitNobody();
        try (RawClient client = lasting(version, "one")) {
            assertThat(client.receive()).isEqualTo(Ack.of(PacketType.PUBREL, b.packetId()));
            client.ack(PacketType.PUBCOMP, b.packetId()).nothingElse();
        }
        assertThat(served.gauge("weir_mqtt_queued_bytes")).isZero();
    }

    @Normative(v5 = "4.3.3-7")
    @Test
    void reconnect_afterTheExpiryOfASentMessage_completesIt() throws Exception {
        Properties soon =
                Properties.builder().number(Property.MESSAGE_EXPIRY_INTERVAL, 5).build();
        try (RawClient client = lasting(Version.V5, "one")) {
            client.subscribe("t", 2);
            client.send(RawClient.publishing(false, "t", "x", 2, 1, false, soon));
            List<Packet> both = List.of(client.receive(), client.receive());
            assertThat(both).hasAtLeastOneElementOfType(Publish.class);
        }
        awaitNobody();
        served.skippedNanos.addAndGet(TimeUnit.SECONDS.toNanos(10));
        try (RawClient client = lasting(Version.V5, "one")) {
            Publish again = client.message();
            assertThat(again.dup()).isTrue();
            client.ack(PacketType.PUBREC, again.packetId());
            assertThat(client.receive()).isEqualTo(Ack.of(PacketType.PUBREL, again.packetId()));
        }
    }

    @Normative(v5 = "4.4.0-2")
    @ParameterizedTest
    @CsvSource({"1,PUBACK", "2,PUBREC"})
    void receive_ofAcknowledgementWithError_endsTheMessage(int qos, PacketType type) throws Exception {
        try (RawClient client = lasting(Version.V5, "one")) {
            client.subscribe("t", 2);
            publish("t", "x", qos);
            int id = client.message().packetId();
            client.send(new Ack(type, id, Reason.QUOTA_EXCEEDED, Properties.NONE))
                    .nothingElse();
        }
        awaitNobody();
        try (RawClient client = lasting(Version.V5, "one")) {
            client.nothingElse();
        }
    }

    // --- the server receives ------------------------------------------------------------------------------

    @Normative(
            v3 = "4.3.2-2",
            v5 = {"4.3.2-4", "4.3.2-5"})
    @ParameterizedTest
    @EnumSource(Version.class)
    void publish_withIdentifierOfAcknowledgedQos1_isANewMessage(Version version) throws Exception {
        try (RawClient client = lasting(version, "one")) {
            for (int i = 1; i <= 2; i++) {
                client.send(RawClient.publishing(i == 2, "t", "m" + i, 1, 7, false, Properties.NONE));
                assertThat(client.receive()).isEqualTo(Ack.of(PacketType.PUBACK, 7));
            }
        }
        assertThat(served.inlet.texts(2)).containsExactly("m1", "m2");
    }

    @Normative(v5 = "4.3.2-4")
    @ParameterizedTest
    @EnumSource(Version.class)
    void publish_thatIsNotSettled_isNotAcknowledged(Version version) throws Exception {
        served.inlet.settleAtOnce = false;
        try (RawClient client = lasting(version, "one")) {
            client.publish("t", "x", 1, 7);
            RecordingInlet.Taken taken = served.inlet.next();
            client.nothingElse();
            taken.ack().settle(Receipt.ACCEPTED);

            assertThat(client.receive()).isEqualTo(Ack.of(PacketType.PUBACK, 7));
        }
    }

    @Normative(
            v3 = "4.3.3-2",
            v5 = {"4.3.3-8", "4.3.3-10", "4.3.3-11", "4.3.3-12"})
    @ParameterizedTest
    @EnumSource(Version.class)
    void publish_withQos2BeforeItsRelease_isHandedOnOnce(Version version) throws Exception {
        try (RawClient client = lasting(version, "one")) {
            client.publish("t", "m1", 2, 7);
            assertThat(client.receive()).isEqualTo(Ack.of(PacketType.PUBREC, 7));
        }
        awaitNobody();
        try (RawClient client = lasting(version, "one")) {
            client.send(RawClient.publishing(true, "t", "m1", 2, 7, false, Properties.NONE));
            assertThat(client.receive()).isEqualTo(Ack.of(PacketType.PUBREC, 7));
            client.ack(PacketType.PUBREL, 7);
            assertThat(client.receive()).isEqualTo(Ack.of(PacketType.PUBCOMP, 7));
            client.publish("t", "m2", 2, 7);
            assertThat(client.receive()).isEqualTo(Ack.of(PacketType.PUBREC, 7));
        }
        assertThat(served.inlet.texts(2)).containsExactly("m1", "m2");
        assertThat(served.inlet.count).hasValue(2);
    }

    @Normative(v5 = "4.3.3-9")
    @Test
    void publish_withIdentifierOfRefusedQos2_isANewMessage() throws Exception {
        served.inlet.receipt = new Receipt.Undecodable("decode", "no");
        try (RawClient client = lasting(Version.V5, "one")) {
            client.publish("t", "m1", 2, 7);
            assertThat(client.receive())
                    .isInstanceOfSatisfying(
                            Ack.class, it -> assertThat(it.reason()).isEqualTo(Reason.PAYLOAD_FORMAT_INVALID));
            served.inlet.receipt = Receipt.ACCEPTED;
            client.publish("t", "m2", 2, 7);
            assertThat(client.receive()).isEqualTo(Ack.of(PacketType.PUBREC, 7));
        }
        assertThat(served.inlet.texts(2)).containsExactly("m1", "m2");
    }

    @Normative(v5 = "4.3.3-13")
    @Test
    void release_afterTheExpiry_completesTheExchange() throws Exception {
        Properties soon =
                Properties.builder().number(Property.MESSAGE_EXPIRY_INTERVAL, 5).build();
        try (RawClient client = lasting(Version.V5, "one")) {
            client.send(RawClient.publishing(false, "t", "x", 2, 7, false, soon));
            assertThat(client.receive()).isEqualTo(Ack.of(PacketType.PUBREC, 7));
            served.skippedNanos.addAndGet(TimeUnit.SECONDS.toNanos(10));
            client.ack(PacketType.PUBREL, 7);

            assertThat(client.receive()).isEqualTo(Ack.of(PacketType.PUBCOMP, 7));
        }
    }

    // --- order -------------------------------------------------------------------------------------------------

    @Normative(v3 = {"4.6.0-2", "4.6.0-3"})
    @Test
    void settle_inAnotherOrder_acknowledgesInOrderOfArrival() throws Exception {
        served.inlet.settleAtOnce = false;
        try (RawClient client = lasting(Version.V3_1_1, "one")) {
            List<RecordingInlet.Taken> taken = new ArrayList<>();
            for (int id = 1; id <= 6; id++) {
                client.publish("t", "x", 1 + id % 2, id);
                taken.add(served.inlet.next());
            }
            taken.reversed().forEach(it -> it.ack().settle(Receipt.ACCEPTED));
            for (int id = 1; id <= 6; id++) {
                assertThat(((Ack) client.receive()).packetId()).isEqualTo(id);
            }
        }
    }

    @Normative(
            v3 = {"4.6.0-5", "4.6.0-6"},
            v5 = {"4.6.0-5", "4.6.0-6"})
    @ParameterizedTest
    @CsvSource({"V3_1_1,0", "V3_1_1,1", "V3_1_1,2", "V5,0", "V5,1", "V5,2"})
    void deliver_ofOneClientsMessages_keepsTheirOrder(Version version, int qos) throws Exception {
        try (RawClient to = lasting(version, "to");
                RawClient from = lasting(version, "from")) {
            to.subscribe("+/x", 2);
            for (int i = 1; i <= 50; i++) {
                from.publish("t/x", "m" + i, qos, i);
            }
            for (int i = 1; i <= 50; i++) {
                assertThat(RawClient.text(to.message())).isEqualTo("m" + i);
            }
        }
    }
}
