package dev.weir.testkit.disk;

import java.io.IOException;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The disk as one process sees it: its open channels, and its locks against other processes.
final class View extends FileSystem {
    /// What a process may have open at once, as `ulimit -n` is on many systems.
    private static final int OPEN_FILES = 4096;

    final Volume volume;
    private final DiskProvider provider;
    private final int process;

    /// Guarded by the volume's lock.
    private final Set<DiskChannel> channels = Collections.newSetFromMap(new IdentityHashMap<>());

    /// Why nothing can be done through it any more. Written under the volume's lock.
    private volatile @Nullable String end;

    private volatile boolean closed;

    View(Volume volume, DiskProvider provider, int process) {
        this.volume = volume;
        this.provider = provider;
        this.process = process;
    }

    boolean isAlive() {
        return end == null;
    }

    void check() throws IOException {
        if (closed) {
            throw new ClosedFileSystemException();
        }
        String why = end;
        if (why != null) {
            throw new IOException(why);
        }
    }

    /// Notes an open channel, under the volume's lock.
    void opened(DiskChannel channel) throws IOException {
        if (channels.size() == OPEN_FILES) {
            throw new IOException("Too many open files: a process may have " + OPEN_FILES);
        }
        channels.add(channel);
    }

    /// Gives back what a channel holds, under the volume's lock.
    ///
    /// @return whether it held it until now
    boolean released(DiskChannel channel) {
        return channels.remove(channel);
    }

    /// Ends the process, under the volume's lock: its channels are dead, its locks are free.
    void end(String why) {
        if (end == null) {
            end = why;
        }
        List.copyOf(channels).forEach(DiskChannel::release);
    }

    @Override
    public FileSystemProvider provider() {
        return provider;
    }

    /// Ends the process in an orderly way; what it has open is closed for it.
    @Override
    public void close() {
        volume.lock.lock();
        try {
            closed = true;
            volume.end(this, "the file system is closed");
        } finally {
            volume.lock.unlock();
        }
    }

    @Override
    public boolean isOpen() {
        return isAlive();
    }

    @Override
    public boolean isReadOnly() {
        return volume.isReadOnly();
    }

    @Override
    public String getSeparator() {
        return "/";
    }

    @Override
    public Iterable<Path> getRootDirectories() {
        return List.of(DiskPath.of(this, "/"));
    }

    @Override
    public Iterable<FileStore> getFileStores() {
        return List.of(new DiskStore(volume));
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
        return Set.of("basic");
    }

    @Override
    public Path getPath(String first, String... more) {
        StringBuilder path = new StringBuilder(first);
        for (String part : more) {
            if (!part.isEmpty()) {
                path.append(path.isEmpty() ? "" : "/").append(part);
            }
        }
        return DiskPath.of(this, path.toString());
    }

    @Override
    public PathMatcher getPathMatcher(String syntaxAndPattern) {
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher(syntaxAndPattern);
        return path -> matcher.matches(Path.of(path.toString()));
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
        throw new UnsupportedOperationException("this disk has no users");
    }

    @Override
    public WatchService newWatchService() {
        throw new UnsupportedOperationException("this disk cannot be watched");
    }

    @Override
    public String toString() {
        return "process " + process + " of a FaultyDisk";
    }
}
