package dev.weir.connect.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.connect.mqtt.Packet.Ack;
import dev.weir.connect.mqtt.Packet.Publish;
import dev.weir.connect.mqtt.Packet.Request;
import dev.weir.connect.mqtt.Packet.SubAck;
import dev.weir.connect.mqtt.Packet.UnsubAck;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Chapters 3.8 to 3.11, 4.7 and 4.8: filters, subscriptions, and shared ones.
@NullUnmarked
class ConformanceSubscribeIT {
    private static final Properties NONE = Properties.NONE;

    @RegisterExtension
    final Served served = Served.withDefaults();

    ConformanceSubscribeIT() throws Exception {}

    private RawClient client(Version version, String id) throws Exception {
        return RawClient.connected(served.address(), version, id);
    }

    private void publish(String topic, String payload, int qos, boolean retain) throws Exception {
        served.server.publish(topic, payload.getBytes(StandardCharsets.UTF_8), qos, retain, null);
    }

    private static Request request(String filter, int qos) {
        return new Request(filter, qos, false, false, 0);
    }

    // --- SUBSCRIBE -------------------------------------------------------------------------------------

    @Normative(
            v3 = {"3.8.4-4", "3.8.4-5", "3.9.3-1", "3.9.3-2", "4.7.1-2", "4.7.1-3"},
            v5 = {"3.8.4-5", "3.8.4-6", "3.8.4-7", "3.9.3-1", "3.9.3-2"})
    @ParameterizedTest
    @CsvSource({"V3_1_1,9008 0009 00 01 80 02 80 00", "V5,9009 0009 00 00 01 8f 02 8f 00"})
    void subscribe_toSeveralFilters_isAnsweredInTheirOrder(Version version, String bytes) throws Exception {
        try (RawClient one = client(version, "one")) {
            List<Request> requests = List.of(
                    request("a", 0),
                    request("b", 1),
                    request("c#", 2),
                    request("d", 2),
                    request("e+", 0),
                    request("f", 0));
            one.send(new Packet.Subscribe(9, requests, NONE));

            String expected = bytes.replace(" ", "");
            assertThat(one.hex(expected.length() / 2)).isEqualTo(expected);
            publish("b", "x", 2, false);
            assertThat(one.message().qos()).as("as if each had come alone").isEqualTo(1);
        }
    }

    @Normative(v3 = "3.8.4-6", v5 = "3.8.4-8")
    @ParameterizedTest
    @CsvSource({"V3_1_1,0,2,0", "V3_1_1,1,2,1", "V3_1_1,2,1,1", "V5,0,1,0", "V5,2,0,0", "V5,2,2,2"})
    void deliver_ofMessage_hasTheLowerOfTwoQos(Version version, int granted, int published, int expected)
            throws Exception {
        try (RawClient one = client(version, "one")) {
            one.subscribe("t", granted);
            publish("t", "x", published, false);

            assertThat(one.message().qos()).isEqualTo(expected);
        }
    }

    @Normative(
            v3 = "3.8.4-3",
            v5 = {"3.8.4-3", "3.8.4-4"})
    @ParameterizedTest
    @EnumSource(Version.class)
    void subscribe_toEqualFilter_replacesAndRetainedComesAgain(Version version) throws Exception {
        publish("t", "stored", 1, true);
        try (RawClient one = client(version, "one")) {
            one.subscribe("t", 0);
            assertThat(one.message().qos()).isZero();
            one.subscribe("t", 1);
            assertThat(one.message().qos()).isEqualTo(1);
            publish("t", "live", 1, false);

            assertThat(RawClient.text(one.message())).isEqualTo("live");
            one.nothingElse();
        }
    }

