package dev.weir.connect.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.connect.mqtt.Packet.Publish;
import dev.weir.connect.mqtt.Packet.Request;
import dev.weir.connect.mqtt.Packet.SubAck;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Subscriptions: who gets what, how often, with which flags.
@NullUnmarked
class SubscribeIT {
    private static final Properties NONE = Properties.NONE;

    @RegisterExtension
    final Served served = new Served(options -> options.maxSubscriptions = 5);

    SubscribeIT() throws Exception {}

    private RawClient client(String id) throws Exception {
        return RawClient.connected(served.address(), Version.V5, id);
    }

    private void publish(String topic, String payload, int qos, boolean retain) throws Exception {
        served.server.publish(topic, payload.getBytes(StandardCharsets.UTF_8), qos, retain, null);
    }

    private static Request request(String filter, int qos) {
        return new Request(filter, qos, false, false, 0);
    }

    // MQTT-3.8.4-6, MQTT-3.8.4-8: the lower of the two
    @ParameterizedTest
    @CsvSource({"0,0,0", "0,2,0", "1,0,0", "1,2,1", "2,1,1", "2,2,2"})
    void deliver_ofMessage_hasTheLowerQos(int granted, int published, int delivered) throws Exception {
        try (RawClient client = client("one")) {
            assertThat(client.subscribe("t", granted).reasons()).containsExactly(Reason.granted(granted));

            publish("t", "a", published, false);

            assertThat(client.message().qos()).isEqualTo(delivered);
        }
    }

    // MQTT-3.9.3-1, MQTT-3.8.4-1 to -5: one answer with a reason for each filter
    @ParameterizedTest
    @EnumSource(Version.class)
    void subscribe_withGoodAndBadFilters_answersEach(Version version) throws Exception {
        try (RawClient client = RawClient.connected(served.address(), version, "one")) {
            client.send(new Packet.Subscribe(5, List.of(request("a", 1), request("a#", 1), request("b", 2)), NONE));

            SubAck answer = (SubAck) client.receive();

            Reason bad = version == Version.V5 ? Reason.TOPIC_FILTER_INVALID : Reason.UNSPECIFIED;
            assertThat(answer.packetId()).isEqualTo(5);
            assertThat(answer.reasons()).containsExactly(Reason.GRANTED_QOS_1, bad, Reason.GRANTED_QOS_2);
        }
    }

    @Test
    void subscribe_beyondMaxSubscriptions_isRefused() throws Exception {
        try (RawClient client = client("one")) {
            for (int i = 0; i < 5; i++) {
                client.subscribe("t" + i, 0);
            }

            assertThat(client.subscribe("t5", 0).reasons()).containsExactly(Reason.QUOTA_EXCEEDED);
            assertThat(client.subscribe("t4", 1).reasons()).containsExactly(Reason.GRANTED_QOS_1);
        }
    }

    // MQTT-3.10.4-1, MQTT-3.10.4-4, MQTT-3.11.3-1
    @Test
    void unsubscribe_ofKnownAndUnknown_answersEachAndEndsDelivery() throws Exception {
        try (RawClient client = client("one")) {
            client.subscribe("t", 0);
            client.send(new Packet.Unsubscribe(6, List.of("t", "u"), NONE));

            assertThat(client.receive())
                    .isEqualTo(new Packet.UnsubAck(6, NONE, List.of(Reason.SUCCESS, Reason.NO_SUBSCRIPTION_EXISTED)));
            publish("t", "a", 0, false);
            client.nothingElse();
        }
    }

    // MQTT-3.3.5-1, MQTT-3.3.4-2, MQTT-3.3.4-4
    @Test
    void deliver_toOverlappingSubscriptions_isOneCopyWithAllIdentifiers() throws Exception {
        try (RawClient client = client("one")) {
            client.subscribe(
                    request("a/+", 1), Properties.builder().subscriptionId(3).build());
            client.subscribe(
                    request("a/#", 2), Properties.builder().subscriptionId(4).build());

            publish("a/b", "x", 2, false);

            Publish message = client.message();
            assertThat(message.qos()).isEqualTo(2);
            assertThat(message.properties().subscriptionIds()).containsExactlyInAnyOrder(3L, 4L);
            client.nothingElse();
        }
    }

