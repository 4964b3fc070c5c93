package dev.weir.testkit.disk;

import java.nio.file.attribute.FileTime;

/// What has an identity of its own on the disk, whatever it is called: a file or a folder. All of
/// it is guarded by the lock of the volume.
abstract sealed class Node permits DiskFile, Folder {
    /// What a folder says its size is.
    static final long FOLDER_SIZE = 4096;

    final long id;
    final FileTime created;
    final LockTable locks = new LockTable();
    FileTime modified;

    /// Whether a name leads to it.
    boolean linked = true;

    Node(long id, FileTime created) {
        this.id = id;
        this.created = created;
        modified = created;
    }

    long size() {
        return switch (this) {
            case DiskFile file -> file.bytes.size();
            case Folder _ -> FOLDER_SIZE;
        };
    }
}
