package dev.weir.connect.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Chapters 1, 2 and 4.8 (4.13) of the standard: data types, fixed headers, and what becomes of a
/// packet that breaks their rules.
@NullUnmarked
class ConformanceFormatIT {
    @RegisterExtension
    final Served served = Served.withDefaults();

    ConformanceFormatIT() throws Exception {}

    private RawClient client(Version version) throws Exception {
        return RawClient.connected(served.address(), version, "one");
    }

    @Normative(
            v3 = {
                "1.5.3-1", "1.5.3-2", "2.2.2-1", "2.2.2-2", "2.3.1-1", "3.3.1-2", "3.3.1-4", "3.3.2-1", "3.3.2-2",
                "3.6.1-1", "3.8.1-1", "3.8.3-1", "3.8.3-3", "3.8.3-4", "3.10.1-1", "3.10.3-1", "3.10.3-2", "3.14.1-1",
                "4.7.1-1", "4.7.3-1", "4.7.3-2", "4.8.0-1"
            })
    @ParameterizedTest(name = "{1}: {0}")
    @CsvSource(delimiter = '|', textBlock = """
            30 04 0002 ff61         | topic is not UTF-8
            30 05 0003 eda080       | topic has a surrogate
            30 04 0002 6100         | topic has U+0000
            30 02 0000              | empty topic
            30 05 0003 612f23       | # in a topic
            30 05 0003 2b2f61       | + in a topic
            36 05 0001 61 0001      | QoS 3
            38 03 0001 61           | DUP with QoS 0
            32 05 0001 61 0000      | PUBLISH with identifier 0
            41 02 0001              | flags of PUBACK
            60 02 0001              | flags of PUBREL
            80 06 0001 0001 61 00   | flags of SUBSCRIBE
            82 02 0001              | SUBSCRIBE without filter
            82 06 0000 0001 61 00   | SUBSCRIBE with identifier 0
            82 06 0001 0001 61 03   | SUBSCRIBE with QoS 3
            82 06 0001 0001 61 80   | SUBSCRIBE with a reserved bit
            82 06 0001 0001 ff 00   | SUBSCRIBE whose filter is not UTF-8
            82 06 0001 0001 00 00   | SUBSCRIBE whose filter has U+0000
            a0 05 0001 0001 61      | flags of UNSUBSCRIBE
            a2 02 0001              | UNSUBSCRIBE without filter
            a2 05 0000 0001 61      | UNSUBSCRIBE with identifier 0
            a2 05 0001 0001 ff      | UNSUBSCRIBE whose filter is not UTF-8
            c1 00                   | flags of PINGREQ
            e1 00                   | flags of DISCONNECT
            f0 00                   | packet type 15
            00 00                   | packet type 0
            20 02 0000              | CONNACK from a client
            90 03 0001 00           | SUBACK from a client
            d0 00                   | PINGRESP from a client
            """)
    void receive_ofBadPacketIn311_endsTheConnectionWithoutAnswer(String hex, String what) throws Exception {
        try (RawClient client = client(Version.V3_1_1)) {
            client.sendHex(hex);

            client.expectEnd(Reason.UNSPECIFIED);
        }
        assertThat(served.inlet.count).as(what).hasValue(0);
    }

