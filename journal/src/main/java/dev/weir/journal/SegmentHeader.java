package dev.weir.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.UUID;
import java.util.zip.CRC32C;

/// The first 64 bytes of a segment, big-endian:
///
/// | offset | bytes | |
/// |---|---|---|
/// | 0 | 8 | `WEIRJRNL` |
/// | 8 | 4 | version of the format: 1 |
/// | 12 | 4 | CRC32C of the header with zeros here |
/// | 16 | 16 | the journal's id |
/// | 32 | 8 | number of the segment, from 1 |
/// | 40 | 8 | sequence of its first record |
/// | 48 | 8 | the last record of the segment before that counts |
/// | 56 | 4 | epoch |
/// | 60 | 4 | the longest payload there may be |
///
/// @param journal tells the files of one journal from those of others
/// @param number of the segment; they have no gaps
/// @param first sequence of its first record
/// @param before the last record that counts in the segment before; what follows there was never
///     durable
/// @param epoch how often the journal had been opened to be written when the segment began
/// @param recordLimit the longest payload there may be; more is not believed
record SegmentHeader(UUID journal, long number, long first, long before, int epoch, int recordLimit) {
    static final int BYTES = 64;
    static final int VERSION = 1;

    private static final long MAGIC = 0x57454952_4a524e4cL; // WEIRJRNL
    private static final int CRC_AT = 12;

    ByteBuffer bytes() {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        bytes.putLong(MAGIC).putInt(VERSION).putInt(0);
        bytes.putLong(journal.getMostSignificantBits()).putLong(journal.getLeastSignificantBits());
        bytes.putLong(number).putLong(first).putLong(before).putInt(epoch).putInt(recordLimit);
        bytes.putInt(CRC_AT, checksum(bytes.array()));
        return bytes.clear();
    }

    /// Of the checksums of records: nobody who sends payloads knows it.
    int salt() {
        ByteBuffer id = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(journal.getMostSignificantBits())
                .putLong(journal.getLeastSignificantBits());
        return checksum(id.array());
    }

    private static int checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length);
        return (int) crc.getValue();
    }

    /// @throws CorruptException if that is no header
    /// @throws JournalException if it has a version that this one does not know
    static SegmentHeader read(Path file, FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        Segment.readFully(channel, bytes, 0);
        if (bytes.position() < BYTES || bytes.getLong(0) != MAGIC) {
            throw new CorruptException(file, 0, 0, "it does not begin as a segment of a journal does");
        }
        int version = bytes.getInt(8);
        if (version != VERSION) {
            throw new JournalException(
                    file + " has version " + version + " of the format, and this one knows only " + VERSION);
        }
        int crc = bytes.getInt(CRC_AT);
        bytes.putInt(CRC_AT, 0);
        if (checksum(bytes.array()) != crc) {
            throw new CorruptException(file, 0, 0, "the header's checksum is wrong");
        }
        return new SegmentHeader(
                new UUID(bytes.getLong(16), bytes.getLong(24)),
                bytes.getLong(32),
                bytes.getLong(40),
                bytes.getLong(48),
                bytes.getInt(56),
                bytes.getInt(60));
    }
}
