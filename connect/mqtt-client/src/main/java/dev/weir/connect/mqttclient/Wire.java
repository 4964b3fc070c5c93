package dev.weir.connect.mqttclient;

import java.io.ByteArrayOutputStream;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// The forms that MQTT's packets are made of.
final class Wire {
    private Wire() {}

    /// A variable byte integer of at most four bytes.
    static int varint(ByteBuffer from) throws ProtocolException {
        int value = 0;
        for (int shift = 0; shift < 28; shift += 7) {
            int next = from.get() & 0xff;
            value |= (next & 0x7f) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw new ProtocolException("a variable byte integer has more than four bytes");
    }

    /// A text with its length before it; ill-formed UTF-8 and U+0000 are refused.
    static String text(ByteBuffer from) throws ProtocolException {
        int length = from.getShort() & 0xffff;
        ByteBuffer slice = from.slice(from.position(), Math.min(length, from.remaining()));
        skip(from, length);
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(slice).toString();
            if (text.indexOf('\0') >= 0) {
                throw new ProtocolException("a text contains U+0000");
            }
            return text;
        } catch (CharacterCodingException illFormed) {
            throw new ProtocolException("a text is not well-formed UTF-8");
        }
    }

    static void skip(ByteBuffer from, int length) throws ProtocolException {
        if (length > from.remaining()) {
            throw new ProtocolException("a packet ends " + (length - from.remaining()) + " bytes too early");
        }
        from.position(from.position() + length);
    }

    static void putVarint(ByteArrayOutputStream out, int value) {
        int rest = value;
        while (rest > 0x7f) {
            out.write((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }

    static void putShort(ByteArrayOutputStream out, int value) {
        out.write(value >>> 8);
        out.write(value);
    }

    static void putInt(ByteArrayOutputStream out, long value) {
        putShort(out, (int) (value >>> 16));
        putShort(out, (int) value);
    }

    /// @throws IllegalArgumentException if it is longer than the 65,535 bytes that a text may have
    static void putText(ByteArrayOutputStream out, String text) {
        putBinary(out, text.getBytes(StandardCharsets.UTF_8));
    }

    static void putBinary(ByteArrayOutputStream out, byte[] bytes) {
        if (bytes.length > 0xffff) {
            throw new IllegalArgumentException(
                    "a text may have 65,535 bytes in MQTT, but this one has " + bytes.length);
        }
        putShort(out, bytes.length);
        out.writeBytes(bytes);
    }
}
