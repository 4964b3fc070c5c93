package dev.weir.node.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// The folder of one running node. Whoever holds it is the only process that uses it; the lock goes
/// with the process, however that ends.
///
/// It also keeps the epoch, in a file of its own: the keys of records begin with it, and must not
/// repeat when a damaged store is replaced by a new one.
public final class DataFolder implements AutoCloseable {
    private static final int PID_LENGTH = 20;

    private final Path path;
    private final FileChannel channel;

    private DataFolder(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /// Makes the folder if need be and takes it.
    ///
    /// @throws StoreException if another process has it, or it cannot be written
    public static DataFolder open(Path path) throws StoreException {
        FileChannel channel = null;
        try {
            Files.createDirectories(path);
            channel = FileChannel.open(
                    path.resolve("weir.lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            if (lock(channel) == null) {
                String owner = read(channel);
                channel.close();
                throw new StoreException(
                        StoreException.Reason.LOCKED,
                        "the data folder " + path.toAbsolutePath() + " is in use by another node"
                                + (owner.isEmpty() ? "" : " (process " + owner + ")")
                                + ": stop that one, or give this one another 'data:' folder",
                        null);
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(
                    String.valueOf(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
            return new DataFolder(path, channel);
        } catch (StoreException e) {
            throw e;
        } catch (IOException e) {
            closeQuietly(channel);
            throw new StoreException(
                    e instanceof AccessDeniedException ? StoreException.Reason.READ_ONLY : Faults.reason(e),
                    "the data folder " + path.toAbsolutePath() + " cannot be written (" + Faults.plain(e)
                            + "): make it writable for this user, or name another one with 'data:'",
                    e);
        }
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(PID_LENGTH);
        channel.read(text, 0);
        return new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII).strip();
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // The caller is about to say what is wrong with the folder.
        }
    }

    public Path path() {
        return path;
    }

    /// Begins a new epoch, higher than any before, and returns it when it is on the disk.
    ///
    /// @param known an epoch that is known from elsewhere to be used
    long nextEpoch(long known) throws IOException {
        Path file = path.resolve("epoch");
        long next = Math.max(known, read(file)) + 1;
        Path fresh = path.resolve("epoch.new");
        try (FileChannel out = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            out.write(ByteBuffer.wrap((next + "\n").getBytes(StandardCharsets.US_ASCII)));
            out.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        force(path);
        return next;
    }

    private static long read(Path file) throws IOException {
        try {
            return Long.parseLong(
                    Files.readString(file, StandardCharsets.US_ASCII).strip());
        } catch (NoSuchFileException e) {
            return 0;
        } catch (NumberFormatException e) {
            // The store knows the epoch too.
            return 0;
        }
    }

    /// A rename is durable only when its folder is.
    private static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /// Lets another process have it.
    @Override
    public void close() {
        closeQuietly(channel);
    }
}
