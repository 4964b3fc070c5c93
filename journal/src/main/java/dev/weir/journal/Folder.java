package dev.weir.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The folder of a journal: `lock`, the segments `0000000000000001.segment` and so on, and `next`,
/// which becomes a segment when one is needed.
final class Folder implements AutoCloseable {
    private static final Pattern SEGMENT = Pattern.compile("([0-9]{16})\\.segment");

    private final Path path;
    private final @Nullable FileChannel lockFile;

    private Folder(Path path, @Nullable FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    /// Makes the folder if it is not there, and keeps others out until it is closed.
    ///
    /// @throws InUseException if another process, or this one, has it
    static Folder lock(Path path) throws IOException {
        Files.createDirectories(path);
        FileChannel channel =
                FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (tryLock(channel) == null) {
                throw new InUseException(path);
            }
            Folder folder = new Folder(path, channel);
            Path parent = path.toAbsolutePath().getParent();
            if (parent != null) {
                force(parent);
            }
            folder.force();
            return folder;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /// To look at what others write, or have written.
    static Folder look(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            throw new JournalException("there is no journal in " + path + ": no such folder");
        }
        return new Folder(path, null);
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    Path path() {
        return path;
    }

    Path next() {
        return path.resolve("next");
    }

    Path segment(long number) {
        return path.resolve(String.format("%016d.segment", number));
    }

    /// All segments by their numbers.
    NavigableMap<Long, Path> segments() throws IOException {
        var found = new TreeMap<Long, Path>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
            for (Path file : files) {
                Matcher name = SEGMENT.matcher(String.valueOf(file.getFileName()));
                if (name.matches()) {
                    found.put(Long.parseLong(name.group(1)), file);
                }
            }
        }
        return found;
    }

    /// Names what was prepared, which is whole by now; the name is not forced.
    Path activate(long number) throws IOException {
        Path segment = segment(number);
        Files.move(next(), segment, StandardCopyOption.ATOMIC_MOVE);
        return segment;
    }

    void remove(Path file) throws IOException {
        Files.deleteIfExists(file);
        force();
    }

    /// Forces what was named and removed.
    void force() throws IOException {
        force(path);
    }

    /// Of a folder only Linux and its kin know; elsewhere entries cannot be forced.
    private static void force(Path folder) throws IOException {
        if (folder.getFileSystem().equals(java.nio.file.FileSystems.getDefault())
                && System.getProperty("os.name", "").startsWith("Windows")) {
            return;
        }
        try (FileChannel channel = FileChannel.open(folder)) {
            channel.force(true);
        }
    }

    @Override
    public void close() throws IOException {
        if (lockFile != null) {
            lockFile.close();
        }
    }
}
