package dev.weir.testkit.disk;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// What `Files` and `FileChannel.open` call for paths of the disk.
final class DiskProvider extends FileSystemProvider {
    static final String SCHEME = "faulty-disk";

    private final Volume volume;
    private final Tree tree;

    DiskProvider(Volume volume) {
        this.volume = volume;
        tree = new Tree(volume);
    }

    Tree tree() {
        return tree;
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> settings) {
        throw new UnsupportedOperationException("make a FaultyDisk");
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        throw new UnsupportedOperationException("ask the FaultyDisk");
    }

    @Override
    public Path getPath(URI uri) {
        throw new UnsupportedOperationException("ask the FaultyDisk");
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return newFileChannel(path, options, attributes);
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        requireKnown(attributes);
        return tree.open(DiskPath.of(path), Opening.of(options));
    }

    /// Permissions are taken and not kept: this disk has no users.
    private static void requireKnown(FileAttribute<?>... attributes) {
        for (FileAttribute<?> attribute : attributes) {
            if (!attribute.name().equals("posix:permissions")) {
                throw new UnsupportedOperationException(attribute.name() + " is not supported");
            }
        }
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path folder, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        List<Path> kept = new ArrayList<>();
        for (Path entry : tree.list(DiskPath.of(folder))) {
            if (filter.accept(entry)) {
                kept.add(entry);
            }
        }
        return new Listing(kept.iterator(), new AtomicBoolean());
    }

    /// The entries of a folder, once.
    private record Listing(Iterator<Path> entries, AtomicBoolean used) implements DirectoryStream<Path> {
        @Override
        public Iterator<Path> iterator() {
            if (used.getAndSet(true)) {
                throw new IllegalStateException("the entries were asked for before, or the stream is closed");
            }
            return entries;
        }

        @Override
        public void close() {
            used.set(true);
        }
    }

    @Override
    public void createDirectory(Path folder, FileAttribute<?>... attributes) throws IOException {
        requireKnown(attributes);
        tree.createFolder(DiskPath.of(folder));
    }

    @Override
    public void delete(Path path) throws IOException {
        tree.delete(DiskPath.of(path));
    }

    @Override
    public void copy(Path from, Path to, CopyOption... options) throws IOException {
        DiskPath source = DiskPath.of(from);
        DiskPath target = DiskPath.of(to);
        Node node = tree.requireSource(source);
        if (exists(target) && tree.require(target) == node) {
            return;
        }
        if (Arrays.asList(options).contains(StandardCopyOption.REPLACE_EXISTING)) {
            deleteIfExists(target);
        } else if (exists(target)) {
            throw new FileAlreadyExistsException(to.toString());
        }
        if (node instanceof Folder) {
            tree.createFolder(target);
            return;
        }
        try (FileChannel in = newFileChannel(source, Set.of(StandardOpenOption.READ));
                FileChannel out =
                        newFileChannel(target, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW))) {
            long at = 0;
            while (at < in.size()) {
                at += in.transferTo(at, in.size() - at, out);
            }
        }
    }

    @Override
    public void move(Path from, Path to, CopyOption... options) throws IOException {
        List<CopyOption> given = Arrays.asList(options);
        tree.move(
                DiskPath.of(from),
                DiskPath.of(to),
                given.contains(StandardCopyOption.REPLACE_EXISTING),
                given.contains(StandardCopyOption.ATOMIC_MOVE));
    }

    @Override
    public boolean isSameFile(Path one, Path other) throws IOException {
        return one.equals(other)
                || (other instanceof DiskPath path && tree.require(DiskPath.of(one)) == tree.require(path));
    }

    @Override
    public boolean isHidden(Path path) {
        Path name = path.getFileName();
        return name != null && name.toString().startsWith(".");
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
        tree.require(DiskPath.of(path));
        return new DiskStore(volume);
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        Node node = tree.require(DiskPath.of(path));
        for (AccessMode mode : modes) {
            if (mode == AccessMode.WRITE && volume.isReadOnly()) {
                throw new FileSystemException(path.toString(), null, Volume.READ_ONLY);
            }
            if (mode == AccessMode.EXECUTE && node instanceof DiskFile) {
                throw new AccessDeniedException(path.toString());
            }
        }
    }

    @Override
    public <V extends FileAttributeView> @Nullable V getFileAttributeView(
            Path path, Class<V> type, LinkOption... options) {
        return type == BasicFileAttributeView.class ? type.cast(new Times(tree, DiskPath.of(path))) : null;
    }

    private record Times(Tree tree, DiskPath path) implements BasicFileAttributeView {
        @Override
        public String name() {
            return "basic";
        }

        @Override
        public BasicFileAttributes readAttributes() throws IOException {
            return tree.attributes(path);
        }

        @Override
        @SuppressWarnings("NullAway") // the JDK says null for what stays as it is
        public void setTimes(FileTime modified, FileTime accessed, FileTime created) throws IOException {
            if (modified != null) {
                tree.setModified(path, modified);
            }
        }
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        if (type != BasicFileAttributes.class) {
            throw new UnsupportedOperationException(type.getName() + " is not supported");
        }
        return type.cast(tree.attributes(DiskPath.of(path)));
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String names, LinkOption... options) throws IOException {
        Map<String, Object> all = tree.attributes(DiskPath.of(path)).byName();
        String wanted = names.startsWith("basic:") ? names.substring("basic:".length()) : names;
        Map<String, Object> found = new HashMap<>();
        for (String name : wanted.split(",", -1)) {
            if (name.equals("*")) {
                return all;
            }
            Object value = all.get(name);
            if (value == null) {
                throw new IllegalArgumentException("'" + name + "' not recognized");
            }
            found.put(name, value);
        }
        return found;
    }

    @Override
    public void setAttribute(Path path, String name, Object value, LinkOption... options) throws IOException {
        if (!name.equals("lastModifiedTime") && !name.equals("basic:lastModifiedTime")) {
            throw new UnsupportedOperationException(name + " is not supported");
        }
        tree.setModified(DiskPath.of(path), (FileTime) value);
    }
}
