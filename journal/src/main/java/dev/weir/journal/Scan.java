package dev.weir.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Reads the records of one segment, one after the other. Not thread-safe.
final class Scan implements AutoCloseable {
    private static final int BUFFER = 256 * 1024;

    private final Path file;
    private final FileChannel channel;
    private final SegmentHeader header;
    private final CRC32C crc = new CRC32C();
    private ByteBuffer buffer;

    /// Where in the file the buffer begins.
    private long base;

    /// Where in the buffer the next record is.
    private int at;

    /// The last data record that was read, or lost.
    private long last;

    /// What comes next.
    sealed interface Step {
        /// A record.
        ///
        /// @param header its header; its payload is in the scan's buffer until the next step
        record Found(Records.Header header) implements Step {}

        /// Only zeros, or nothing, follow.
        record End() implements Step {}

        /// Something that was never written so.
        ///
        /// @param offset in the file
        /// @param what in words
        record Bad(long offset, String what) implements Step {}
    }

    private static final Step END = new Step.End();

    /// @param header that of the file, or what it must have been
    private Scan(Path file, FileChannel channel, SegmentHeader header) {
        this.file = file;
        this.channel = channel;
        this.header = header;
        this.last = header.first() - 1;
        this.base = SegmentHeader.BYTES;
        this.buffer = ByteBuffer.allocateDirect(BUFFER).limit(0);
    }

    static Scan open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file);
        try {
            return new Scan(file, channel, SegmentHeader.read(file, channel));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /// The same for a file whose own header cannot be read.
    static Scan open(Path file, SegmentHeader header) throws IOException {
        return new Scan(file, FileChannel.open(file), header);
    }

    Path file() {
        return file;
    }

    SegmentHeader header() {
        return header;
    }

    /// The last data record that was found; one less than the segment's first at the beginning.
    long last() {
        return last;
    }

    /// Where in the file the next record begins.
    long offset() {
        return base + at;
    }

    /// Reads one record.
    Step next() throws IOException {
        if (!fill(Records.HEADER)) {
            return remains() == 0 || isBlankToEnd() ? END : new Step.Bad(offset(), "the file ends within a record");
        }
        if (Records.isBlank(buffer, at)) {
            return END;
        }
        String wrong = whatIsWrong(last);
        if (wrong != null) {
            return new Step.Bad(offset(), wrong);
        }
        Records.Header found = Records.header(buffer, at);
        last = found.sequence();
        at = found.end();
        return new Step.Found(found);
    }

    /// What is wrong with the record at the position, if it follows the data record `before`.
    private @Nullable String whatIsWrong(long before) throws IOException {
        int length = Records.length(buffer, at);
        if (length < 0 || length > header.recordLimit()) {
            return "a record says that it has " + length + " bytes";
        }
        if (!fill(Records.size(length))) {
            return "the file ends within a record";
        }
        if (!Records.isWhole(crc, buffer, at, header.salt())) {
            return "a record's checksum is wrong";
        }
        Records.Header it = Records.header(buffer, at);
        boolean follows = switch (it.kind()) {
            case Records.DATA -> it.sequence() == before + 1;
            case Records.CURSORS -> it.sequence() == before;
            case Records.LOST -> it.sequence() >= before;
            default -> true;
        };
        return follows ? null : "after record " + before + " comes " + it.sequence();
    }

    /// After something bad, goes on at the next record behind it that is whole.
    ///
    /// @param end up to which record there may be any
    /// @return the header; null if there is none any more
    Records.@Nullable Header resume(long end) throws IOException {
        while (true) {
            at = Math.min(at + Records.ALIGNED, buffer.limit());
            if (!fill(Records.HEADER)) {
                return null;
            }
            long sequence = Records.sequence(buffer, at);
            int length = Records.length(buffer, at);
            if (sequence <= last || sequence > end || length < 0 || length > header.recordLimit()) {
                continue;
            }
            if (fill(Records.size(length)) && Records.isWhole(crc, buffer, at, header.salt())) {
                Records.Header found = Records.header(buffer, at);
                last = found.kind() == Records.DATA ? sequence - 1 : sequence;
                return found;
            }
        }
    }

    /// Reads what follows from the file again, which may have been written meanwhile.
    void forgetBehind() {
        buffer.limit(at);
    }

    byte[] payload(Records.Header of) {
        byte[] payload = new byte[of.length()];
        buffer.get(of.at() + Records.HEADER, payload);
        return payload;
    }

    private int remains() {
        return buffer.limit() - at;
    }

    private boolean isBlankToEnd() {
        for (int i = at; i < buffer.limit(); i++) {
            if (buffer.get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    /// Has that many bytes from the position on in the buffer; false if the file ends before.
    private boolean fill(int bytes) throws IOException {
        if (remains() >= bytes) {
            return true;
        }
        base += at;
        buffer.position(at);
        at = 0;
        if (bytes <= buffer.capacity()) {
            buffer.compact();
        } else {
            buffer = ByteBuffer.allocateDirect(bytes + BUFFER).put(buffer);
        }
        Segment.readFully(channel, buffer, base + buffer.position());
        buffer.flip();
        return buffer.limit() >= bytes;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
