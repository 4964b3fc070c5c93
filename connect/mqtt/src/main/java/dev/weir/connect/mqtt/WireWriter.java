package dev.weir.connect.mqtt;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes MQTT's data types into an array that grows. Not thread-safe.
class WireWriter {
    /// The largest number that a variable byte integer can hold.
    static final int VARINT_MAX = 268_435_455;

    private byte[] bytes;
    private int size;

    WireWriter(int capacity) {
        bytes = new byte[capacity];
    }

    byte[] array() {
        return bytes;
    }

    int size() {
        return size;
    }

    void clear() {
        size = 0;
    }

    void truncate(int newSize) {
        size = newSize;
    }

    void u8(int value) {
        room(1);
        bytes[size++] = (byte) value;
    }

    void u16(int value) {
        room(2);
        bytes[size] = (byte) (value >> 8);
        bytes[size + 1] = (byte) value;
        size += 2;
    }

    void u32(long value) {
        u16((int) (value >> 16));
        u16((int) value);
    }

    void varint(int value) {
        int rest = value;
        while (rest > 0x7f) {
            u8((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        u8(rest);
    }

    void raw(byte[] source, int offset, int length) {
        room(length);
        System.arraycopy(source, offset, bytes, size, length);
        size += length;
    }

    void binary(byte[] value) {
        if (value.length > 0xffff) {
            throw new IllegalArgumentException("binary data may have 65535 bytes, but has " + value.length);
        }
        u16(value.length);
        raw(value, 0, value.length);
    }

    void text(String value) {
        binary(value.getBytes(StandardCharsets.UTF_8));
    }

    /// Puts the length of everything after `begin` in front of it, as a variable byte integer.
    void prefixLength(int begin) {
        int length = size - begin;
        int digits = varintSize(length);
        room(digits);
        System.arraycopy(bytes, begin, bytes, begin + digits, length);
        size = begin;
        varint(length);
        size += length;
    }

    static int varintSize(int value) {
        if (value > VARINT_MAX) {
            throw new IllegalArgumentException("a packet may have " + VARINT_MAX + " bytes, but would have " + value);
        }
        return value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : value < 1 << 21 ? 3 : 4;
    }

    private void room(int length) {
        if (length > bytes.length - size) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(size, length)));
        }
    }
}
