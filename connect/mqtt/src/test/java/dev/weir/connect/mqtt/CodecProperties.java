package dev.weir.connect.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/// Random packets and random bytes. A failure names the seed; `-Dseed=N` replays it.
@NullUnmarked
class CodecProperties {
    private static final long SEED = Long.getLong("seed", System.nanoTime());

    private final Random random = new Random(SEED);

    @Test
    void decode_ofEncodedPackets_givesThemBackHoweverTheyAreCut() throws Exception {
        for (int round = 0; round < 300; round++) {
            Version version = random.nextBoolean() ? Version.V5 : Version.V3_1_1;
            List<Packet> sent = new ArrayList<>();
            int number = 1 + random.nextInt(20);
            for (int i = 0; i < number; i++) {
                sent.add(packet(version));
            }
            Encoder out = new Encoder(16);
            sent.forEach(packet -> out.write(packet, version));

            assertThat(decodeInPieces(out, version))
                    .as("seed %d round %d", SEED, round)
                    .isEqualTo(sent);
        }
    }

    @Test
    void decode_ofConnect_givesItBack() throws Exception {
        for (int round = 0; round < 300; round++) {
            Packet.Connect connect = connect(random.nextBoolean() ? Version.V5 : Version.V3_1_1);
            Encoder out = new Encoder(16);
            out.write(connect, connect.version());

            assertThat(decodeInPieces(out, null))
                    .as("seed %d round %d", SEED, round)
                    .containsExactly(connect);
        }
    }

    /// Flips, cuts and joins valid packets, which reaches deeper than random bytes.
    @Test
    void decode_ofDamagedPackets_throwsNothingButViolationAndStaysSmall() {
        long until = System.nanoTime() + 3_000_000_000L;
        int rounds = 0;
        while (System.nanoTime() < until) {
            rounds++;
            Version version = random.nextInt(3) == 0 ? null : random.nextBoolean() ? Version.V5 : Version.V3_1_1;
            byte[] bytes = damaged(version);
            Decoder decoder = new Decoder(1 << 20, version);
            try {
                drain(decoder, bytes);
            } catch (Violation expected) {
                assertThat(expected.reason().isError()).isTrue();
            } catch (Throwable unexpected) {
                throw new AssertionError("seed " + SEED + " round " + rounds, unexpected);
            }
            assertThat(decoder.capacity())
                    .as("seed %d round %d", SEED, rounds)
                    .isLessThanOrEqualTo(Math.max(Decoder.BUSY, 2 * bytes.length + Decoder.QUIET));
        }
        System.out.println("codec fuzz: seed=" + SEED + " rounds=" + rounds);
        assertThat(rounds).isPositive();
    }

    private static void drain(Decoder decoder, byte[] bytes) throws Exception {
        ByteArrayInputStream in = new ByteArrayInputStream(bytes);
        while (decoder.fill(in) > 0) {
            Packet packet = decoder.next();
            while (packet != null) {
                packet = decoder.next();
            }
        }
    }

