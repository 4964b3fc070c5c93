package dev.weir.connect.mqtt;

import org.jspecify.annotations.Nullable;

/// The control packet types with the flags that their first byte must have.
public enum PacketType {
    CONNECT(1, 0),
    CONNACK(2, 0),
    /// Its flags are DUP, QoS and RETAIN.
    PUBLISH(3, -1),
    PUBACK(4, 0),
    PUBREC(5, 0),
    PUBREL(6, 2),
    PUBCOMP(7, 0),
    SUBSCRIBE(8, 2),
    SUBACK(9, 0),
    UNSUBSCRIBE(10, 2),
    UNSUBACK(11, 0),
    PINGREQ(12, 0),
    PINGRESP(13, 0),
    DISCONNECT(14, 0),
    AUTH(15, 0);

    private static final PacketType[] BY_CODE = byCode();

    private final int code;
    private final int flags;

    PacketType(int code, int flags) {
        this.code = code;
        this.flags = flags;
    }

    /// The type in the upper half of a packet's first byte; null for the reserved 0.
    static @Nullable PacketType of(int firstByte) {
        int code = firstByte >> 4 & 0xf;
        return code == 0 ? null : BY_CODE[code - 1];
    }

    /// Whether the lower half of the first byte is what the standard demands.
    boolean flagsFit(int firstByte) {
        return flags < 0 || (firstByte & 0xf) == flags;
    }

    /// The first byte of such a packet; PUBLISH adds its flags.
    int firstByte() {
        return code << 4 | Math.max(flags, 0);
    }

    /// A bit for sets of types.
    int bit() {
        return 1 << code;
    }

    /// The name as a label: `publish`.
    String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    private static PacketType[] byCode() {
        PacketType[] types = new PacketType[15];
        for (PacketType type : values()) {
            types[type.code - 1] = type;
        }
        return types;
    }
}
