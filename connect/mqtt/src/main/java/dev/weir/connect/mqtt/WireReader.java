package dev.weir.connect.mqtt;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads MQTT's data types out of one packet. Never looks beyond the packet's end, and takes no
/// memory beyond what is in the packet. Not thread-safe.
final class WireReader {
    private byte[] bytes = new byte[0];
    private int position;
    private int limit;

    /// Looks at `bytes` from `position` to before `limit`.
    void window(byte[] bytes, int position, int limit) {
        this.bytes = bytes;
        this.position = position;
        this.limit = limit;
    }

    byte[] array() {
        return bytes;
    }

    int position() {
        return position;
    }

    int remaining() {
        return limit - position;
    }

    int u8() throws Violation {
        need(1);
        return bytes[position++] & 0xff;
    }

    int u16() throws Violation {
        need(2);
        int value = ((bytes[position] & 0xff) << 8) | (bytes[position + 1] & 0xff);
        position += 2;
        return value;
    }

    long u32() throws Violation {
        return (long) u16() << 16 | u16();
    }

    /// A variable byte integer of at most four bytes.
    int varint() throws Violation {
        int value = 0;
        for (int shift = 0; shift < 28; shift += 7) {
            int next = u8();
            value |= (next & 0x7f) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw Violation.malformed("variable byte integer of more than four bytes");
    }

    /// Skips a text and says where it begins; its length is what was skipped.
    int skipText() throws Violation {
        int length = u16();
        need(length);
        int begin = position;
        position += length;
        return begin;
    }

    String text() throws Violation {
        int begin = skipText();
        return text(bytes, begin, position - begin);
    }

    byte[] binary() throws Violation {
        int begin = skipText();
        return Arrays.copyOfRange(bytes, begin, position);
    }

    void skip(int length) throws Violation {
        need(length);
        position += length;
    }

    /// Narrows the window to the next `length` bytes and returns the old limit for [#widen].
    int narrow(int length) throws Violation {
        need(length);
        int outer = limit;
        limit = position + length;
        return outer;
    }

    void widen(int outer) {
        limit = outer;
    }

    void expectEnd() throws Violation {
        if (position != limit) {
            throw Violation.malformed(remaining() + " bytes more than the packet needs");
        }
    }

    /// Checked UTF-8: ill-formed text and U+0000 are refused (MQTT-1.5.4-1, MQTT-1.5.4-2).
    static String text(byte[] bytes, int offset, int length) throws Violation {
        boolean ascii = true;
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] <= 0) {
                if (bytes[i] == 0) {
                    throw Violation.malformed("text contains U+0000");
                }
                ascii = false;
                break;
            }
        }
        if (ascii) {
            return new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, offset, length))
                    .toString();
            if (text.indexOf('\0') >= 0) {
                throw Violation.malformed("text contains U+0000");
            }
            return text;
        } catch (CharacterCodingException illFormed) {
            throw Violation.malformed("text is not well-formed UTF-8");
        }
    }

    /// Whether bytes are well-formed UTF-8.
    static boolean isText(byte[] bytes, int offset, int length) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, offset, length));
            return true;
        } catch (CharacterCodingException illFormed) {
            return false;
        }
    }

    private void need(int length) throws Violation {
        if (length > limit - position) {
            throw Violation.malformed("packet ends " + (length - remaining()) + " bytes too early");
        }
    }
}