    @Normative(
            v5 = {
                "1.5.4-1",
                "1.5.4-2",
                "1.5.7-1",
                "2.1.3-1",
                "3.3.1-2",
                "3.3.1-4",
                "3.3.2-1",
                "3.3.2-2",
                "3.3.2-8",
                "3.3.2-13",
                "3.3.2-14",
                "3.3.2-19",
                "3.6.1-1",
                "3.8.1-1",
                "3.8.3-1",
                "3.8.3-2",
                "3.8.3-4",
                "3.8.3-5",
                "3.10.1-1",
                "3.10.3-1",
                "3.10.3-2",
                "3.14.1-1",
                "3.15.1-1",
                "4.7.0-1",
                "4.7.3-1",
                "4.7.3-2",
                "4.13.1-1",
                "4.13.2-1",
                "3.14.4-2"
            })
    @ParameterizedTest(name = "{2}: {0}")
    @CsvSource(delimiter = '|', textBlock = """
            30 05 0002 ff61 00            | MALFORMED_PACKET   | topic is not UTF-8
            30 06 0003 eda080 00          | MALFORMED_PACKET   | topic has a surrogate
            30 05 0002 6100 00            | MALFORMED_PACKET   | topic has U+0000
            30 03 0000 00                 | PROTOCOL_ERROR     | empty topic without alias
            30 06 0003 612f23 00          | TOPIC_NAME_INVALID | # in a topic
            30 06 0003 2b2f61 00          | TOPIC_NAME_INVALID | + in a topic
            36 06 0001 61 0001 00         | MALFORMED_PACKET   | QoS 3
            38 04 0001 61 00              | MALFORMED_PACKET   | DUP with QoS 0
            32 06 0001 61 0000 00         | PROTOCOL_ERROR     | PUBLISH with identifier 0
            30 07 0001 61 03 230000       | TOPIC_ALIAS_INVALID| topic alias 0
            30 08 0001 61 04 08000161 00  | MALFORMED_PACKET   | bytes of properties beyond their length
            30 08 0001 61 04 080001ff     | MALFORMED_PACKET   | response topic is not UTF-8
            30 08 0001 61 04 08000123     | PROTOCOL_ERROR     | # in a response topic
            30 08 0001 61 04 0800012b     | PROTOCOL_ERROR     | + in a response topic
            30 08 0001 61 04 030001ff     | MALFORMED_PACKET   | content type is not UTF-8
            30 0b 0001 61 07 260001ff000162 | MALFORMED_PACKET | first half of a pair is not UTF-8
            30 0b 0001 61 07 26000161000100 | MALFORMED_PACKET | second half of a pair has U+0000
            30 06 0001 61 02 0b05         | PROTOCOL_ERROR     | subscription identifier from a client
            60 02 0001                    | MALFORMED_PACKET   | flags of PUBREL
            80 07 0001 00 0001 61 00      | MALFORMED_PACKET   | flags of SUBSCRIBE
            82 03 0001 00                 | PROTOCOL_ERROR     | SUBSCRIBE without filter
            82 07 0001 00 0001 61 03      | MALFORMED_PACKET   | SUBSCRIBE with QoS 3
            82 07 0001 00 0001 61 40      | MALFORMED_PACKET   | SUBSCRIBE with a reserved bit
            82 07 0001 00 0001 61 30      | MALFORMED_PACKET   | retain handling 3
            82 07 0001 00 0001 ff 00      | MALFORMED_PACKET   | SUBSCRIBE whose filter is not UTF-8
            82 10 0001 00 000a 2473686172652f672f61 04 | PROTOCOL_ERROR | no-local with a shared subscription
            a0 06 0001 00 0001 61         | MALFORMED_PACKET   | flags of UNSUBSCRIBE
            a2 03 0001 00                 | PROTOCOL_ERROR     | UNSUBSCRIBE without filter
            a2 06 0001 00 0001 ff         | MALFORMED_PACKET   | UNSUBSCRIBE whose filter is not UTF-8
            e1 00                         | MALFORMED_PACKET   | flags of DISCONNECT
            f1 00                         | MALFORMED_PACKET   | flags of AUTH
            f0 00                         | PROTOCOL_ERROR     | AUTH without a method in CONNECT
            20 03 00 00 00                | PROTOCOL_ERROR     | CONNACK from a client
            d0 00                         | PROTOCOL_ERROR     | PINGRESP from a client
            """)
    void receive_ofBadPacketIn5_endsTheConnectionWithItsCode(String hex, Reason reason, String what) throws Exception {
        try (RawClient client = client(Version.V5)) {
            client.sendHex(hex);

            client.expectEnd(reason);
        }
        assertThat(served.inlet.count).as(what).hasValue(0);
    }

