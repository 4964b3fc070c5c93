package dev.weir.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The file that is being written. Only the journal's thread.
final class Segment implements AutoCloseable {
    private static final int BLOCK = 64 * 1024;

    private final Path file;
    private final SegmentHeader header;
    private final FileChannel channel;
    private final int capacity;
    private long end = SegmentHeader.BYTES;

    private Segment(Path file, SegmentHeader header, FileChannel channel, int capacity) {
        this.file = file;
        this.header = header;
        this.channel = channel;
        this.capacity = capacity;
    }

    /// Makes a file of zeros, on the disk when this returns; its name in the folder is not.
    static void preallocate(Path file, int bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer zeros = ByteBuffer.allocateDirect(BLOCK);
            for (int at = 0; at < bytes; ) {
                zeros.clear().limit(Math.min(BLOCK, bytes - at));
                at += zeros.remaining();
                writeFully(channel, zeros, at - zeros.remaining());
            }
            channel.force(true);
        }
    }

    /// Begins to write into a file of zeros.
    static Segment begin(Path file, SegmentHeader header, int capacity) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        try {
            writeFully(channel, header.bytes(), 0);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        return new Segment(file, header, channel, capacity);
    }

    static void readFully(FileChannel channel, ByteBuffer into, long at) throws IOException {
        long from = at - into.position();
        while (into.hasRemaining() && channel.read(into, from + into.position()) >= 0) {
            // Until it is full, or the file ends.
        }
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes, long at) throws IOException {
        long from = at - bytes.position();
        while (bytes.hasRemaining()) {
            channel.write(bytes, from + bytes.position());
        }
    }

    Path file() {
        return file;
    }

    SegmentHeader header() {
        return header;
    }

    boolean hasRoom(int bytes) {
        return end + bytes <= capacity;
    }

    /// Writes records, from the buffer's start to its position.
    void write(ByteBuffer records) throws IOException {
        int bytes = records.position();
        writeFully(channel, records.duplicate().flip(), end);
        end += bytes;
    }

    void force() throws IOException {
        channel.force(false);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
