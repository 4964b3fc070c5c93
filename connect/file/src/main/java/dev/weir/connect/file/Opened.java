package dev.weir.connect.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.zip.GZIPInputStream;

/// An open file and which one it is, whatever its name becomes.
///
/// @param identity device and inode, where the system has them
record Opened(FileChannel channel, String identity) implements AutoCloseable {
    static Opened of(Path path) throws IOException {
        while (true) {
            String before = identity(path);
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
            // Between the two it may have been renamed.
            if (before.equals(identity(path))) {
                return new Opened(channel, before);
            }
            channel.close();
        }
    }

    /// Which file has that name now.
    static String identity(Path path) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        Object key = attributes.fileKey();
        return (key == null ? path.toString() : key.toString()).replaceAll("\\s", "_");
    }

    /// What stands at `offset`. Closing it is not needed.
    ///
    /// @param compressed whether it is gzip; the offset counts in what it contains
    InputStream from(long offset, boolean compressed) throws IOException {
        channel.position(compressed ? 0 : offset);
        InputStream in = Channels.newInputStream(channel);
        if (compressed) {
            in = new GZIPInputStream(in, 8192);
            in.skipNBytes(offset);
        }
        return in;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
