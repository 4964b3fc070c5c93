package dev.weir.connect.mqtt;

import dev.weir.connect.mqtt.Packet.Request;
import dev.weir.engine.Meters;
import dev.weir.engine.Upgrades;
import dev.weir.engine.access.Access;
import dev.weir.engine.config.HostPort;
import dev.weir.testkit.CountingMeters;
import dev.weir.testkit.Eventually;
import dev.weir.testkit.Fuzz;
import dev.weir.testkit.RecordingInlet;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/// Hostile clients: sequences of packets that were right before they were changed, against the
/// decoder and against a server.
@NullUnmarked
class PacketFuzzIT {
    private static final int PATIENCE_MILLIS = 60_000;

    private static Fuzz fuzz(String name) {
        Fuzz fuzz = Fuzz.of(name).changing(PacketFuzzIT::rearranged).words("\u0000", "+", "#", "$share/g/t", "$SYS/#");
        for (Version version : Version.values()) {
            fuzz.seed(conversation(version));
        }
        return fuzz;
    }

    /// Everything that a client may send, in a sensible order.
    private static byte[] conversation(Version version) {
        Properties some =
                version == Version.V5 ? Properties.builder().pair("k", "v").build() : Properties.NONE;
        Encoder out = new Encoder(512);
        byte[] words = {'b', 'y', 'e'};
        Packet.Will will = new Packet.Will("t/will", words, 1, true, Properties.NONE);
        out.write(new Packet.Connect(version, "fuzz", true, 30, will, "user", words, Properties.NONE), version);
        for (Packet packet : List.of(
                new Packet.Subscribe(1, List.of(new Request("t/#", 2, false, false, 0)), some),
                RawClient.publishing(false, "t/a", "0", 0, 0, false, some),
                RawClient.publishing(false, "t/b", "1", 1, 2, true, some),
                RawClient.publishing(false, "t/c", "2", 2, 3, false, some),
                Packet.Ack.of(PacketType.PUBREL, 3),
                Packet.Ack.of(PacketType.PUBACK, 1),
                Packet.Ack.of(PacketType.PUBREC, 2),
                Packet.Ack.of(PacketType.PUBCOMP, 2),
                new Packet.Unsubscribe(4, List.of("t/#"), some),
                new Packet.PingReq(),
                new Packet.Disconnect(Reason.SUCCESS, Properties.NONE))) {
            out.write(packet, version);
        }
        return Arrays.copyOf(out.array(), out.size());
    }