    @Normative(v3 = "1.5.3-3", v5 = "1.5.4-3")
    @ParameterizedTest
    @EnumSource(Version.class)
    void publish_toTopicWithByteOrderMark_keepsIt(Version version) throws Exception {
        try (RawClient client = client(version)) {
            client.subscribe("\ufefft/+", 0);
            client.publish("\ufefft/\ufeffa", "x", 0, 0);

            assertThat(client.message().topic()).isEqualTo("\ufefft/\ufeffa");
            assertThat(served.inlet.next().address()).isEqualTo("\ufefft/\ufeffa");
        }
    }

    @Normative(
            v3 = {"2.3.1-5", "4.3.1-1"},
            v5 = {"2.2.1-2", "2.2.2-1", "4.3.1-1"})
    @ParameterizedTest
    @CsvSource({"V3_1_1,3004000174 78", "V5,300500017400 78"})
    void deliver_withQos0_hasNoIdentifierAndNoDup(Version version, String bytes) throws Exception {
        try (RawClient client = client(version)) {
            client.subscribe("t", 0);
            served.server.publish("t", "x".getBytes(StandardCharsets.UTF_8), 1, false, null);

            String expected = bytes.replace(" ", "");
            assertThat(client.hex(expected.length() / 2)).isEqualTo(expected);
        }
    }

    @Normative(v5 = "1.5.5-1")
    @ParameterizedTest
    @CsvSource({"123,307f", "124,308001", "16379,30ff7f", "16380,30808001"})
    void deliver_ofAnyLength_writesItShortest(int payload, String head) throws Exception {
        try (RawClient client = client(Version.V5)) {
            client.subscribe("t", 0);
            served.server.publish("t", new byte[payload], 0, false, null);

            assertThat(client.hex(head.length() / 2)).isEqualTo(head);
        }
    }

    @Normative(
            v3 = {"2.3.1-6", "2.3.1-7", "3.8.4-1", "3.8.4-2", "3.10.4-4", "3.12.4-1"},
            v5 = {"2.2.1-5", "2.2.1-6", "3.8.4-1", "3.8.4-2", "3.10.4-4", "3.10.4-5", "3.12.4-1"})
    @ParameterizedTest
    @EnumSource(Version.class)
    void answer_toRequest_bearsItsIdentifier(Version version) throws Exception {
        try (RawClient client = client(version)) {
            client.send(
                    new Packet.Subscribe(1001, List.of(new Packet.Request("s", 0, false, false, 0)), Properties.NONE));
            assertThat(client.receive())
                    .isInstanceOfSatisfying(
                            Packet.SubAck.class, it -> assertThat(it.packetId()).isEqualTo(1001));
            client.send(new Packet.Unsubscribe(1002, List.of("unknown"), Properties.NONE));
            assertThat(client.receive())
                    .isInstanceOfSatisfying(
                            Packet.UnsubAck.class,
                            it -> assertThat(it.packetId()).isEqualTo(1002));
            client.publish("s2", "a", 1, 1003);
            assertThat(client.receive()).isEqualTo(Packet.Ack.of(PacketType.PUBACK, 1003));
            client.publish("s2", "a", 2, 1004);
            assertThat(client.receive()).isEqualTo(Packet.Ack.of(PacketType.PUBREC, 1004));
            client.ack(PacketType.PUBREL, 1004);
            assertThat(client.receive()).isEqualTo(Packet.Ack.of(PacketType.PUBCOMP, 1004));
            client.send(new Packet.PingReq());
            assertThat(client.receive()).isEqualTo(new Packet.PingResp());
        }
    }

    @Normative(
            v3 = {"7.0.0-2", "7.1.1-1"},
            v5 = "4.2.0-1")
    @Test
    void serve_overPlainTcp_needsNoExtension() throws Exception {
        try (RawClient client = new RawClient(served.address(), Version.V3_1_1)) {
            client.sendHex("10 0d 0004 4d515454 04 02 0000 0001 61");

            assertThat(client.hex(4)).isEqualTo("20020000");
        }
    }
}