    @Normative(v5 = "3.8.4-4")
    @Test
    void subscribe_toEqualFilterAllTheTime_losesNoMessage() throws Exception {
        int messages = 2000;
        try (RawClient one = client(Version.V5, "one");
                RawClient two = client(Version.V5, "two")) {
            one.subscribe("t", 0);
            Thread again = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < 500; i++) {
                        one.send(new Packet.Subscribe(1 + i, List.of(request("t", i % 2)), NONE));
                    }
                } catch (java.io.IOException gone) {
                    throw new java.io.UncheckedIOException(gone);
                }
            });
            for (int i = 0; i < messages; i++) {
                two.publish("t", "m" + i, 0, 0);
            }
            for (int i = 0; i < messages; ) {
                if (one.receive() instanceof Publish got) {
                    assertThat(RawClient.text(got)).isEqualTo("m" + i);
                    i++;
                }
            }
            again.join();
        }
    }

    @Normative(v5 = "3.8.3-3")
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void subscribe_withNoLocal_leavesOwnMessagesOut(boolean retained) throws Exception {
        try (RawClient one = client(Version.V5, "one")) {
            Request noLocal = new Request("t", 0, true, false, 0);
            if (!retained) {
                one.subscribe(noLocal, NONE);
            }
            one.send(RawClient.publishing(false, "t", "own", 0, 0, retained, NONE));
            if (retained) {
                one.subscribe(noLocal, NONE);
            }
            one.nothingElse();
            publish("t", "other", 0, false);

            assertThat(RawClient.text(one.message())).isEqualTo("other");
        }
    }

    @Normative(
            v3 = "3.3.5-1",
            v5 = {"3.3.4-2", "3.3.4-3", "3.3.4-4"})
    @ParameterizedTest
    @EnumSource(Version.class)
    void deliver_toOverlappingSubscriptions_hasTheHighestQos(Version version) throws Exception {
        try (RawClient one = client(version, "one")) {
            one.subscribe(request("a/+", 0), identified(3));
            one.subscribe(request("a/#", 2), identified(4));
            one.subscribe(request("a/b", 1), NONE);
            publish("a/b", "x", 2, false);

            Publish got = one.message();
            assertThat(got.qos()).isEqualTo(2);
            if (version == Version.V5) {
                assertThat(got.properties().subscriptionIds()).containsExactlyInAnyOrder(3L, 4L);
            }
            one.nothingElse();
        }
    }

    private static Properties identified(long id) {
        return Properties.builder().subscriptionId(id).build();
    }

    // --- UNSUBSCRIBE -----------------------------------------------------------------------------------

    @Normative(
            v3 = {"3.10.4-1", "3.10.4-2", "3.10.4-5", "3.10.4-6"},
            v5 = {"3.10.4-1", "3.10.4-2", "3.10.4-5", "3.10.4-6", "3.11.3-1", "3.11.3-2"})
    @ParameterizedTest
    @EnumSource(Version.class)
    void unsubscribe_fromSeveralFilters_comparesThemCharacterByCharacter(Version version) throws Exception {
        try (RawClient one = client(version, "one")) {
            one.subscribe("a/+", 0);
            one.subscribe("b", 0);
            one.send(new Packet.Unsubscribe(9, List.of("a/b", "b", "A/+"), NONE));
            List<Reason> reasons = version == Version.V5
                    ? List.of(Reason.NO_SUBSCRIPTION_EXISTED, Reason.SUCCESS, Reason.NO_SUBSCRIPTION_EXISTED)
                    : List.of();
            assertThat(one.receive()).isEqualTo(new UnsubAck(9, NONE, reasons));
            publish("b", "gone", 0, false);
            publish("a/b", "kept", 0, false);

            assertThat(RawClient.text(one.message())).isEqualTo("kept");
            one.nothingElse();
        }
    }

    @Normative(v3 = "3.10.4-3", v5 = "3.10.4-3")
    @ParameterizedTest
    @EnumSource(Version.class)
    void unsubscribe_withMessagesUnderWay_completesThem(Version version) throws Exception {
        int id;
        try (RawClient one = RawClient.lasting(served.address(), version, "one", false)) {
            one.subscribe("t", 2);
            publish("t", "x", 2, false);
            id = one.message().packetId();
            one.send(new Packet.Unsubscribe(9, List.of("t"), NONE));
            assertThat(one.receive()).isInstanceOf(UnsubAck.class);
        }
        Served.await("it is away", () -> served.server.connections() == 0);
        try (RawClient one = RawClient.lasting(served.address(), version, "one", false)) {
            assertThat(one.message().packetId()).isEqualTo(id);
            one.ack(PacketType.PUBREC, id);
            assertThat(one.receive()).isEqualTo(Ack.of(PacketType.PUBREL, id));
        }
    }

    // --- filters ---------------------------------------------------------------------------------------

    @Normative(
            v3 = {"4.7.1-2", "4.7.1-3", "4.7.3-1"},
            v5 = {"4.7.1-1", "4.7.1-2", "4.7.3-1", "4.8.2-1", "4.8.2-2"})
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a#",
                "#/a",
                "a/#/b",
                "##",
                "+a",
                "a+",
                "a/b+",
                "a/+b/c",
                "$share/g",
                "$share//t",
                "$share/g/",
                "$share/+/t",
                "$share/#/t",
                "$share/g/a#"
            })
    void subscribe_toBadFilter_isRefused(String filter) throws Exception {
        for (Version version : Version.values()) {
            try (RawClient one = client(version, "one")) {
                Reason bad = version == Version.V5 ? Reason.TOPIC_FILTER_INVALID : Reason.UNSPECIFIED;

                assertThat(one.subscribe(filter, 0).reasons()).containsExactly(bad);
            }
        }
    }

    @Normative(
            v3 = {"4.7.1-2", "4.7.1-3", "4.7.2-1", "4.7.3-4", "3.3.2-3"},
            v5 = {"4.7.1-1", "4.7.1-2", "4.7.2-1", "4.7.3-4", "3.3.2-3"})
    @ParameterizedTest
    @CsvSource({
        "#,a/b,true",
        "a/#,a,true",
        "a/#,a/b/c,true",
        "a/#,ab,false",
        "+,a,true",
        "+,/a,false",
        "+/+,/a,true",
        "/+,/a,true",
        "a/+,a/,true",
        "a/+,a,false",
        "+/b/#,a/b,true",
        "#,$x/a,false",
        "+/a,$x/a,false",
        "$x/#,$x/a,true",
        "$x/+,$x/a,true",
        "a,A,false",
        "a/b,a//b,false",
        "a b,a b,true",
        "/,/,true",
        "a/,a,false",
        "caf\u00e9,cafe\u0301,false",
        "a/./b,a/b,false",
        "%41,A,false"
    })
    void deliver_byFilter_matchesExactly(String filter, String topic, boolean matches) throws Exception {
        try (RawClient one = client(Version.V3_1_1, "one")) {
            one.subscribe(filter, 0);
            publish(topic, "x", 0, false);

            if (matches) {
                assertThat(one.message().topic()).isEqualTo(topic);
            }
            one.nothingElse();
        }
    }

    // --- shared subscriptions ----------------------------------------------------------------------------

    @Normative(v5 = {"4.8.2-1", "4.8.2-2", "4.8.2-3"})
    @Test
    void deliver_toMembersWithOtherQos_respectsEach() throws Exception {
        try (RawClient one = client(Version.V5, "one");
                RawClient two = client(Version.V5, "two")) {
            assertThat(one.subscribe("$share/g/t", 0).reasons()).containsExactly(Reason.SUCCESS);
            assertThat(two.subscribe("$share/g/t", 1).reasons()).containsExactly(Reason.GRANTED_QOS_1);
            publish("t", "m1", 2, false);
            publish("t", "m2", 2, false);

            assertThat(one.message().qos()).isZero();
            assertThat(two.message().qos()).isEqualTo(1);
            one.nothingElse();
            two.nothingElse();
        }
    }

    /// One message that is under way to `one`, while `two` is a member too.
    private int begun(RawClient one, RawClient two) throws Exception {
        one.subscribe("$share/g/t", 2);
        publish("t", "m1", 2, false);
        int id = one.message().packetId();
        two.subscribe("$share/g/t", 2);
        return id;
    }

    @Normative(v5 = "4.8.2-4")
    @Test
    void reconnect_ofMemberWithMessageUnderWay_completesIt() throws Exception {
        try (RawClient two = client(Version.V5, "two")) {
            int id;
            try (RawClient one = RawClient.lasting(served.address(), Version.V5, "one", false)) {
                id = begun(one, two);
            }
            Served.await("it is away", () -> served.server.connections() == 1);
            two.nothingElse();
            try (RawClient one = RawClient.lasting(served.address(), Version.V5, "one", false)) {
                assertThat(one.message().packetId()).isEqualTo(id);
            }
        }
    }

    @Normative(v5 = "4.8.2-5")
    @Test
    void end_ofMembersSessionWithMessageUnderWay_givesItToNobodyElse() throws Exception {
        try (RawClient two = client(Version.V5, "two")) {
            try (RawClient one = client(Version.V5, "one")) {
                begun(one, two);
            }
            Served.await("its session ended", () -> served.gauge("weir_mqtt_sessions") == 1);

            two.nothingElse();
        }
    }

    @Normative(v5 = "4.8.2-6")
    @Test
    void refuse_ofMessageByMember_givesItToNobodyElse() throws Exception {
        try (RawClient one = client(Version.V5, "one");
                RawClient two = client(Version.V5, "two")) {
            int id = begun(one, two);
            one.send(new Ack(PacketType.PUBREC, id, Reason.QUOTA_EXCEEDED, NONE))
                    .nothingElse();

            two.nothingElse();
        }
    }

    @Normative(v5 = "3.8.4-1")
    @Test
    void subscribe_toSharedFilterWithRetained_getsNoRetained() throws Exception {
        publish("t", "stored", 0, true);
        try (RawClient one = client(Version.V5, "one")) {
            SubAck answer = one.subscribe("$share/g/t", 0);

            assertThat(answer.reasons()).containsExactly(Reason.SUCCESS);
            one.nothingElse();
        }
    }
}
