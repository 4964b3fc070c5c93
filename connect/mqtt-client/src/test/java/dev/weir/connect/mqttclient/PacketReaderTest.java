package dev.weir.connect.mqttclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a hostile broker may send.
class PacketReaderTest {
    private static PacketReader reader(byte[] bytes) {
        return new PacketReader(new ByteArrayInputStream(bytes), true, 1024);
    }

    private static Packet read(String hex) throws IOException {
        return reader(HexFormat.of().parseHex(hex)).read();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "3600", // QoS 3
                "30020000", // no topic
                "3003000161", // no properties
                "3205000161000000", // packet identifier 0
                "300400016101", // properties longer than the packet
                "30060001610202ff", // a property longer than the properties
                "30040001ff00", // ill-formed UTF-8
                "300400010000", // U+0000
                "30ffffffff01", // a length of five bytes
                "90ffffff7f", // a SUBACK of 256 MB
                "1000", // CONNECT
                "400100", // a packet identifier of one byte
            })
    void read_malformed_isAProtocolError(String hex) {
        assertThatThrownBy(() -> read(hex)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void read_hugeMessage_isPassedOverWithoutMemory() throws IOException {
        // 256 MB announced; the body is made while it is read.
        byte[] head = HexFormat.of().parseHex("32ffffff7f0001610007");
        InputStream endless = new java.io.SequenceInputStream(new ByteArrayInputStream(head), new Zeros());
        Packet packet = new PacketReader(endless, true, 1024).read();
        assertThat(packet).isInstanceOfSatisfying(Packet.Publish.class, message -> {
            assertThat(message.oversized()).isTrue();
            assertThat(message.id()).isEqualTo(7);
        });
    }

    /// Costs nothing to read.
    private static final class Zeros extends InputStream {
        @Override
        public int read() {
            return 0;
        }

        @Override
        public long skip(long n) {
            return n;
        }

        @Override
        public int available() {
            return 1 << 20;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "3", "999999"})
    void read_hops_areCounted(String hops) throws IOException {
        byte[] packet = new Encoder(true).publish("t", new byte[0], 1, false, 1, null, Integer.parseInt(hops));
        Packet.Publish message = (Packet.Publish) reader(packet).read();
        assertThat(message.properties().hops()).isEqualTo(Integer.parseInt(hops));
    }

    @Test
    void read_randomBytes_endsWithAnIoException() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            PacketReader reader = reader(bytes);
            assertThatThrownBy(() -> {
                        while (true) {
                            reader.read();
                        }
                    })
                    .as("seed %d, case %d", seed, i)
                    .isInstanceOfAny(EOFException.class, ProtocolException.class);
        }
    }
}