    private byte[] damaged(Version version) {
        Encoder out = new Encoder(64);
        Version spoken = version == null ? Version.V5 : version;
        if (version == null) {
            out.write(connect(random.nextBoolean() ? Version.V5 : Version.V3_1_1), Version.V5);
        }
        for (int i = random.nextInt(4); i >= 0; i--) {
            out.write(packet(spoken), spoken);
        }
        byte[] bytes = java.util.Arrays.copyOf(out.array(), out.size());
        for (int i = random.nextInt(4); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(4) == 0 ? java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
    }

    private List<Packet> decodeInPieces(Encoder out, Version version) throws Exception {
        Decoder decoder = new Decoder(1 << 20, version);
        List<Packet> packets = new ArrayList<>();
        int position = 0;
        while (position < out.size()) {
            int piece = Math.min(1 + random.nextInt(random.nextBoolean() ? 5 : 5000), out.size() - position);
            ByteArrayInputStream in = new ByteArrayInputStream(out.array(), position, piece);
            while (in.available() > 0) {
                decoder.fill(in);
                Packet packet = decoder.next();
                while (packet != null) {
                    packets.add(detached(packet));
                    packet = decoder.next();
                }
            }
            position += piece;
        }
        return packets;
    }

    /// The view of a payload ends with the next read.
    private static Packet detached(Packet packet) {
        return packet instanceof Packet.Publish p
                ? new Packet.Publish(
                        p.dup(),
                        p.qos(),
                        p.retain(),
                        p.topic(),
                        p.packetId(),
                        p.properties(),
                        p.payload(),
                        0,
                        p.length())
                : packet;
    }

    // --- random packets ------------------------------------------------------------------------------

    private Packet packet(Version version) {
        boolean v5 = version == Version.V5;
        return switch (random.nextInt(v5 ? 12 : 11)) {
            case 0, 1, 2 -> publish(version);
            case 3 ->
                new Packet.ConnAck(
                        random.nextBoolean(),
                        random.nextBoolean() ? Reason.SUCCESS : Reason.CLIENT_ID_NOT_VALID,
                        properties(version, PacketType.CONNACK));
            case 4 -> {
                PacketType type = List.of(PacketType.PUBACK, PacketType.PUBREC, PacketType.PUBREL, PacketType.PUBCOMP)
                        .get(random.nextInt(4));
                Reason reason = v5 && random.nextBoolean() ? Reason.QUOTA_EXCEEDED : Reason.SUCCESS;
                yield new Packet.Ack(type, id(), reason, properties(version, type));
            }
            case 5 -> new Packet.Subscribe(id(), many(() -> request(v5)), properties(version, PacketType.SUBSCRIBE));
            case 6 ->
                new Packet.SubAck(
                        id(),
                        properties(version, PacketType.SUBACK),
                        many(() -> random.nextBoolean() ? Reason.GRANTED_QOS_1 : Reason.UNSPECIFIED));
            case 7 -> new Packet.Unsubscribe(id(), many(this::text), properties(version, PacketType.UNSUBSCRIBE));
            case 8 -> new Packet.PingReq();
            case 9 -> new Packet.PingResp();
            case 10 ->
                new Packet.Disconnect(
                        v5 && random.nextBoolean() ? Reason.KEEP_ALIVE_TIMEOUT : Reason.SUCCESS,
                        properties(version, PacketType.DISCONNECT));
            default -> new Packet.Auth(Reason.CONTINUE_AUTHENTICATION, properties(version, PacketType.AUTH));
        };
    }

    private Packet.Publish publish(Version version) {
        int qos = random.nextInt(3);
        byte[] payload = new byte[random.nextInt(10) == 0 ? random.nextInt(40_000) : random.nextInt(200)];
        random.nextBytes(payload);
        return new Packet.Publish(
                qos > 0 && random.nextBoolean(),
                qos,
                random.nextBoolean(),
                "t/" + text(),
                qos == 0 ? 0 : id(),
                properties(version, PacketType.PUBLISH),
                payload,
                0,
                payload.length);
    }

    private Packet.Request request(boolean v5) {
        return new Packet.Request(
                "f/" + text(),
                random.nextInt(3),
                v5 && random.nextBoolean(),
                v5 && random.nextBoolean(),
                v5 ? random.nextInt(3) : 0);
    }

    private Packet.Connect connect(Version version) {
        boolean user = random.nextBoolean();
        Packet.Will will = random.nextBoolean()
                ? null
                : new Packet.Will(
                        "w/" + text(), bytes(), random.nextInt(3), random.nextBoolean(), properties(version, null));
        return new Packet.Connect(
                version,
                text(),
                random.nextBoolean(),
                random.nextInt(65_536),
                will,
                user ? text() : null,
                user && random.nextBoolean() ? bytes() : null,
                properties(version, PacketType.CONNECT));
    }

    private Properties properties(Version version, PacketType type) {
        if (version == Version.V3_1_1 || random.nextBoolean()) {
            return Properties.NONE;
        }
        Properties.Builder builder = Properties.builder();
        for (Property property : Property.values()) {
            if (property.allowedIn(type) && property != Property.AUTHENTICATION_DATA && random.nextInt(3) == 0) {
                set(builder, property);
            }
        }
        return builder.build();
    }

    private void set(Properties.Builder builder, Property property) {
        switch (property.form()) {
            case FLAG -> builder.number(property, random.nextInt(2));
            case SHORT, SHORT_ABOVE_ZERO -> builder.number(property, id());
            case INT, INT_ABOVE_ZERO -> builder.number(property, 1 + random.nextInt(Integer.MAX_VALUE));
            case VARINT -> builder.subscriptionId(1 + random.nextInt(WireWriter.VARINT_MAX));
            case TEXT -> builder.text(property, text());
            case BINARY -> builder.binary(property, bytes());
            case PAIR -> builder.pair(text(), text()).pair(text(), "");
        }
    }

    private int id() {
        return 1 + random.nextInt(65_535);
    }

    private byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(20)];
        random.nextBytes(bytes);
        return bytes;
    }

    private String text() {
        String letters = "abcdefghij/-_0123456789äß°€😀";
        int[] points = letters.codePoints().toArray();
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i >= 0; i--) {
            text.appendCodePoint(points[random.nextInt(points.length)]);
        }
        return text.toString();
    }

    private <T> List<T> many(Supplier<T> one) {
        return IntStream.rangeClosed(0, random.nextInt(4))
                .mapToObj(i -> one.get())
                .toList();
    }
}