    // MQTT-3.8.3-3
    @Test
    void deliver_withNoLocal_leavesOwnMessagesOut() throws Exception {
        try (RawClient one = client("one");
                RawClient two = client("two")) {
            one.subscribe(new Request("t", 0, true, false, 0), NONE);
            one.publish("t", "own", 0, 0).nothingElse();
            two.publish("t", "other", 0, 0);

            assertThat(RawClient.text(one.message())).isEqualTo("other");
        }
    }

    // MQTT-3.3.1-9, MQTT-3.3.1-8, MQTT-3.3.1-12, MQTT-3.3.1-13
    @Normative(
            v3 = {"3.3.1-8", "3.3.1-9"},
            v5 = {"3.3.1-12", "3.3.1-13"})
    @Test
    void subscribe_toRetained_getsItWithTheFlagAndLaterOnesWithout() throws Exception {
        publish("t/1", "old", 1, true);
        try (RawClient client = client("one")) {
            client.subscribe("t/+", 0);
            Publish old = client.message();
            publish("t/1", "new", 0, true);
            Publish live = client.message();

            assertThat(old.retain()).isTrue();
            assertThat(RawClient.text(old)).isEqualTo("old");
            assertThat(live.retain()).isFalse();
            client.subscribe(new Request("t/+", 0, false, true, 2), NONE);
            publish("t/1", "kept flag", 0, true);
            assertThat(client.message().retain()).isTrue();
        }
    }

    // MQTT-3.3.1-10, MQTT-3.3.1-11
    @Normative(v5 = {"3.3.1-9", "3.3.1-10", "3.3.1-11"})
    @ParameterizedTest
    @CsvSource({"0,true,true", "1,true,false", "2,false,false"})
    void subscribe_withRetainHandling_getsRetainedAsAsked(int handling, boolean first, boolean second)
            throws Exception {
        publish("t", "old", 0, true);
        try (RawClient client = client("one")) {
            for (boolean expected : new boolean[] {first, second}) {
                client.subscribe(new Request("t", 0, false, false, handling), NONE);
                if (expected) {
                    assertThat(RawClient.text(client.message())).isEqualTo("old");
                }
                client.nothingElse();
            }
        }
    }

    // MQTT-3.3.1-6, MQTT-3.3.1-7
    @Test
    void publish_ofEmptyRetained_removesIt() throws Exception {
        try (RawClient client = client("one")) {
            client.send(RawClient.publishing(false, "t", "x", 0, 0, true, NONE));
            client.send(RawClient.publishing(false, "t", "", 0, 0, true, NONE));
            client.nothingElse();
            client.subscribe("t", 0);
            client.nothingElse();
        }
        assertThat(served.gauge("weir_mqtt_retained_messages")).isZero();
    }

    // MQTT-4.7.2-1
    @Test
    void deliver_ofDollarTopic_isNotFoundByWildcards() throws Exception {
        try (RawClient client = client("one")) {
            client.subscribe("#", 0);
            client.subscribe("+/x", 0);
            client.subscribe("$own/x", 0);
            publish("$own/x", "a", 0, false);

            assertThat(client.message().topic()).isEqualTo("$own/x");
            client.nothingElse();
        }
    }

