package dev.weir.connect.mqtt;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads and writes the property block of a packet.
final class PropertiesCodec {
    /// More user properties than this in one packet are refused: each costs twenty times its size
    /// on the wire once decoded.
    static final int MAX_PAIRS = 128;

    private PropertiesCodec() {}

    /// Reads the properties of a packet of type `type`; null stands for a will's.
    static Properties read(WireReader in, @Nullable PacketType type) throws Violation {
        int length = in.varint();
        if (length == 0) {
            return Properties.NONE;
        }
        int outer = in.narrow(length);
        Properties.Builder properties = Properties.builder();
        while (in.remaining() > 0) {
            readOne(in, type, properties);
        }
        in.widen(outer);
        return properties.build();
    }

    private static void readOne(WireReader in, @Nullable PacketType type, Properties.Builder out) throws Violation {
        int id = in.varint();
        Property property = Property.of(id);
        if (property == null || !property.allowedIn(type)) {
            throw Violation.malformed("property " + id + " is not allowed in " + (type == null ? "a will" : type));
        }
        if (property.form() == Property.Form.PAIR) {
            if (out.count(property) == MAX_PAIRS) {
                throw new Violation(Reason.QUOTA_EXCEEDED, "more than " + MAX_PAIRS + " user properties");
            }
            out.pair(in.text(), in.text());
            return;
        }
        boolean repeats = property == Property.SUBSCRIPTION_IDENTIFIER && type == PacketType.PUBLISH;
        if (out.has(property) && !repeats) {
            throw Violation.protocol("property " + property + " occurs twice");
        }
        switch (property.form()) {
            case FLAG -> out.number(property, atMost(1, in.u8(), property));
            case SHORT -> out.number(property, in.u16());
            case SHORT_ABOVE_ZERO -> out.number(property, aboveZero(in.u16(), property));
            case INT -> out.number(property, in.u32());
            case INT_ABOVE_ZERO -> out.number(property, aboveZero(in.u32(), property));
            case VARINT -> readSubscriptionId(in, out);
            case TEXT -> out.text(property, in.text());
            case BINARY -> out.binary(property, in.binary());
            case PAIR -> throw new IllegalStateException("pairs are read above");
        }
    }

    private static void readSubscriptionId(WireReader in, Properties.Builder out) throws Violation {
        if (out.count(Property.SUBSCRIPTION_IDENTIFIER) == MAX_PAIRS) {
            throw new Violation(Reason.QUOTA_EXCEEDED, "more than " + MAX_PAIRS + " subscription identifiers");
        }
        out.subscriptionId(aboveZero(in.varint(), Property.SUBSCRIPTION_IDENTIFIER));
    }

    private static long atMost(long max, long value, Property property) throws Violation {
        if (value > max) {
            throw Violation.protocol("property " + property + " is " + value + ", but may be " + max + " at most");
        }
        return value;
    }

    private static long aboveZero(long value, Property property) throws Violation {
        if (value == 0) {
            throw Violation.protocol("property " + property + " is 0");
        }
        return value;
    }

    /// Writes the block with its length.
    static void write(WireWriter out, Properties properties) {
        if (properties.isEmpty()) {
            out.u8(0);
            return;
        }
        int begin = out.size();
        for (Map.Entry<Property, Object> entry : properties.values().entrySet()) {
            if (entry.getValue() instanceof List<?> list) {
                list.forEach(value -> writeOne(out, entry.getKey(), value));
            } else {
                writeOne(out, entry.getKey(), entry.getValue());
            }
        }
        out.prefixLength(begin);
    }

    private static void writeOne(WireWriter out, Property property, Object value) {
        out.varint(property.id());
        switch (property.form()) {
            case FLAG -> out.u8((int) (long) (Long) value);
            case SHORT, SHORT_ABOVE_ZERO -> out.u16((int) (long) (Long) value);
            case INT, INT_ABOVE_ZERO -> out.u32((Long) value);
            case VARINT -> out.varint((int) (long) (Long) value);
            case TEXT -> out.text((String) value);
            case BINARY -> out.binary((byte[]) value);
            case PAIR -> {
                out.text(((Properties.Pair) value).name());
                out.text(((Properties.Pair) value).value());
            }
        }
    }
}
