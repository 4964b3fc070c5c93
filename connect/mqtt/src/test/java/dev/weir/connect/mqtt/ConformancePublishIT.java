package dev.weir.connect.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.connect.mqtt.Packet.Ack;
import dev.weir.connect.mqtt.Packet.Publish;
import dev.weir.connect.mqtt.Packet.Request;
import dev.weir.engine.Receipt;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Chapter 3.3 to 3.7: what a PUBLISH says, what is retained, what is forwarded, how it is
/// answered.
@NullUnmarked
class ConformancePublishIT {
    private static final Properties NONE = Properties.NONE;

    @RegisterExtension
    final Served served = new Served(options -> options.topicAliases = 4);

    ConformancePublishIT() throws Exception {}

    private RawClient client(Version version, String id) throws Exception {
        return RawClient.connected(served.address(), version, id);
    }

    private void publish(String topic, String payload, int qos, boolean retain) throws Exception {
        served.server.publish(topic, payload.getBytes(StandardCharsets.UTF_8), qos, retain, null);
    }

    // --- retained messages -------------------------------------------------------------------------

    @Normative(
            v3 = {"3.3.1-5", "3.3.1-6", "3.3.1-7", "3.3.1-8"},
            v5 = {"3.3.1-5", "3.3.1-9"})
    @ParameterizedTest
    @CsvSource({"V3_1_1,0", "V3_1_1,1", "V3_1_1,2", "V5,0", "V5,1", "V5,2"})
    void publish_ofRetained_replacesTheEarlierOneAndItsQos(Version version, int qos) throws Exception {
        try (RawClient one = client(version, "one");
                RawClient two = client(version, "two")) {
            one.send(RawClient.publishing(false, "t", "old", (qos + 1) % 3, 1, true, NONE));
            one.send(RawClient.publishing(false, "t", "new", qos, 2, true, NONE));
            Served.await("both came", () -> served.inlet.count.get() == 2);
            two.subscribe("t", 2);

            Publish stored = two.message();
            assertThat(RawClient.text(stored)).isEqualTo("new");
            assertThat(stored.qos()).isEqualTo(qos);
            assertThat(stored.retain()).isTrue();
            two.nothingElse();
        }
    }

    @Normative(v3 = "3.3.1-12", v5 = "3.3.1-8")
    @ParameterizedTest
    @ValueSource(strings = {"", "live"})
    void publish_withoutRetain_leavesTheStoreAlone(String payload) throws Exception {
        publish("t", "stored", 0, true);
        try (RawClient one = client(Version.V3_1_1, "one")) {
            one.publish("t", payload, 0, 0).publish("u", payload, 0, 0).nothingElse();
            one.subscribe("#", 0);

            assertThat(RawClient.text(one.message())).isEqualTo("stored");
            one.nothingElse();
        }
    }

    @Normative(
            v3 = {"3.3.1-9", "3.3.1-10", "3.3.1-11"},
            v5 = {"3.3.1-6", "3.3.1-7", "3.3.1-12"})
    @ParameterizedTest
    @EnumSource(Version.class)
    void publish_ofEmptyRetained_isForwardedAndEmptiesTheStore(Version version) throws Exception {
        publish("t", "stored", 0, true);
        try (RawClient one = client(version, "one");
                RawClient two = client(version, "two")) {
            one.subscribe("t", 0);
            one.message();
            two.send(RawClient.publishing(false, "t", "", 0, 0, true, NONE));

            Publish empty = one.message();
            assertThat(empty.length()).isZero();
            assertThat(empty.retain()).isFalse();
            two.subscribe("t", 0);
            two.nothingElse();
        }
        assertThat(served.gauge("weir_mqtt_retained_messages")).isZero();
    }

    @Normative(v3 = "3.1.2-7")
    @ParameterizedTest
    @EnumSource(Version.class)
    void end_ofPublishersSession_keepsItsRetainedMessages(Version version) throws Exception {
        try (RawClient one = client(version, "one")) {
            one.send(RawClient.publishing(false, "t", "stored", 1, 1, true, NONE));
            one.receive();
            one.leave();
        }
        Served.await("its session is gone", () -> served.gauge("weir_mqtt_sessions") == 0);
        try (RawClient two = client(version, "two")) {
            two.subscribe("t", 0);

            assertThat(RawClient.text(two.message())).isEqualTo("stored");
        }
    }

    // --- flags and properties ------------------------------------------------------------------------