    // MQTT-3.3.2-15 to -20: properties arrive unaltered, in order; MQTT-3.3.2-6 the expiry that is left
    @Normative(v5 = {"3.3.2-4", "3.3.2-15", "3.3.2-16", "3.3.2-17", "3.3.2-18", "3.3.2-20"})
    @Test
    void deliver_withProperties_forwardsThem() throws Exception {
        Properties sent = Properties.builder()
                .number(Property.PAYLOAD_FORMAT_INDICATOR, 1)
                .number(Property.MESSAGE_EXPIRY_INTERVAL, 100)
                .text(Property.CONTENT_TYPE, "text/plain")
                .text(Property.RESPONSE_TOPIC, "answers")
                .binary(Property.CORRELATION_DATA, new byte[] {1, 2})
                .pair("b", "1")
                .pair("a", "2")
                .pair("b", "3")
                .build();
        try (RawClient one = client("one");
                RawClient two = client("two")) {
            one.subscribe("t", 0);
            two.send(RawClient.publishing(false, "t", "x", 0, 0, false, sent));

            assertThat(one.message().properties()).isEqualTo(sent);
        }
    }

    // MQTT-3.1.2-24, MQTT-3.1.2-25
    @Normative(v5 = {"3.1.2-24", "3.1.2-25"})
    @Test
    void deliver_ofMessageLargerThanTheClientTakes_leavesItOut() throws Exception {
        Properties small =
                Properties.builder().number(Property.MAXIMUM_PACKET_SIZE, 100).build();
        try (RawClient client = new RawClient(served.address(), Version.V5)) {
            client.connect("small", true, small);
            client.subscribe("t", 1);
            publish("t", "x".repeat(200), 1, false);
            publish("t", "y", 1, false);

            assertThat(RawClient.text(client.message())).isEqualTo("y");
            assertThat(served.count("weir_mqtt_dropped too-large")).isEqualTo(1);
        }
    }

    // MQTT-3.3.4-9 as sender: the client's receive maximum
    @Normative(v5 = {"3.3.4-9", "4.9.0-2"})
    @Test
    void deliver_beyondTheClientsReceiveMaximum_waitsForAcknowledgements() throws Exception {
        Properties two =
                Properties.builder().number(Property.RECEIVE_MAXIMUM, 2).build();
        try (RawClient client = new RawClient(served.address(), Version.V5)) {
            client.connect("narrow", true, two);
            client.subscribe("t", 1);
            for (int i = 0; i < 4; i++) {
                publish("t", "m" + i, 1, false);
            }
            Publish first = client.message();
            Publish second = client.message();
            client.nothingElse();
            client.ack(PacketType.PUBACK, first.packetId());
            Publish third = client.message();
            client.nothingElse();

            assertThat(List.of(RawClient.text(first), RawClient.text(second), RawClient.text(third)))
                    .containsExactly("m0", "m1", "m2");
        }
    }

    // MQTT-4.8.2-4, MQTT-4.8.2-5: one member each, all of them in turn
    @Test
    void deliver_toSharedSubscription_goesToOneMemberInTurn() throws Exception {
        try (RawClient one = client("one");
                RawClient two = client("two")) {
            one.subscribe("$share/g/t", 0);
            two.subscribe("$share/g/t", 0);
            for (int i = 0; i < 4; i++) {
                publish("t", "m" + i, 0, false);
            }
            TreeSet<String> all = new TreeSet<>();
            for (int i = 0; i < 2; i++) {
                all.add(RawClient.text(one.message()));
                all.add(RawClient.text(two.message()));
            }
            assertThat(all).containsExactly("m0", "m1", "m2", "m3");
        }
    }

    @Test
    void publish_byTheNode_doesNotReachTheInlet() throws Exception {
        try (RawClient client = client("one")) {
            client.subscribe("t", 0);
            assertThat(served.server.publish("t", new byte[0], 0, false, Duration.ofSeconds(1)))
                    .isTrue();
            client.message();
            assertThat(served.inlet.count).hasValue(0);
        }
    }

    // MQTT-3.3.2-5
    @Normative(v5 = "3.3.2-5")
    @Test
    void subscribe_toExpiredRetained_getsNothing() throws Exception {
        served.server.publish("t", new byte[1], 0, true, Duration.ofSeconds(5));
        served.skippedNanos.addAndGet(TimeUnit.SECONDS.toNanos(6));
        try (RawClient client = client("one")) {
            client.subscribe("t", 0);
            client.nothingElse();
        }
    }
}
