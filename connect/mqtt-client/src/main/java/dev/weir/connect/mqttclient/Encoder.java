package dev.weir.connect.mqttclient;

import dev.weir.connect.mqttclient.Packet.Kind;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes the packets that a client sends.
///
/// @param five whether to speak MQTT 5; otherwise 3.1.1
record Encoder(boolean five) {
    /// What a client says of itself.
    ///
    /// @param expirySeconds how long the broker keeps the session
    /// @param receiveMaximum how many messages may be unacknowledged; not said in 3.1.1
    @SuppressWarnings("ArrayRecordComponent") // a secret, used once
    record Hello(
            String clientId,
            @Nullable String user,
            byte @Nullable [] password,
            boolean clean,
            int keepAliveSeconds,
            long expirySeconds,
            int receiveMaximum,
            int maxPacket) {}

    byte[] connect(Hello hello) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(128);
        Wire.putText(body, "MQTT");
        body.write(five ? 5 : 4);
        body.write((hello.clean() ? 2 : 0) | (hello.user() == null ? 0 : 0x80) | (hello.password() == null ? 0 : 0x40));
        Wire.putShort(body, hello.keepAliveSeconds());
        if (five) {
            ByteArrayOutputStream properties = new ByteArrayOutputStream(16);
            properties.write(Properties.SESSION_EXPIRY);
            Wire.putInt(properties, hello.expirySeconds());
            properties.write(Properties.RECEIVE_MAXIMUM);
            Wire.putShort(properties, hello.receiveMaximum());
            properties.write(Properties.MAXIMUM_PACKET_SIZE);
            Wire.putInt(properties, hello.maxPacket());
            putProperties(body, properties);
        }
        Wire.putText(body, hello.clientId());
        if (hello.user() != null) {
            Wire.putText(body, hello.user());
        }
        if (hello.password() != null) {
            Wire.putBinary(body, hello.password());
        }
        return packet(0x10, body);
    }

    byte[] subscribe(int id, List<String> filters, int qos) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(128);
        Wire.putShort(body, id);
        if (five) {
            body.write(0);
        }
        for (String filter : filters) {
            Wire.putText(body, filter);
            body.write(qos | (five ? options(filter) : 0));
        }
        return packet(0x82, body);
    }

    /// No-local, so that what this client itself publishes does not come back (a shared
    /// subscription must not say so), and retained messages only for a subscription that is new.
    private static int options(String filter) {
        return (filter.startsWith("$share/") ? 0 : 0x04) | 0x10;
    }

    /// @param id not sent at QoS 0
    /// @param hops how many nodes the message will have passed; not sent in 3.1.1
    byte[] publish(String topic, byte[] payload, int qos, boolean retain, int id, @Nullable String type, int hops) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(payload.length + 128);
        Wire.putText(body, topic);
        if (qos > 0) {
            Wire.putShort(body, id);
        }
        if (five) {
            ByteArrayOutputStream properties = new ByteArrayOutputStream(48);
            if (type != null) {
                properties.write(Properties.CONTENT_TYPE);
                Wire.putText(properties, type);
            }
            properties.write(Properties.USER_PROPERTY);
            Wire.putText(properties, Properties.HOPS);
            Wire.putText(properties, Integer.toString(hops));
            putProperties(body, properties);
        }
        body.writeBytes(payload);
        return packet(0x30 | (qos << 1) | (retain ? 1 : 0), body);
    }

    byte[] step(Kind kind, int id) {
        return new byte[] {(byte) kind.firstByte(), 2, (byte) (id >>> 8), (byte) id};
    }

    byte[] pingreq() {
        return new byte[] {(byte) 0xc0, 0};
    }

    /// A plain goodbye, after which a broker keeps the session.
    byte[] disconnect() {
        return new byte[] {(byte) 0xe0, 0};
    }

    private static void putProperties(ByteArrayOutputStream body, ByteArrayOutputStream properties) {
        Wire.putVarint(body, properties.size());
        body.writeBytes(properties.toByteArray());
    }

    private static byte[] packet(int first, ByteArrayOutputStream body) {
        ByteArrayOutputStream packet = new ByteArrayOutputStream(body.size() + 5);
        packet.write(first);
        Wire.putVarint(packet, body.size());
        packet.writeBytes(body.toByteArray());
        return packet.toByteArray();
    }
}
