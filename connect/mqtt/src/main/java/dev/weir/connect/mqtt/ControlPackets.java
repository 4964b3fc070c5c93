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

    Version version() {
        return version;
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

    /// Writes an acknowledgement that says no more than that.
    void acknowledge(PacketType type, int packetId) {
        waiting.ack(type, packetId);
        meters.sent(type).increment();
    }

    /// Writes an acknowledgement with its reason; without the text if the client does not want it,
    /// or if that is what makes the packet too large (MQTT-3.4.2-2, MQTT-3.5.2-2).
    void acknowledge(PacketType type, int packetId, Reason reason, @Nullable String detail) {
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
