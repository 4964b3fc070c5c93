package dev.weir.connect.mqtt;

import dev.weir.connect.mqtt.Packet.Connect;
import dev.weir.connect.mqtt.Packet.Will;
import org.jspecify.annotations.Nullable;

/// Reads the body of a CONNECT.
final class ConnectReader {
    private static final int RESERVED = 0x01;
    private static final int CLEAN = 0x02;
    private static final int WILL = 0x04;
    private static final int WILL_RETAIN = 0x20;
    private static final int PASSWORD = 0x40;
    private static final int USER = 0x80;

    private ConnectReader() {}

    static Connect read(WireReader in) throws Violation {
        Version version = version(in.text(), in.u8());
        boolean v5 = version == Version.V5;
        int flags = in.u8();
        checkFlags(flags, v5);
        int keepAlive = in.u16();
        Properties properties = v5 ? PropertiesCodec.read(in, PacketType.CONNECT) : Properties.NONE;
        if (properties.has(Property.AUTHENTICATION_DATA) && !properties.has(Property.AUTHENTICATION_METHOD)) {
            throw Violation.protocol("authentication data without a method");
        }
        String clientId = in.text();
        Will will = (flags & WILL) == 0 ? null : will(in, flags, v5);
        String user = (flags & USER) == 0 ? null : in.text();
        byte[] password = (flags & PASSWORD) == 0 ? null : in.binary();
        return new Connect(version, clientId, (flags & CLEAN) != 0, keepAlive, will, user, password, properties);
    }

    /// A wrong name gets no answer, since it is another protocol; a wrong level gets one
    /// (MQTT-3.1.2-1, MQTT-3.1.2-2).
    private static Version version(String protocol, int level) throws Violation {
        if (!protocol.equals("MQTT") && !(protocol.equals("MQIsdp") && level == 3)) {
            throw Violation.malformed("the protocol is called '" + shortened(protocol) + "'");
        }
        return switch (level) {
            case 4 -> Version.V3_1_1;
            case 5 -> Version.V5;
            default -> throw new Violation(Reason.UNSUPPORTED_VERSION, "protocol level " + level);
        };
    }

    private static String shortened(String text) {
        return text.length() > 16 ? text.substring(0, 16) + "…" : text;
    }

    private static void checkFlags(int flags, boolean v5) throws Violation {
        boolean strayWill = (flags & WILL) == 0 && (flags & 0x38) != 0;
        boolean strayPassword = !v5 && (flags & (USER | PASSWORD)) == PASSWORD;
        if ((flags & RESERVED) != 0 || strayWill || (flags & 0x18) == 0x18 || strayPassword) {
            throw Violation.malformed("connect flags are 0x" + Integer.toHexString(flags));
        }
    }

    private static Will will(WireReader in, int flags, boolean v5) throws Violation {
        @Nullable PacketType insideWill = null;
        Properties properties = v5 ? PropertiesCodec.read(in, insideWill) : Properties.NONE;
        Topics.checkResponseTopic(properties);
        String topic = in.text();
        Topics.checkName(topic);
        return new Will(topic, in.binary(), flags >> 3 & 3, (flags & WILL_RETAIN) != 0, properties);
    }
}
