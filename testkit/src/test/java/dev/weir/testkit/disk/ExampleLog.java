package dev.weir.testkit.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;

/// The shortest write-ahead log that is right, and what is commonly wrong with one. A record is its
/// length, its CRC32C and its bytes; `append` returns when it is durable.
final class ExampleLog implements AutoCloseable {
    private static final int HEADER = 8;

    /// What an author forgets.
    enum Flaw {
        /// The folder is not forced after a file was made or moved in it.
        NO_FOLDER_FORCE,
        /// What takes the log's place is not forced before.
        RENAME_BEFORE_FORCE,
        /// A failed force is tried again, and believed when it then succeeds.
        FORCE_AGAIN
    }

    private final Path folder;
    private final Set<Flaw> flaws;
    private final List<String> records = new ArrayList<>();
    private FileChannel channel;

    /// Reads what is there, and cuts off a torn end.
    ExampleLog(Path folder, Set<Flaw> flaws) throws IOException {
        this.folder = folder;
        this.flaws = flaws;
        channel = open("log");
        ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("log")));
        int end = 0;
        while (all.remaining() >= HEADER) {
            int length = all.getInt();
            int crc = all.getInt();
            if (length <= 0 || length > all.remaining() || crc(all.array(), all.position(), length) != crc) {
                break;
            }
            records.add(new String(all.array(), all.position(), length, StandardCharsets.ISO_8859_1));
            all.position(all.position() + length);
            end = all.position();
        }
        channel.truncate(end).position(end);
        force();
        forceFolder();
    }

    List<String> records() {
        return List.copyOf(records);
    }

    void append(String record) throws IOException {
        write(channel, record);
        force();
        records.add(record);
    }

    /// Writes the log anew and puts it in its own place.
    void compact() throws IOException {
        FileChannel next = open("log.next");
        next.truncate(0);
        for (String record : records) {
            write(next, record);
        }
        channel.close();
        channel = next;
        if (!flaws.contains(Flaw.RENAME_BEFORE_FORCE)) {
            force();
        }
        Files.move(folder.resolve("log.next"), folder.resolve("log"), StandardCopyOption.ATOMIC_MOVE);
        forceFolder();
    }

    private FileChannel open(String name) throws IOException {
        return FileChannel.open(
                folder.resolve(name), StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
    }

    private static void write(FileChannel channel, String record) throws IOException {
        byte[] bytes = record.getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer buffer = ByteBuffer.allocate(HEADER + bytes.length)
                .putInt(bytes.length)
                .putInt(crc(bytes, 0, bytes.length))
                .put(bytes)
                .flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private static int crc(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    private void force() throws IOException {
        try {
            channel.force(false);
        } catch (IOException e) {
            if (!flaws.contains(Flaw.FORCE_AGAIN)) {
                throw e;
            }
            channel.force(false);
        }
    }

    private void forceFolder() throws IOException {
        if (!flaws.contains(Flaw.NO_FOLDER_FORCE)) {
            Durable.force(folder);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
