package dev.weir.bench.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// What the disk does by itself: a file of zeros, written over from its beginning to its end, each
/// write forced.
final class PlainFile implements AutoCloseable {
    private static final int BYTES = 64 * 1024 * 1024;

    private final FileChannel channel;
    private final ByteBuffer block;
    private long at;

    PlainFile(Path file, int blockBytes) throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        ByteBuffer zeros = ByteBuffer.allocateDirect(1024 * 1024);
        while (channel.position() < BYTES) {
            channel.write(zeros.clear());
        }
        channel.force(true);
        block = ByteBuffer.allocateDirect(blockBytes);
    }

    void append() throws IOException {
        if (at + block.capacity() > BYTES) {
            at = 0;
        }
        block.clear();
        while (block.hasRemaining()) {
            at += channel.write(block, at);
        }
        channel.force(false);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