    @Normative(
            v3 = {"3.3.1-3", "3.3.2-3"},
            v5 = {"3.3.1-3", "3.3.2-3"})
    @ParameterizedTest
    @EnumSource(Version.class)
    void publish_withDup_isForwardedWithout(Version version) throws Exception {
        try (RawClient one = client(version, "one");
                RawClient two = client(version, "two")) {
            one.subscribe("a/+", 1);
            two.send(RawClient.publishing(true, "b/c", "other", 1, 1, false, NONE));
            two.send(RawClient.publishing(true, "a/b", "x", 1, 2, false, NONE));

            Publish got = one.message();
            assertThat(got.topic()).isEqualTo("a/b");
            assertThat(got.dup()).isFalse();
        }
    }

    @Normative(
            v3 = "3.3.4-1",
            v5 = {"3.3.4-1", "3.4.2-1", "3.5.2-1", "3.7.2-1"})
    @ParameterizedTest
    @CsvSource({"V3_1_1,40020007", "V5,40030007 10"})
    void publish_ofEachQos_isAnsweredAsItWants(Version version, String puback) throws Exception {
        served.inlet.receipt = Receipt.UNMATCHED;
        try (RawClient one = client(version, "one")) {
            one.publish("t", "x", 0, 0).nothingElse();
            one.publish("t", "x", 1, 7);
            String expected = puback.replace(" ", "");
            assertThat(one.hex(expected.length() / 2)).isEqualTo(expected);
            one.publish("t", "x", 2, 7);
            assertThat(one.hex(expected.length() / 2)).isEqualTo("5" + expected.substring(1));
            one.ack(PacketType.PUBREL, 7);
            assertThat(one.hex(4)).isEqualTo("70020007");
        }
    }

    @Normative(v3 = "3.3.5-2")
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void publish_thatIsNotAllowedIn311_isAcknowledgedAndGoesNowhere(int qos) throws Exception {
        try (RawClient one = client(Version.V3_1_1, "one")) {
            one.publish("$SYS/x", "x", qos, 1);

            assertThat(one.receive()).isEqualTo(Ack.of(qos == 1 ? PacketType.PUBACK : PacketType.PUBREC, 1));
        }
        assertThat(served.inlet.count).hasValue(0);
        assertThat(served.inlet.rejected).hasValue(1);
    }

    @Normative(v5 = {"3.3.2-5", "3.3.2-6"})
    @Test
    void deliver_afterWaiting_countsTheExpiryDown() throws Exception {
        try (RawClient away = RawClient.lasting(served.address(), Version.V5, "away", false)) {
            away.subscribe("t", 1);
            away.leave();
        }
        try (RawClient one = client(Version.V5, "one")) {
            one.send(RawClient.publishing(false, "t", "short", 1, 1, false, expiry(5)));
            one.send(RawClient.publishing(false, "t", "long", 1, 2, false, expiry(100)));
            one.receive();
            one.receive();
        }
        served.skippedNanos.addAndGet(TimeUnit.SECONDS.toNanos(20));
        try (RawClient away = RawClient.lasting(served.address(), Version.V5, "away", false)) {
            Publish got = away.message();
            assertThat(RawClient.text(got)).isEqualTo("long");
            assertThat(got.properties().number(Property.MESSAGE_EXPIRY_INTERVAL, 0))
                    .isBetween(60L, 80L);
            away.nothingElse();
        }
    }

    private static Properties expiry(long seconds) {
        return Properties.builder()
                .number(Property.MESSAGE_EXPIRY_INTERVAL, seconds)
                .build();
    }

    private static Properties alias(int alias) {
        return Properties.builder().number(Property.TOPIC_ALIAS, alias).build();
    }

    // --- topic aliases --------------------------------------------------------------------------------

    @Normative(v5 = "3.3.2-12")
    @Test
    void publish_withEachAliasUpToTheMaximum_isUnderstood() throws Exception {
        try (RawClient one = client(Version.V5, "one")) {
            assertThat(one.greeting.properties().number(Property.TOPIC_ALIAS_MAXIMUM, 0))
                    .isEqualTo(4);
            for (int i = 1; i <= 4; i++) {
                one.send(RawClient.publishing(false, "t" + i, "x", 0, 0, false, alias(i)));
            }
            for (int i = 1; i <= 4; i++) {
                one.send(RawClient.publishing(false, "", "y", 0, 0, false, alias(i)));
            }
            for (int i = 0; i < 8; i++) {
                assertThat(served.inlet.next().address()).isEqualTo("t" + (i % 4 + 1));
            }
        }
    }

