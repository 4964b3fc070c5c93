package dev.weir.connect.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.connect.mqtt.Packet.Ack;
import dev.weir.connect.mqtt.Packet.Disconnect;
import dev.weir.engine.Receipt;
import dev.weir.testkit.RecordingInlet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Messages from clients: what reaches the inlet, and how they are acknowledged.
@NullUnmarked
class PublishIT {
    @RegisterExtension
    final Served served = new Served(options -> {
        options.receiveMaximum = 10;
        options.topicAliases = 4;
        options.maxTopicLevels = 5;
    });

    PublishIT() throws Exception {}

    private static Ack ack(PacketType type, int id, Reason reason) {
        return new Ack(type, id, reason, Properties.NONE);
    }

    // MQTT-4.3.2-2 and -4, MQTT-4.6.0-2
    @Normative(v3 = "4.6.0-2", v5 = "4.3.2-4")
    @ParameterizedTest
    @EnumSource(Version.class)
    void publish_withQos1_isAcknowledgedInOrder(Version version) throws Exception {
        try (RawClient client = RawClient.connected(served.address(), version, "one")) {
            for (int id = 1; id <= 5; id++) {
                client.publish("t", "m" + id, 1, id);
            }
            for (int id = 1; id <= 5; id++) {
                assertThat(client.receive()).isEqualTo(ack(PacketType.PUBACK, id, Reason.SUCCESS));
            }
            assertThat(served.inlet.texts(5)).containsExactly("m1", "m2", "m3", "m4", "m5");
        }
    }

