package dev.weir.connect.mqtt;

import dev.weir.connect.mqtt.Packet.Ack;
import dev.weir.connect.mqtt.Packet.Auth;
import dev.weir.connect.mqtt.Packet.ConnAck;
import dev.weir.connect.mqtt.Packet.Connect;
import dev.weir.connect.mqtt.Packet.Disconnect;
import dev.weir.connect.mqtt.Packet.PingReq;
import dev.weir.connect.mqtt.Packet.PingResp;
import dev.weir.connect.mqtt.Packet.Publish;
import dev.weir.connect.mqtt.Packet.Request;
import dev.weir.connect.mqtt.Packet.SubAck;
import dev.weir.connect.mqtt.Packet.Subscribe;
import dev.weir.connect.mqtt.Packet.UnsubAck;
import dev.weir.connect.mqtt.Packet.Unsubscribe;
import dev.weir.connect.mqtt.Packet.Will;
import java.nio.charset.StandardCharsets;

/// Writes packets one behind the other into an array that grows. Not thread-safe.
final class Encoder extends WireWriter {
    Encoder(int capacity) {
        super(capacity);
    }

    /// Appends a packet as that version writes it.
    void write(Packet packet, Version version) {
        if (packet instanceof Publish publish) {
            byte[] topic = publish.topic().getBytes(StandardCharsets.UTF_8);
            publish(
                    version,
                    header(publish),
                    topic,
                    publish.packetId(),
                    publish.properties(),
                    publish.bytes(),
                    publish.offset(),
                    publish.length());
            return;
        }
        boolean v5 = version == Version.V5;
        u8(packet.type().firstByte());
        int begin = size();
        switch (packet) {
            case Publish publish -> throw new IllegalStateException("written above: " + publish);
            case Connect connect -> connect(connect);
            case ConnAck(boolean present, Reason reason, Properties properties) -> {
                u8(present ? 1 : 0);
                u8(v5 ? reason.code() : reason.connectReturnCode());
                properties(properties, v5);
            }
            case Ack(PacketType type, int id, Reason reason, Properties properties) -> {
                u16(id);
                reason(reason, properties, v5);
            }
            case Subscribe(int id, var requests, Properties properties) -> {
                u16(id);
                properties(properties, v5);
                requests.forEach(request -> request(request, v5));
            }
            case SubAck(int id, Properties properties, var reasons) -> {
                u16(id);
                properties(properties, v5);
                reasons.forEach(reason -> u8(!v5 && reason.isError() ? 0x80 : reason.code()));
            }
            case Unsubscribe(int id, var filters, Properties properties) -> {
                u16(id);
                properties(properties, v5);
                filters.forEach(this::text);
            }
            case UnsubAck(int id, Properties properties, var reasons) -> {
                u16(id);
                properties(properties, v5);
                reasons.stream().filter(reason -> v5).forEach(reason -> u8(reason.code()));
            }
            case PingReq() -> {}
            case PingResp() -> {}
            case Disconnect(Reason reason, Properties properties) -> reason(reason, properties, v5);
            case Auth(Reason reason, Properties properties) -> reason(reason, properties, true);
        }
        prefixLength(begin);
    }

    /// Appends an acknowledgement without reason: what most of them are.
    void ack(PacketType type, int packetId) {
        u8(type.firstByte());
        u8(2);
        u16(packetId);
    }

    /// Appends a PUBLISH.
    ///
    /// @param header the first byte
    /// @param topic the topic as UTF-8
    void publish(
            Version version,
            int header,
            byte[] topic,
            int packetId,
            Properties properties,
            byte[] payload,
            int offset,
            int length) {
        u8(header);
        if (version == Version.V5 && !properties.isEmpty()) {
            int begin = size();
            head(header, topic, packetId);
            PropertiesCodec.write(this, properties);
            raw(payload, offset, length);
            prefixLength(begin);
            return;
        }
        int idSize = (header & 6) == 0 ? 0 : 2;
        int noProperties = version == Version.V5 ? 1 : 0;
        varint(Math.addExact(2 + topic.length + idSize + noProperties, length));
        head(header, topic, packetId);
        if (noProperties == 1) {
            u8(0);
        }
        raw(payload, offset, length);
    }

    private void head(int header, byte[] topic, int packetId) {
        binary(topic);
        if ((header & 6) != 0) {
            u16(packetId);
        }
    }

    /// The first byte of a PUBLISH.
    static int header(boolean dup, int qos, boolean retain) {
        return PacketType.PUBLISH.firstByte() | (dup ? 8 : 0) | qos << 1 | (retain ? 1 : 0);
    }

    private static int header(Publish publish) {
        return header(publish.dup(), publish.qos(), publish.retain());
    }

    private void connect(Connect connect) {
        Will will = connect.will();
        String user = connect.user();
        byte[] password = connect.password();
        text("MQTT");
        u8(connect.version().level());
        u8((user == null ? 0 : 0x80)
                | (password == null ? 0 : 0x40)
                | (will == null ? 0 : 4 | will.qos() << 3 | (will.retain() ? 0x20 : 0))
                | (connect.clean() ? 2 : 0));
        u16(connect.keepAlive());
        boolean v5 = connect.version() == Version.V5;
        properties(connect.properties(), v5);
        text(connect.clientId());
        if (will != null) {
            properties(will.properties(), v5);
            text(will.topic());
            binary(will.payload());
        }
        if (user != null) {
            text(user);
        }
        if (password != null) {
            binary(password);
        }
    }

    private void request(Request request, boolean v5) {
        text(request.filter());
        u8(request.qos()
                | (v5 && request.noLocal() ? 4 : 0)
                | (v5 && request.retainAsPublished() ? 8 : 0)
                | (v5 ? request.retainHandling() << 4 : 0));
    }

    private void properties(Properties properties, boolean v5) {
        if (v5) {
            PropertiesCodec.write(this, properties);
        }
    }

    /// Reason and properties, left out where they say nothing.
    private void reason(Reason reason, Properties properties, boolean v5) {
        if (v5 && (reason != Reason.SUCCESS || !properties.isEmpty())) {
            u8(reason.code());
            if (!properties.isEmpty()) {
                PropertiesCodec.write(this, properties);
            }
        }
    }
}