    /// Swaps, repeats or leaves out whole packets, and mends their lengths now and then.
    private static byte[] rearranged(byte[] input, Random random) {
        List<byte[]> packets = cut(input);
        if (packets.isEmpty()) {
            return input;
        }
        int one = random.nextInt(packets.size());
        int other = random.nextInt(packets.size());
        switch (random.nextInt(4)) {
            case 0 -> packets.add(other, packets.get(one));
            case 1 -> packets.remove(one);
            case 2 -> packets.set(one, packets.set(other, packets.get(one)));
            default -> packets.set(one, damaged(packets.get(one), random));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        packets.forEach(out::writeBytes);
        return out.toByteArray();
    }

    /// Changes the body of a short packet and says its length truthfully.
    private static byte[] damaged(byte[] packet, Random random) {
        if (packet.length < 3 || packet.length > 120) {
            return packet;
        }
        byte[] body = Arrays.copyOfRange(packet, 2, packet.length);
        body[random.nextInt(body.length)] = (byte) random.nextInt();
        if (random.nextBoolean()) {
            body = Arrays.copyOf(body, Math.max(0, body.length + random.nextInt(5) - 2));
        }
        byte[] output = new byte[body.length + 2];
        output[0] = random.nextInt(8) == 0 ? (byte) random.nextInt() : packet[0];
        output[1] = (byte) body.length;
        System.arraycopy(body, 0, output, 2, body.length);
        return output;
    }

    /// The packets of less than 128 bytes at the beginning, and the rest.
    private static List<byte[]> cut(byte[] input) {
        List<byte[]> packets = new ArrayList<>();
        int at = 0;
        while (at + 1 < input.length && input[at + 1] >= 0 && at + 2 + input[at + 1] <= input.length) {
            packets.add(Arrays.copyOfRange(input, at, at + 2 + input[at + 1]));
            at += 2 + input[at + 1];
        }
        if (at < input.length) {
            packets.add(Arrays.copyOfRange(input, at, input.length));
        }
        return packets;
    }

    @Test
    void decoder_anyBytes_decodesOrNamesTheViolation() throws Exception {
        fuzz("mqtt-decoder").allocating(200_000, 400).run(input -> {
            Decoder decoder = new Decoder(1 << 20);
            ByteArrayInputStream in = new ByteArrayInputStream(input);
            List<Object> seen = new ArrayList<>();
            try {
                while (decoder.fill(in) > 0) {
                    for (Packet packet = decoder.next(); packet != null; packet = decoder.next()) {
                        if (seen.size() < 6) {
                            seen.add(packet.type());
                        }
                    }
                }
            } catch (Violation violation) {
                seen.add(violation.reason() + " " + violation.detail());
            }
            return seen;
        });
    }

    @Test
    void server_anyBytes_answersWithPacketsAndClosesWithTheRightCode() throws Exception {
        RecordingInlet inlet = new RecordingInlet();
        inlet.keep = false;
        CountingMeters meters = new CountingMeters();
        MqttServer server = server(meters);
        server.open(inlet);
        try {
            fuzz("mqtt-server").run(input -> converse(server, meters, input));
            Eventually.until("all connections have ended", () -> server.connections() == 0);
        } finally {
            server.close();
        }
    }

    private static MqttServer server(Meters meters) {
        MqttOptions options = MqttOptions.of(changes -> {
            changes.listen = new HostPort("127.0.0.1", 0);
            changes.maxPacketBytes = 64 * 1024;
        });
        return new MqttServer(
                "fuzz", options, new MqttServer.Surrounding(meters, Access.open(), Upgrades.none(), System::nanoTime));
    }

    /// Sends it, says that nothing more comes, and reads all that the server has to say.
    private static Object converse(MqttServer server, CountingMeters meters, byte[] input) throws Exception {
        List<Object> seen = new ArrayList<>();
        try (Socket socket = new Socket()) {
            socket.setSoLinger(true, 0);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(server.address(), PATIENCE_MILLIS);
            try {
                socket.getOutputStream().write(input);
                socket.shutdownOutput();
                read(socket, spoken(input), seen);
            } catch (SocketTimeoutException silence) {
                throw new AssertionError("the server neither answers nor closes; so far " + seen, silence);
            } catch (IOException reset) {
                seen.add("reset");
            }
        }
        // A defect of the server's own ends a connection with this reason, and nothing else does.
        long defects =
                meters.count("weir_mqtt_connections_closed", "source", "fuzz", "reason", Reason.UNSPECIFIED.word());
        if (defects != 0) {
            throw new AssertionError("the server failed; it said " + seen);
        }
        return seen;
    }

    private static void read(Socket socket, Version version, List<Object> seen) throws Exception {
        Decoder decoder = new Decoder(1 << 20, version);
        boolean ended = false;
        int packets = 0;
        while (decoder.fill(socket.getInputStream()) >= 0) {
            for (Packet packet = decoder.next(); packet != null; packet = decoder.next()) {
                if (ended) {
                    throw new AssertionError(packet + " came after " + seen);
                }
                if (packets++ == 0 && !(packet instanceof Packet.ConnAck)) {
                    throw new AssertionError("the first packet must be CONNACK, but was " + packet);
                }
                ended = check(packet, version);
                if (seen.size() < 8) {
                    seen.add(packet instanceof Packet.Disconnect(Reason reason, Properties _) ? reason : packet.type());
                }
            }
        }
        if (decoder.hasPartial()) {
            throw new AssertionError("the server's last packet is not whole, after " + seen);
        }
    }

    /// Whether nothing may follow.
    private static boolean check(Packet packet, Version version) {
        return switch (packet) {
            case Packet.ConnAck(boolean _, Reason reason, Properties _) -> reason.isError();
            case Packet.Disconnect(Reason reason, Properties _) -> {
                if (version == Version.V3_1_1 || !reason.isError()) {
                    throw new AssertionError("DISCONNECT " + reason + " to a client of " + version);
                }
                yield true;
            }
            case Packet.Connect _, Packet.Subscribe _, Packet.Unsubscribe _, Packet.PingReq _ ->
                throw new AssertionError("a server must not send " + packet);
            case Packet.Publish _, Packet.Ack _, Packet.SubAck _, Packet.UnsubAck _, Packet.PingResp _ -> false;
            case Packet.Auth auth -> throw new AssertionError("not offered: " + auth);
        };
    }

    /// The version of the CONNECT at the beginning, which is how the server answers: as in 3.1.1 to
    /// a version that it does not know, and as in 5 where there is none.
    private static Version spoken(byte[] input) {
        Decoder decoder = new Decoder(1 << 20);
        try {
            ByteArrayInputStream in = new ByteArrayInputStream(input);
            Packet first = null;
            while (first == null && decoder.fill(in) > 0) {
                first = decoder.next();
            }
            return first instanceof Packet.Connect connect ? connect.version() : Version.V5;
        } catch (Violation violation) {
            boolean other = violation.reason() == Reason.UNSUPPORTED_VERSION;
            return other ? Version.V3_1_1 : Objects.requireNonNullElse(decoder.version(), Version.V5);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