    // MQTT-4.6.0-2: the order of arrival, whatever the order of settling
    @Test
    void settle_laterAndInAnotherOrder_acknowledgesInOrderOfArrival() throws Exception {
        served.inlet.settleAtOnce = false;
        try (RawClient client = RawClient.connected(served.address(), Version.V5, "one")) {
            client.publish("t", "a", 1, 11).publish("t", "b", 2, 12).publish("t", "c", 1, 13);
            List<RecordingInlet.Taken> taken = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                taken.add(served.inlet.next());
            }
            client.nothingElse();
            taken.get(2).ack().settle(Receipt.ACCEPTED);
            taken.get(1).ack().settle(Receipt.ACCEPTED);
            client.nothingElse();
            taken.get(0).ack().settle(Receipt.ACCEPTED);

            assertThat(client.receive()).isEqualTo(ack(PacketType.PUBACK, 11, Reason.SUCCESS));
            assertThat(client.receive()).isEqualTo(ack(PacketType.PUBREC, 12, Reason.SUCCESS));
            assertThat(client.receive()).isEqualTo(ack(PacketType.PUBACK, 13, Reason.SUCCESS));
        }
    }

    // MQTT-4.3.3-10, MQTT-4.3.3-11
    @ParameterizedTest
    @EnumSource(Version.class)
    void publish_withQos2SentTwice_reachesInletOnce(Version version) throws Exception {
        try (RawClient client = RawClient.connected(served.address(), version, "one")) {
            client.publish("t", "a", 2, 7);
            assertThat(client.receive()).isEqualTo(ack(PacketType.PUBREC, 7, Reason.SUCCESS));
            client.send(RawClient.publishing(true, "t", "a", 2, 7, false, Properties.NONE));
            assertThat(client.receive()).isEqualTo(ack(PacketType.PUBREC, 7, Reason.SUCCESS));
            client.ack(PacketType.PUBREL, 7);
            assertThat(client.receive()).isEqualTo(ack(PacketType.PUBCOMP, 7, Reason.SUCCESS));
            client.publish("t", "b", 2, 7);
            assertThat(client.receive()).isEqualTo(ack(PacketType.PUBREC, 7, Reason.SUCCESS));

            assertThat(served.inlet.count).hasValue(2);
        }
    }

    // MQTT-4.3.3-10 across connections, while the first one is not settled
    @Normative(v5 = "4.3.3-10")
    @Test
    void publish_withQos2SentAgainAfterReconnect_reachesInletOnce() throws Exception {
        served.inlet.settleAtOnce = false;
        Properties lasting = Properties.builder()
                .number(Property.SESSION_EXPIRY_INTERVAL, 60)
                .build();
        try (RawClient first = new RawClient(served.address(), Version.V5)) {
            first.connect("one", true, lasting);
            first.publish("t", "a", 2, 7).nothingElse();
        }
        Served.await("it is away", () -> served.server.connections() == 0);
        try (RawClient second = new RawClient(served.address(), Version.V5)) {
            second.connect("one", false, lasting);
            second.send(RawClient.publishing(true, "t", "a", 2, 7, false, Properties.NONE))
                    .nothingElse();
            served.inlet.next().ack().settle(Receipt.ACCEPTED);

            assertThat(second.receive()).isEqualTo(ack(PacketType.PUBREC, 7, Reason.SUCCESS));
            second.ack(PacketType.PUBREL, 7);
            assertThat(second.receive()).isEqualTo(ack(PacketType.PUBCOMP, 7, Reason.SUCCESS));
            assertThat(served.inlet.count).hasValue(1);
        }
    }

    // MQTT-3.7.2-1: an unknown identifier
    @Normative(v5 = "3.7.2-1")
    @Test
    void release_ofUnknownIdentifier_isAnsweredWithItsReason() throws Exception {
        try (RawClient client = RawClient.connected(served.address(), Version.V5, "one")) {
            client.ack(PacketType.PUBREL, 99);

            assertThat(client.receive()).isEqualTo(ack(PacketType.PUBCOMP, 99, Reason.PACKET_ID_NOT_FOUND));
        }
    }

    @Normative(v5 = {"3.4.2-1", "3.5.2-1"})
    @Test
    void publish_thatNobodyWants_isAnsweredWithItsReason() throws Exception {
        served.inlet.receipt = Receipt.UNMATCHED;
        try (RawClient client = RawClient.connected(served.address(), Version.V5, "one")) {
            client.publish("t", "a", 1, 1);
            assertThat(client.receive()).isEqualTo(ack(PacketType.PUBACK, 1, Reason.NO_MATCHING_SUBSCRIBERS));
            client.publish("t", "a", 2, 2);
            assertThat(client.receive()).isEqualTo(ack(PacketType.PUBREC, 2, Reason.NO_MATCHING_SUBSCRIBERS));

            client.subscribe("t", 0);
            client.publish("t", "a", 1, 3);
            assertThat(List.of(client.receive(), client.receive())).contains(ack(PacketType.PUBACK, 3, Reason.SUCCESS));
        }
    }

    @Test
    void publish_thatCannotBeDecoded_tellsTheDeveloperWhy() throws Exception {
        served.inlet.receipt = new Receipt.Undecodable("decode", "line 1: not JSON");
        try (RawClient client = RawClient.connected(served.address(), Version.V5, "one")) {
            client.publish("t", "a", 1, 1);

            Ack answer = (Ack) client.receive();
            assertThat(answer.reason()).isEqualTo(Reason.PAYLOAD_FORMAT_INVALID);
            assertThat(answer.properties().text(Property.REASON_STRING)).isEqualTo("decode: line 1: not JSON");
        }
    }

    // MQTT-3.3.5-2: 3.1.1 cannot say no, so the connection ends without an acknowledgement
    @Normative(v3 = "4.8.0-2")
    @Test
    void publish_toOverloadedInletIn311_isNotAcknowledged() throws Exception {
        served.inlet.receipt = Receipt.OVERLOADED;
        try (RawClient client = RawClient.connected(served.address(), Version.V3_1_1, "one")) {
            client.publish("t", "a", 1, 1);

            assertThat(client.receiveOrEnd()).isNull();
        }
    }

    // MQTT-3.3.4-9: more than receive maximum
    @Test
    void publish_beyondReceiveMaximum_endsTheConnection() throws Exception {
        try (RawClient client = RawClient.connected(served.address(), Version.V5, "one")) {
            for (int id = 1; id <= 11; id++) {
                client.publish("t", "a", 2, id);
            }
            Packet last = client.receive();
            while (last instanceof Ack) {
                last = client.receive();
            }
            assertThat(((Disconnect) last).reason()).isEqualTo(Reason.RECEIVE_MAXIMUM_EXCEEDED);
            assertThat(served.inlet.count).hasValue(10);
        }
    }

    // 3.1.1 knows no receive maximum: its client is not read until earlier messages are settled
    @Test
    void publish_beyondReceiveMaximumIn311_waits() throws Exception {
        served.inlet.settleAtOnce = false;
        try (RawClient client = RawClient.connected(served.address(), Version.V3_1_1, "one")) {
            for (int id = 1; id <= 30; id++) {
                client.publish("t", "a", 1, id);
            }
            for (int id = 1; id <= 30; id++) {
                RecordingInlet.Taken next = served.inlet.next();
                assertThat(served.inlet.count.get()).isLessThanOrEqualTo(id + 10);
                next.ack().settle(Receipt.ACCEPTED);
                assertThat(client.receive()).isEqualTo(ack(PacketType.PUBACK, id, Reason.SUCCESS));
            }
        }
    }

    // MQTT-3.3.2-7 to MQTT-3.3.2-12
    @Test
    void publish_withAlias_standsForItsTopic() throws Exception {
        Properties alias = Properties.builder().number(Property.TOPIC_ALIAS, 3).build();
        try (RawClient client = RawClient.connected(served.address(), Version.V5, "one")) {
            client.send(RawClient.publishing(false, "long/topic", "a", 0, 0, false, alias));
            client.send(RawClient.publishing(false, "", "b", 0, 0, false, alias));

            assertThat(served.inlet.next().address()).isEqualTo("long/topic");
            assertThat(served.inlet.next().address()).isEqualTo("long/topic");
        }
    }

    // MQTT-3.3.2-9
    @Test
    void publish_withAliasBeyondMaximum_endsTheConnection() throws Exception {
        Properties alias = Properties.builder().number(Property.TOPIC_ALIAS, 5).build();
        try (RawClient client = RawClient.connected(served.address(), Version.V5, "one")) {
            client.send(RawClient.publishing(false, "t", "a", 0, 0, false, alias));

            assertThat(((Disconnect) client.receive()).reason()).isEqualTo(Reason.TOPIC_ALIAS_INVALID);
        }
    }

    @Test
    void publish_withUnknownAlias_endsTheConnection() throws Exception {
        Properties alias = Properties.builder().number(Property.TOPIC_ALIAS, 2).build();
        try (RawClient client = RawClient.connected(served.address(), Version.V5, "one")) {
            client.send(RawClient.publishing(false, "", "a", 0, 0, false, alias));

            assertThat(((Disconnect) client.receive()).reason()).isEqualTo(Reason.PROTOCOL_ERROR);
        }
    }

    // MQTT-3.3.2-2
    @Test
    void publish_toWildcard_endsTheConnection() throws Exception {
        try (RawClient client = RawClient.connected(served.address(), Version.V5, "one")) {
            client.publish("t/#", "a", 1, 1);

            assertThat(((Disconnect) client.receive()).reason()).isEqualTo(Reason.TOPIC_NAME_INVALID);
        }
    }

    @Test
    void publish_toTooDeepTopic_endsTheConnection() throws Exception {
        try (RawClient client = RawClient.connected(served.address(), Version.V5, "one")) {
            client.publish("1/2/3/4/5/6", "a", 1, 1);

            assertThat(((Disconnect) client.receive()).reason()).isEqualTo(Reason.TOPIC_NAME_INVALID);
        }
    }

    @Test
    void publish_toTheServersOwnTopics_isRefused() throws Exception {
        try (RawClient client = RawClient.connected(served.address(), Version.V5, "one")) {
            client.publish("$SYS/uptime", "a", 1, 1);

            assertThat(client.receive()).isEqualTo(ack(PacketType.PUBACK, 1, Reason.NOT_AUTHORIZED));
            assertThat(served.inlet.count).hasValue(0);
            assertThat(served.inlet.rejected).hasValue(1);
        }
    }

    @Test
    void publish_withContentType_hasItAtTheInlet() throws Exception {
        Properties json = Properties.builder()
                .text(Property.CONTENT_TYPE, "application/json")
                .build();
        try (RawClient client = RawClient.connected(served.address(), Version.V5, "meter-7")) {
            client.send(RawClient.publishing(false, "t", "{}", 0, 0, false, json));

            RecordingInlet.Taken taken = served.inlet.next();
            assertThat(taken.contentType()).isEqualTo("application/json");
            assertThat(taken.sender()).isEqualTo("meter-7");
        }
    }
}
