package dev.weir.testkit.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/// Writes and forces of these tests.
final class Durable {
    private Durable() {}

    /// Forces a file, or the names in a folder.
    static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    static void forceAll(Path root) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.toList()) {
                force(path);
            }
        }
    }

    /// A file that is on the platter, name and all.
    static Path file(Path path, byte[] bytes) throws IOException {
        Files.write(path, bytes);
        force(path);
        force(path.resolveSibling(""));
        return path;
    }

    /// So many sectors, each filled with its own number from there on.
    static byte[] sectors(int first, int count) {
        byte[] bytes = new byte[count * Pages.SECTOR];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (first + i / Pages.SECTOR);
        }
        return bytes;
    }

    /// What each sector is filled with.
    static List<Integer> sectorsOf(byte[] bytes) {
        return Stream.iterate(0, at -> at < bytes.length, at -> at + Pages.SECTOR)
                .map(at -> {
                    for (int i = at; i < Math.min(bytes.length, at + Pages.SECTOR); i++) {
                        if (bytes[i] != bytes[at]) {
                            throw new AssertionError("the sector at " + at + " is torn at " + i);
                        }
                    }
                    return (int) bytes[at];
                })
                .toList();
    }

    static FileChannel open(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
    }

    static void write(FileChannel channel, long at, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        long next = at;
        while (buffer.hasRemaining()) {
            next += channel.write(buffer, next);
        }
    }
}
