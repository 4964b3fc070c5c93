package dev.weir.connect.mqttclient;

import dev.weir.connect.mqttclient.Packet.Connack;
import dev.weir.connect.mqttclient.Packet.Disconnect;
import dev.weir.connect.mqttclient.Packet.Kind;
import dev.weir.connect.mqttclient.Packet.Pingresp;
import dev.weir.connect.mqttclient.Packet.Publish;
import dev.weir.connect.mqttclient.Packet.Step;
import dev.weir.connect.mqttclient.Packet.Suback;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Optional;

/// Takes a broker's bytes apart. A packet's size is checked before memory is taken for it. For one
/// thread.
final class PacketReader {
    /// A topic and a packet identifier at most: what is read of a message that is too large.
    private static final int MAX_HEAD = 2 + 0xffff + 2;

    private final InputStream in;
    private final boolean five;
    private final int maxPacket;

    PacketReader(InputStream in, boolean five, int maxPacket) {
        this.in = in;
        this.five = five;
        this.maxPacket = maxPacket;
    }

    /// Waits for the next packet.
    ///
    /// @throws EOFException if the broker has hung up
    /// @throws ProtocolException if this is not MQTT, or a packet other than a message is too large
    Packet read() throws IOException {
        int first = one();
        int length = length();
        int type = first >> 4;
        try {
            if (length > maxPacket) {
                if (type != 3) {
                    throw new ProtocolException("a packet of type " + type + " announced " + length
                            + " bytes; max-packet allows " + maxPacket);
                }
                return oversized(first, length);
            }
            byte[] body = in.readNBytes(length);
            if (body.length < length) {
                throw new EOFException("the broker hung up within a packet");
            }
            return type == 3 ? publish(first, body) : packet(type, ByteBuffer.wrap(body));
        } catch (BufferUnderflowException early) {
            throw new ProtocolException("a packet of type " + type + " ends too early");
        }
    }

    private int one() throws IOException {
        int value = in.read();
        if (value < 0) {
            throw new EOFException("the broker hung up");
        }
        return value;
    }

    private int length() throws IOException {
        int value = 0;
        for (int shift = 0; shift < 28; shift += 7) {
            int next = one();
            value |= (next & 0x7f) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw new ProtocolException("a packet's length has more than four bytes");
    }

    /// Reads what is needed to acknowledge a message that is too large, and passes over the rest.
    private Packet oversized(int first, int length) throws IOException {
        int qos = qos(first);
        int topicLength = (one() << 8) | one();
        int rest = (qos == 0 ? 0 : 2) + topicLength;
        if (rest + 2 > Math.min(length, MAX_HEAD)) {
            throw new ProtocolException("a message's topic is longer than its packet");
        }
        byte[] head = new byte[2 + rest];
        head[0] = (byte) (topicLength >> 8);
        head[1] = (byte) topicLength;
        if (in.readNBytes(head, 2, rest) < rest) {
            throw new EOFException("the broker hung up within a packet");
        }
        in.skipNBytes(length - 2L - rest);
        ByteBuffer from = ByteBuffer.wrap(head);
        String topic = Wire.text(from);
        return new Publish(topic, qos, qos == 0 ? 0 : id(from), head, head.length, true, Properties.NONE);
    }

    private Packet packet(int type, ByteBuffer body) throws ProtocolException {
        return switch (type) {
            case 2 -> connack(body);
            case 4 -> step(Kind.PUBACK, body);
            case 5 -> step(Kind.PUBREC, body);
            case 6 -> step(Kind.PUBREL, body);
            case 7 -> step(Kind.PUBCOMP, body);
            case 9 -> suback(body);
            case 13 -> new Pingresp();
            case 14 -> disconnect(body);
            default -> throw new ProtocolException("a broker does not send packets of type " + type);
        };
    }

    private Packet connack(ByteBuffer body) throws ProtocolException {
        boolean present = (body.get() & 1) != 0;
        int reason = body.get() & 0xff;
        // A broker that only knows 3.1.1 refuses without properties.
        return new Connack(present, reason, five && body.hasRemaining() ? Properties.read(body) : Properties.NONE);
    }

    private Packet publish(int first, byte[] bytes) throws ProtocolException {
        int qos = qos(first);
        ByteBuffer body = ByteBuffer.wrap(bytes);
        String topic = Wire.text(body);
        if (topic.isEmpty()) {
            throw new ProtocolException("a message has no topic, but no topic aliases were asked for");
        }
        int id = qos == 0 ? 0 : id(body);
        Properties properties = five ? Properties.read(body) : Properties.NONE;
        return new Publish(topic, qos, id, bytes, body.position(), false, properties);
    }

    private static int qos(int first) throws ProtocolException {
        int qos = (first >> 1) & 3;
        if (qos == 3) {
            throw new ProtocolException("there is no QoS 3");
        }
        return qos;
    }

    private static int id(ByteBuffer from) throws ProtocolException {
        int id = from.getShort() & 0xffff;
        if (id == 0) {
            throw new ProtocolException("a packet identifier is 0");
        }
        return id;
    }

    private Packet step(Kind kind, ByteBuffer body) throws ProtocolException {
        int id = id(body);
        int reason = five && body.hasRemaining() ? body.get() & 0xff : 0;
        Optional<String> text =
                five && body.hasRemaining() ? Properties.read(body).text(Properties.REASON_STRING) : Optional.empty();
        return new Step(kind, id, reason, text.orElse(null));
    }

    private Packet suback(ByteBuffer body) throws ProtocolException {
        int id = id(body);
        if (five) {
            Properties.read(body);
        }
        int[] reasons = new int[body.remaining()];
        for (int i = 0; i < reasons.length; i++) {
            reasons[i] = body.get() & 0xff;
        }
        return new Suback(id, reasons);
    }

    private Packet disconnect(ByteBuffer body) throws ProtocolException {
        int reason = body.hasRemaining() ? body.get() & 0xff : 0;
        Optional<String> text =
                body.hasRemaining() ? Properties.read(body).text(Properties.REASON_STRING) : Optional.empty();
        return new Disconnect(reason, text.orElse(null));
    }
}
