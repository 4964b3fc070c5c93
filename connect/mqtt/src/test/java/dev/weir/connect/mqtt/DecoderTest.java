package dev.weir.connect.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.util.HexFormat;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@NullUnmarked
class DecoderTest {
    private static final String V3_CONNECT = "10 0d 0004 4d515454 04 02 0000 0001 61";

    private static Decoder fed(Version version, String hex) throws Exception {
        Decoder decoder = new Decoder(1000, version);
        decoder.fill(new ByteArrayInputStream(HexFormat.of().parseHex(hex.replace(" ", ""))));
        return decoder;
    }

    @ParameterizedTest(name = "{2}: {0}")
    @CsvSource(delimiter = '|', textBlock = """
            00 00                                     | MALFORMED_PACKET    | packet type 0 is reserved
            11 00                                     | MALFORMED_PACKET    | MQTT-2.1.3-1 flags of CONNECT
            30 00                                     | PROTOCOL_ERROR      | MQTT-3.1.0-1 PUBLISH before CONNECT
            10 ff ff ff ff 01                         | MALFORMED_PACKET    | MQTT-1.5.5-1 five length bytes
            10 ff ff ff 7f                            | PACKET_TOO_LARGE    | 256 MiB announced
            10 0d 0004 4d515454 04 03 0000 0001 61    | MALFORMED_PACKET    | MQTT-3.1.2-3 reserved connect flag
            10 0d 0004 4d515454 04 0a 0000 0001 61    | MALFORMED_PACKET    | MQTT-3.1.2-11 will QoS without will
            10 0d 0004 4d515454 04 22 0000 0001 61    | MALFORMED_PACKET    | MQTT-3.1.2-13 will retain without will
            10 0d 0004 4d515454 04 1e 0000 0001 61    | MALFORMED_PACKET    | MQTT-3.1.2-12 will QoS 3
            10 0d 0004 4d515454 04 42 0000 0001 61    | MALFORMED_PACKET    | MQTT-3.1.2-22 password without user
            10 0d 0004 4d515454 06 02 0000 0001 61    | UNSUPPORTED_VERSION | MQTT-3.1.2-2 level 6
            10 0f 0006 4d5149736470 03 02 0000 0001 61| UNSUPPORTED_VERSION | level 3
            10 0d 0004 4e515454 04 02 0000 0001 61    | MALFORMED_PACKET    | MQTT-3.1.2-1 protocol name
            10 0e 0004 4d515454 04 02 0000 0001 61 00 | MALFORMED_PACKET    | one byte too many
            10 0d 0004 4d515454 04 02 0000 0002 61    | MALFORMED_PACKET    | text longer than the packet
            10 0d 0004 4d515454 04 02 0000 0001 00    | MALFORMED_PACKET    | MQTT-1.5.4-2 U+0000
            10 0d 0004 4d515454 04 02 0000 0001 ff    | MALFORMED_PACKET    | MQTT-1.5.4-1 not UTF-8
            10 0f 0004 4d515454 04 02 0000 0003 eda080| MALFORMED_PACKET    | MQTT-1.5.4-1 surrogate
            """)
    void next_ofBadFirstPacket_throws(String hex, Reason reason, String what) throws Exception {
        Decoder decoder = fed(null, hex);

        assertThatThrownBy(decoder::next)
                .as(what)
                .isInstanceOfSatisfying(
                        Violation.class, it -> assertThat(it.reason()).isEqualTo(reason));
    }

