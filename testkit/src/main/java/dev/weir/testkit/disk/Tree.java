package dev.weir.testkit.disk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The names on a volume and what is done to them.
final class Tree {
    private static final int NAME_BYTES = 255;

    private final Volume volume;

    Tree(Volume volume) {
        this.volume = volume;
    }

    private <T extends @Nullable Object> T locked(DiskPath path, Volume.Step<T> step) throws IOException {
        return volume.locked(() -> {
            path.view().check();
            return step.run();
        });
    }

    /// Where a path leads to, under the lock.
    private @Nullable Node find(DiskPath path) throws IOException {
        Node node = volume.root;
        for (String name : path.fromRoot()) {
            if (node instanceof DiskFile) {
                throw failure(path, "Not a directory");
            }
            node = node instanceof Folder folder ? folder.entries.get(name) : null;
        }
        return node;
    }

    /// What is to be moved or copied. Here, and only here, the JDK says of what would be below a
    /// file that there is none.
    Node requireSource(DiskPath path) throws IOException {
        try {
            return require(path);
        } catch (NoSuchFileException e) {
            throw e;
        } catch (FileSystemException e) {
            throw new NoSuchFileException(path.toString());
        }
    }

    /// Where a path leads to. Only under the lock is what it says still so.
    Node require(DiskPath path) throws IOException {
        return locked(path, () -> {
            Node node = find(path);
            if (node == null) {
                throw new NoSuchFileException(path.toString());
            }
            return node;
        });
    }

    /// The place where the last name of a path is or would be.
    private NameLog.Slot slot(DiskPath path) throws IOException {
        List<String> names = path.fromRoot();
        if (names.isEmpty()) {
            throw failure(path, "Device or resource busy");
        }
        if (names.getLast().getBytes(StandardCharsets.UTF_8).length > NAME_BYTES) {
            throw failure(path, "File name too long");
        }
        Path parent = path.toAbsolutePath().normalize().getParent();
        Node folder = parent == null ? volume.root : find(DiskPath.of(parent));
        if (folder == null) {
            throw new NoSuchFileException(path.toString());
        }
        if (!(folder instanceof Folder into)) {
            throw failure(path, "Not a directory");
        }
        return new NameLog.Slot(into, names.getLast());
    }

    private static FileSystemException failure(DiskPath path, String reason) {
        return new FileSystemException(path.toString(), null, reason);
    }

    /// Counts and does one change of names.
    private <T extends @Nullable Object> T naming(DiskPath path, String what, Volume.Step<T> step) throws IOException {
        volume.history.add(what);
        return volume.counted(path.view(), () -> {
            if (volume.faults.strikes(Fault.FAILED_NAMING, path.fromRoot().getLast())) {
                throw failure(path, Volume.IO_ERROR);
            }
            try {
                volume.requireWritable();
                return step.run();
            } catch (FileSystemException e) {
                throw e;
            } catch (IOException e) {
                throw failure(path, String.valueOf(e.getMessage()));
            }
        });
    }

    private void change(long heldBytes, NameLog.Slot slot, @Nullable Node node) {
        slot.folder().modified = volume.now();
        volume.names.add(new NameLog.Change(List.of(new NameLog.Entry(slot, node)), heldBytes));
    }

    DiskChannel open(DiskPath path, Opening how) throws IOException {
        return locked(path, () -> {
            Node node = find(path);
            if (node == null && (how.create() || how.createNew())) {
                node = create(path);
            } else if (node == null) {
                throw new NoSuchFileException(path.toString());
            } else if (how.createNew()) {
                throw new FileAlreadyExistsException(path.toString());
            } else if (node instanceof Folder && how.write()) {
                throw failure(path, "Is a directory");
            }
            if (how.write() && volume.isReadOnly()) {
                throw failure(path, Volume.READ_ONLY);
            }
            if (how.truncate() && node instanceof DiskFile file && file.bytes.size() > 0) {
                volume.truncate(path.view(), path.toString(), file, 0);
            }
            DiskChannel channel = new DiskChannel(volume, path, node, how);
            path.view().opened(channel);
            if (node instanceof DiskFile file) {
                file.open++;
            }
            if (how.deleteOnClose()) {
                delete(path); // as on Linux: at once, and what is open stays usable
            }
            return channel;
        });
    }

