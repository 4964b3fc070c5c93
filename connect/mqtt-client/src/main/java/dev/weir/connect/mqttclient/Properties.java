package dev.weir.connect.mqttclient;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The properties of a packet of MQTT 5 that matter to a client. As many as fit into a packet that
/// was not too large; of user properties only the hop count is kept.
final class Properties {
    static final int CONTENT_TYPE = 0x03;
    static final int SESSION_EXPIRY = 0x11;
    static final int SERVER_KEEP_ALIVE = 0x13;
    static final int REASON_STRING = 0x1f;
    static final int RECEIVE_MAXIMUM = 0x21;
    static final int MAXIMUM_QOS = 0x24;
    static final int RETAIN_AVAILABLE = 0x25;
    static final int USER_PROPERTY = 0x26;
    static final int MAXIMUM_PACKET_SIZE = 0x27;

    /// The user property that counts how many nodes a message has passed.
    static final String HOPS = "weir-hops";

    static final Properties NONE = new Properties();

    private final Map<Integer, Object> values = new HashMap<>();
    private int hops;

    private Properties() {}

    /// Reads a property block, its length included.
    static Properties read(ByteBuffer from) throws ProtocolException {
        int length = Wire.varint(from);
        if (length == 0) {
            return NONE;
        }
        if (length > from.remaining()) {
            throw new ProtocolException("the properties are longer than their packet");
        }
        Properties result = new Properties();
        int end = from.position() + length;
        while (from.position() < end) {
            result.readOne(from);
        }
        if (from.position() != end) {
            throw new ProtocolException("the last property is longer than the properties");
        }
        return result;
    }

    private void readOne(ByteBuffer from) throws ProtocolException {
        int id = from.get() & 0xff;
        switch (id) {
            case 0x01, 0x17, 0x19, 0x24, 0x25, 0x28, 0x29, 0x2a -> values.put(id, (long) (from.get() & 0xff));
            case 0x13, 0x21, 0x22, 0x23 -> values.put(id, (long) (from.getShort() & 0xffff));
            case 0x02, 0x11, 0x18, 0x27 -> values.put(id, from.getInt() & 0xffff_ffffL);
            case 0x0b -> values.put(id, (long) Wire.varint(from));
            case 0x03, 0x08, 0x12, 0x15, 0x1a, 0x1c, 0x1f -> values.put(id, Wire.text(from));
            case 0x09, 0x16 -> Wire.skip(from, from.getShort() & 0xffff);
            case 0x26 -> readPair(from);
            default -> throw new ProtocolException("no property has the identifier 0x" + Integer.toHexString(id));
        }
    }

    private void readPair(ByteBuffer from) throws ProtocolException {
        String name = Wire.text(from);
        String value = Wire.text(from);
        if (name.equals(HOPS)) {
            hops = Math.max(hops, count(value));
        }
    }

    /// A count that somebody else wrote: what is no small number counts as none.
    private static int count(String value) {
        if (value.isEmpty() || value.length() > 6 || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return 0;
        }
        return Integer.parseInt(value);
    }

    long whole(int id, long otherwise) {
        return values.get(id) instanceof Long value ? value : otherwise;
    }

    Optional<String> text(int id) {
        return values.get(id) instanceof String value ? Optional.of(value) : Optional.empty();
    }

    /// How many nodes the message has passed.
    int hops() {
        return hops;
    }
}