    @ParameterizedTest(name = "{0} {3}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            V3_1_1 | 36 05 0001 61 0001            | MALFORMED_PACKET   | MQTT-3.3.1-4 QoS 3
            V3_1_1 | 38 03 0001 61                 | MALFORMED_PACKET   | MQTT-3.3.1-2 DUP with QoS 0
            V3_1_1 | 30 02 0000                    | TOPIC_NAME_INVALID | MQTT-4.7.3-1 empty topic
            V3_1_1 | 30 05 0003 612f23             | TOPIC_NAME_INVALID | MQTT-3.3.2-2 wildcard # in a topic
            V3_1_1 | 30 05 0003 2b2f61             | TOPIC_NAME_INVALID | MQTT-3.3.2-2 wildcard + in a topic
            V3_1_1 | 30 03 0001 00                 | MALFORMED_PACKET   | MQTT-4.7.3-2 U+0000 in a topic
            V3_1_1 | 32 05 0001 61 0000            | PROTOCOL_ERROR     | MQTT-2.2.1-3 packet identifier 0
            V3_1_1 | 32 03 0001 61                 | MALFORMED_PACKET   | no packet identifier
            V3_1_1 | 40 03 0001 00                 | MALFORMED_PACKET   | PUBACK too long
            V3_1_1 | 60 02 0001                    | MALFORMED_PACKET   | MQTT-3.6.1-1 flags of PUBREL
            V3_1_1 | 80 06 0001 0001 61 00         | MALFORMED_PACKET   | MQTT-3.8.1-1 flags of SUBSCRIBE
            V3_1_1 | 82 02 0001                    | PROTOCOL_ERROR     | MQTT-3.8.3-2 no filter
            V3_1_1 | 82 06 0001 0001 61 03         | MALFORMED_PACKET   | MQTT-3.8.3-5 QoS 3 asked for
            V3_1_1 | 82 06 0001 0001 61 04         | MALFORMED_PACKET   | reserved bits in 3.1.1
            V3_1_1 | a2 02 0001                    | PROTOCOL_ERROR     | MQTT-3.10.3-2 no filter
            V3_1_1 | c0 01 00                      | MALFORMED_PACKET   | PINGREQ with a body
            V3_1_1 | f0 00                         | MALFORMED_PACKET   | AUTH in 3.1.1
            V3_1_1 | e0 01 00                      | MALFORMED_PACKET   | DISCONNECT with a body in 3.1.1
            V5     | 30 03 0000 00                 | PROTOCOL_ERROR     | MQTT-3.3.2-8 neither topic nor alias
            V5     | 30 06 0001 61 02 0102         | PROTOCOL_ERROR     | payload format 2
            V5     | 30 08 0001 61 04 0100 0101    | PROTOCOL_ERROR     | property twice
            V5     | 30 06 0001 61 02 1300         | MALFORMED_PACKET   | property of another packet
            V5     | 30 06 0001 61 02 7f00         | MALFORMED_PACKET   | unknown property
            V5     | 30 05 0001 61 05 01           | MALFORMED_PACKET   | properties longer than the packet
            V5     | 82 09 0001 02 0b00 0001 61 00 | PROTOCOL_ERROR     | subscription identifier 0
            V5     | 82 07 0001 00 0001 61 40      | MALFORMED_PACKET   | MQTT-3.8.3-5 reserved option bits
            V5     | 82 07 0001 00 0001 61 30      | MALFORMED_PACKET   | retain handling 3
            V5     | 82 10 0001 00 000a 2473686172652f672f61 04 | PROTOCOL_ERROR     | MQTT-3.8.3-4 no-local shared
            V5     | 40 03 0001 7e                 | MALFORMED_PACKET   | unknown reason code
            V5     | e0 01 7e                      | MALFORMED_PACKET   | unknown reason code
            """)
    void next_ofBadPacket_throws(Version version, String hex, Reason reason, String what) throws Exception {
        Decoder decoder = fed(version, hex);

        assertThatThrownBy(decoder::next)
                .as(what)
                .isInstanceOfSatisfying(
                        Violation.class, it -> assertThat(it.reason()).isEqualTo(reason));
    }

    @Test
    void next_ofHalfAPacket_isNullAndTakesNoMemoryForTheRest() throws Exception {
        Decoder decoder = new Decoder(1 << 21, Version.V3_1_1);
        byte[] beginning = HexFormat.of().parseHex("30ffff3f000161");

        decoder.fill(new ByteArrayInputStream(beginning));

        assertThat(decoder.next()).isNull();
        assertThat(decoder.hasPartial()).isTrue();
        assertThat(decoder.capacity()).isEqualTo(Decoder.QUIET);
    }

    @Test
    void fill_afterALargePacket_shrinksAgain() throws Exception {
        Decoder decoder = new Decoder(1 << 20, Version.V3_1_1);
        Encoder out = new Encoder(64);
        byte[] payload = new byte[200_000];
        out.write(
                new Packet.Publish(false, 0, false, "a", 0, Properties.NONE, payload, 0, payload.length),
                Version.V3_1_1);
        ByteArrayInputStream in = new ByteArrayInputStream(out.array(), 0, out.size());
        Packet packet = null;
        while (packet == null) {
            decoder.fill(in);
            packet = decoder.next();
        }
        for (int i = 0; i < 40; i++) {
            decoder.fill(new ByteArrayInputStream(new byte[] {(byte) 0xc0, 0}));
            decoder.next();
        }

        assertThat(decoder.capacity()).isEqualTo(Decoder.QUIET);
    }

    @Test
    void next_ofRepeatedTopic_givesTheSameString() throws Exception {
        Decoder decoder = fed(Version.V3_1_1, "30 05 0003 612f62" + "30 05 0003 612f62" + "30 05 0003 612f63");

        String first = ((Packet.Publish) decoder.next()).topic();
        String second = ((Packet.Publish) decoder.next()).topic();
        String third = ((Packet.Publish) decoder.next()).topic();

        assertThat(second).isSameAs(first).isEqualTo("a/b");
        assertThat(third).isEqualTo("a/c");
    }

    @Test
    void next_ofSecondConnect_throws() throws Exception {
        Decoder decoder = fed(null, V3_CONNECT + V3_CONNECT);
        decoder.next();

        assertThatThrownBy(decoder::next)
                .as("MQTT-3.1.0-2")
                .isInstanceOfSatisfying(
                        Violation.class, it -> assertThat(it.reason()).isEqualTo(Reason.PROTOCOL_ERROR));
    }
}