    private Node create(DiskPath path) throws IOException {
        NameLog.Slot slot = slot(path);
        return naming(path, "create " + path, () -> {
            Node file = new DiskFile(volume.takeId(), volume.now());
            change(0, slot, file);
            return file;
        });
    }

    void createFolder(DiskPath path) throws IOException {
        locked(path, () -> {
            if (find(path) != null) {
                throw new FileAlreadyExistsException(path.toString());
            }
            NameLog.Slot slot = slot(path);
            return naming(path, "create folder " + path, () -> {
                change(0, slot, new Folder(volume.takeId(), volume.now()));
                return null;
            });
        });
    }

    void delete(DiskPath path) throws IOException {
        locked(path, () -> {
            Node node = require(path);
            NameLog.Slot slot = slot(path);
            if (node instanceof Folder folder && !folder.entries.isEmpty()) {
                throw new DirectoryNotEmptyException(path.toString());
            }
            return naming(path, "delete " + path, () -> {
                volume.unlink(node);
                change(heldBytes(node), slot, null);
                return null;
            });
        });
    }

    private static long heldBytes(@Nullable Node node) {
        return node instanceof DiskFile file ? file.space.bytes() : 0;
    }

    /// @param replaces whether the target may be there
    /// @param atomic   as `rename` does it; else a target is deleted first, as the JDK does it
    void move(DiskPath from, DiskPath to, boolean replaces, boolean atomic) throws IOException {
        locked(from, () -> {
            if (atomic) {
                slot(from); // `rename` looks at both folders first
                slot(to);
            }
            Node node = atomic ? require(from) : requireSource(from);
            Node existing = find(to);
            if (existing == node) {
                return null;
            }
            if (existing != null && !atomic) {
                if (!replaces) {
                    throw new FileAlreadyExistsException(to.toString());
                }
                delete(to);
            }
            Node target = atomic ? existing : null;
            NameLog.Slot left = slot(from);
            NameLog.Slot taken = slot(to);
            requireFit(from, to, node, target);
            return naming(to, "move " + from + " to " + to, () -> rename(left, taken, node, target));
        });
    }

    private static void requireFit(DiskPath from, DiskPath to, Node node, @Nullable Node target)
            throws FileSystemException {
        List<String> source = from.fromRoot();
        List<String> names = to.fromRoot();
        String reason = null;
        if (isAbove(source, names)) {
            reason = "Invalid argument";
        } else if (isAbove(names, source)) {
            reason = "Directory not empty";
        } else if (target instanceof Folder folder && !folder.entries.isEmpty()) {
            reason = node instanceof DiskFile ? "Is a directory" : "Directory not empty";
        } else if (target instanceof Folder && node instanceof DiskFile) {
            reason = "Is a directory";
        } else if (target instanceof DiskFile && node instanceof Folder) {
            reason = "Not a directory";
        }
        if (reason != null) {
            throw new FileSystemException(from.toString(), to.toString(), reason);
        }
    }

    private static boolean isAbove(List<String> folder, List<String> path) {
        return path.size() > folder.size() && path.subList(0, folder.size()).equals(folder);
    }

    private @Nullable Void rename(NameLog.Slot left, NameLog.Slot taken, Node node, @Nullable Node target) {
        if (target != null) {
            volume.unlink(target);
        }
        left.folder().modified = volume.now();
        taken.folder().modified = volume.now();
        volume.names.add(new NameLog.Change(
                List.of(new NameLog.Entry(left, null), new NameLog.Entry(taken, node)), heldBytes(target)));
        return null;
    }

    List<Path> list(DiskPath path) throws IOException {
        return locked(path, () -> {
            if (!(require(path) instanceof Folder folder)) {
                throw new NotDirectoryException(path.toString());
            }
            List<Path> entries = new ArrayList<>();
            folder.entries.keySet().forEach(name -> entries.add(path.resolve(name)));
            return entries;
        });
    }

    DiskAttributes attributes(DiskPath path) throws IOException {
        return locked(path, () -> DiskAttributes.of(require(path)));
    }

    void setModified(DiskPath path, FileTime time) throws IOException {
        locked(path, () -> {
            Node node = require(path);
            volume.requireWritable();
            node.modified = time;
            return null;
        });
    }
}
