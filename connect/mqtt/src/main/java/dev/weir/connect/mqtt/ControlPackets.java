package dev.weir.connect.mqtt;

import org.jspecify.annotations.Nullable;

/// The encoded control packets of a connection that wait for its writer, none larger than the
/// client takes. Guarded by the lock of its [Outbox].
final class ControlPackets {
    private static final int SMALL = 1024;
    private static final int QUIET = 32;

    private final MqttMeters meters;
    private Encoder waiting = new Encoder(QUIET);
    private @Nullable Encoder spare;
    private Version version = Version.V3_1_1;
    private boolean withReasonStrings = true;
    private int maxPacketBytes = Integer.MAX_VALUE;

    ControlPackets(MqttMeters meters) {
        this.meters = meters;
    }

    /// How packets are written from now on.
    void speak(Version spoken, boolean reasonStrings, int packetBytes) {
        version = spoken;
        withReasonStrings = reasonStrings;
        maxPacketBytes = packetBytes;
    }

    /// How many bytes wait.
    int size() {
        return waiting.size();
    }

    void clear() {
        waiting.clear();
    }

    /// Writes a packet if the client takes one of its size (MQTT-3.1.2-24).
    ///
    /// @return whether it does
    boolean write(Packet packet) {
        int begin = waiting.size();
        waiting.write(packet, version);
        if (waiting.size() - begin > maxPacketBytes) {
            waiting.truncate(begin);
            return false;
        }
        meters.sent(packet.type()).increment();
        return true;
    }

    /// Writes the acknowledgement of a message that is decided.
    ///
    /// @return false if there is no way to tell: 3.1.1 cannot say no, and without an answer the
    ///     client sends the message again over the next connection (MQTT-3.3.5-2)
    boolean acknowledge(Receiving message) {
        PacketType type = message.qos == 1 ? PacketType.PUBACK : PacketType.PUBREC;
        Reason reason = message.reason();
        if (version != Version.V5 && reason == Reason.QUOTA_EXCEEDED) {
            return false;
        }
        if (version != Version.V5 || reason == Reason.SUCCESS) {
            acknowledge(type, message.packetId);
        } else {
            acknowledge(type, message.packetId, reason, message.detail());
        }
        return true;
    }

    private void acknowledge(PacketType type, int packetId) {
        waiting.ack(type, packetId);
        meters.sent(type).increment();
    }

    /// With its reason; without the text if the client does not want it,
    /// or if that is what makes the packet too large (MQTT-3.4.2-2, MQTT-3.5.2-2).
    private void acknowledge(PacketType type, int packetId, Reason reason, @Nullable String detail) {
        Properties properties = Properties.builder()
                .text(Property.REASON_STRING, withReasonStrings ? detail : null)
                .build();
        if (!write(new Packet.Ack(type, packetId, reason, properties))) {
            write(new Packet.Ack(type, packetId, reason, Properties.NONE));
        }
    }

    /// Takes what waits; null if nothing does. To be given back when it is written.
    @Nullable
    Encoder take() {
        if (waiting.size() == 0) {
            return null;
        }
        Encoder taken = waiting;
        waiting = spare == null ? new Encoder(QUIET) : spare;
        spare = null;
        return taken;
    }

    /// Keeps a buffer for the next time, unless keeping it takes more memory than an idle
    /// connection is worth.
    void giveBack(Encoder written) {
        if (written.array().length > QUIET && written.array().length <= SMALL) {
            written.clear();
            spare = written;
        }
    }
}
