package dev.weir.journal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// Records as bytes, big-endian, each at a multiple of 8:
///
/// | offset | bytes | |
/// |---|---|---|
/// | 0 | 4 | CRC32C of all that follows without the padding, XOR the journal's salt |
/// | 4 | 4 | length of the payload, n |
/// | 8 | 8 | sequence, from 1 |
/// | 16 | 4 | epoch |
/// | 20 | 1 | kind |
/// | 21 | 3 | how many records before this one were not yet forced when it was written |
/// | 24 | n | payload |
/// | 24+n | 0 to 7 | zeros |
final class Records {
    static final int HEADER = 24;
    static final int ALIGNED = 8;

    /// What was appended.
    static final byte DATA = 0;

    /// Where cursors are. Has the sequence of the data record before it.
    static final byte CURSORS = 1;

    /// A range of records that a repair has found to be lost: the first and the last as two longs.
    /// Has the sequence of the last.
    static final byte LOST = 2;

    /// So many or more.
    static final int MANY_BEHIND = 0xff_ffff;

    private static final int LENGTH_AT = 4;
    private static final int SEQUENCE_AT = 8;
    private static final int EPOCH_AT = 16;
    private static final int KIND_AT = 20;

    private Records() {}

    /// A header.
    ///
    /// @param at where the record begins in its buffer
    record Header(int at, int length, long sequence, int epoch, byte kind, int behind) {
        /// All records up to this one were forced when it was written; -1 if that is not known.
        long forced() {
            return behind == MANY_BEHIND ? -1 : sequence - behind - (kind == DATA ? 1 : 0);
        }

        int end() {
            return at + size(length);
        }
    }

    /// How many bytes a record takes.
    static int size(int payload) {
        return HEADER + payload + ALIGNED - 1 & -ALIGNED;
    }

    /// Puts all but the checksum and what [#seal] knows, and moves the position behind the record.
    static void put(ByteBuffer into, long sequence, int epoch, byte kind, byte[] payload, int from, int length) {
        int at = into.position();
        into.putInt(0).putInt(length).putLong(sequence).putInt(epoch).putInt(kind << 24);
        into.put(payload, from, length);
        while ((into.position() & ALIGNED - 1) != 0) {
            into.put((byte) 0);
        }
        assert into.position() == at + size(length);
    }

    /// Completes all records from the buffer's start to its position.
    ///
    /// @param forced up to which record everything is forced
    /// @param salt without which nobody can make a payload that passes for a record
    static void seal(ByteBuffer buffer, long forced, int salt) {
        CRC32C crc = new CRC32C();
        ByteBuffer view = buffer.duplicate();
        for (int at = 0; at < buffer.position(); ) {
            int length = buffer.getInt(at + LENGTH_AT);
            byte kind = buffer.get(at + KIND_AT);
            long before = buffer.getLong(at + SEQUENCE_AT) - (kind == DATA ? 1 : 0);
            int behind = (int) Math.min(MANY_BEHIND, before - forced);
            buffer.putInt(at + KIND_AT, kind << 24 | behind);
            buffer.putInt(at, checksum(crc, view, at, length) ^ salt);
            at += size(length);
        }
    }

    private static int checksum(CRC32C crc, ByteBuffer view, int at, int length) {
        crc.reset();
        view.limit(at + HEADER + length).position(at + LENGTH_AT);
        crc.update(view);
        return (int) crc.getValue();
    }

    /// Whether there may be a header: all of it is before the buffer's limit.
    static boolean hasHeader(ByteBuffer buffer, int at) {
        return at + HEADER <= buffer.limit();
    }

    static int length(ByteBuffer buffer, int at) {
        return buffer.getInt(at + LENGTH_AT);
    }

    static long sequence(ByteBuffer buffer, int at) {
        return buffer.getLong(at + SEQUENCE_AT);
    }

    static Header header(ByteBuffer buffer, int at) {
        int last = buffer.getInt(at + KIND_AT);
        return new Header(
                at,
                length(buffer, at),
                sequence(buffer, at),
                buffer.getInt(at + EPOCH_AT),
                (byte) (last >>> 24),
                last & MANY_BEHIND);
    }

    /// Whether the record, which is wholly before the buffer's limit, has its checksum.
    static boolean isWhole(CRC32C crc, ByteBuffer buffer, int at, int salt) {
        int length = length(buffer, at);
        return (checksum(crc, buffer.duplicate(), at, length) ^ salt) == buffer.getInt(at);
    }

    /// Whether there is nothing but zeros where a header would be.
    static boolean isBlank(ByteBuffer buffer, int at) {
        return buffer.getLong(at) == 0 && buffer.getLong(at + SEQUENCE_AT) == 0 && buffer.getLong(at + EPOCH_AT) == 0;
    }
}