    @Normative(v5 = "3.3.2-7")
    @Test
    void publish_withAliasOfEarlierConnection_endsTheConnection() throws Exception {
        try (RawClient one = RawClient.lasting(served.address(), Version.V5, "one", false)) {
            one.send(RawClient.publishing(false, "t", "x", 0, 0, false, alias(1)));
            one.leave();
        }
        try (RawClient one = RawClient.lasting(served.address(), Version.V5, "one", false)) {
            one.send(RawClient.publishing(false, "", "y", 0, 0, false, alias(1)));

            one.expectEnd(Reason.PROTOCOL_ERROR);
        }
        assertThat(served.inlet.count).hasValue(1);
    }

    @Normative(v5 = {"3.1.2-27", "3.3.2-11"})
    @Test
    void deliver_toClientWithoutAliases_usesNone() throws Exception {
        try (RawClient one = client(Version.V5, "one")) {
            one.subscribe("t", 0);
            for (int i = 0; i < 3; i++) {
                publish("t", "x", 0, false);
                Publish got = one.message();
                assertThat(got.topic()).isEqualTo("t");
                assertThat(got.properties().has(Property.TOPIC_ALIAS)).isFalse();
            }
        }
    }

    // --- sizes and quotas --------------------------------------------------------------------------------

    @Normative(v5 = {"3.1.2-24", "3.1.2-25"})
    @Test
    void deliver_ofTooLargeMessage_doesNotUseUpTheWindow() throws Exception {
        Properties small = Properties.builder()
                .number(Property.MAXIMUM_PACKET_SIZE, 100)
                .number(Property.RECEIVE_MAXIMUM, 1)
                .build();
        try (RawClient one = new RawClient(served.address(), Version.V5)) {
            one.connect("one", true, small);
            one.subscribe("t", 2);
            publish("t", "x".repeat(200), 1, false);
            publish("t", "x".repeat(200), 2, false);
            publish("t", "fits", 2, false);

            assertThat(RawClient.text(one.message())).isEqualTo("fits");
        }
    }

    @Normative(v5 = {"3.1.2-24", "3.4.2-2", "3.5.2-2"})
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void acknowledge_withReasonStringThatIsTooLarge_leavesItOut(int qos) throws Exception {
        Properties small =
                Properties.builder().number(Property.MAXIMUM_PACKET_SIZE, 100).build();
        served.inlet.receipt = new Receipt.Undecodable("decode", "x".repeat(100));
        try (RawClient one = new RawClient(served.address(), Version.V5)) {
            one.connect("one", true, small);
            one.publish("t", "x", qos, 7);

            PacketType type = qos == 1 ? PacketType.PUBACK : PacketType.PUBREC;
            assertThat(one.receive()).isEqualTo(new Ack(type, 7, Reason.PAYLOAD_FORMAT_INVALID, NONE));
        }
    }

    @Normative(v5 = "3.1.2-29")
    @Test
    void acknowledge_toClientThatWantsNoProblemInformation_bearsNoReasonString() throws Exception {
        Properties silent = Properties.builder()
                .number(Property.REQUEST_PROBLEM_INFORMATION, 0)
                .build();
        served.inlet.receipt = new Receipt.Undecodable("decode", "line 1");
        try (RawClient one = new RawClient(served.address(), Version.V5)) {
            one.connect("one", true, silent);
            one.publish("t", "x", 1, 7);

            assertThat(one.receive()).isEqualTo(new Ack(PacketType.PUBACK, 7, Reason.PAYLOAD_FORMAT_INVALID, NONE));
        }
    }

    @Normative(v5 = {"3.3.4-9", "3.3.4-10", "4.9.0-1", "4.9.0-2", "4.9.0-3"})
    @Test
    void deliver_withUsedUpQuota_holdsBackOnlyMessages() throws Exception {
        Properties one =
                Properties.builder().number(Property.RECEIVE_MAXIMUM, 1).build();
        try (RawClient client = new RawClient(served.address(), Version.V5)) {
            client.connect("one", true, one);
            client.subscribe("t", 2);
            publish("t", "first", 2, false);
            publish("t", "second", 1, false);
            Publish first = client.message();
            client.nothingElse();
            client.subscribe(new Request("u", 0, false, false, 0), NONE);
            client.publish("v", "x", 1, 9);
            assertThat(client.receive()).isInstanceOf(Ack.class);
            client.ack(PacketType.PUBREC, first.packetId());
            assertThat(client.receive()).isEqualTo(Ack.of(PacketType.PUBREL, first.packetId()));
            client.nothingElse();
            client.ack(PacketType.PUBCOMP, first.packetId());

            assertThat(RawClient.text(client.message())).isEqualTo("second");
        }
    }
}
