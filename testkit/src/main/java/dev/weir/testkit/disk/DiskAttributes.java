package dev.weir.testkit.disk;

import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;

/// What a file or folder was when it was asked for.
record DiskAttributes(long id, boolean isRegularFile, long size, FileTime creationTime, FileTime lastModifiedTime)
        implements BasicFileAttributes {

    static DiskAttributes of(Node node) {
        return new DiskAttributes(node.id, node instanceof DiskFile, node.size(), node.created, node.modified);
    }

    Map<String, Object> byName() {
        return Map.of(
                "size", size,
                "isRegularFile", isRegularFile,
                "isDirectory", isDirectory(),
                "isSymbolicLink", false,
                "isOther", false,
                "creationTime", creationTime,
                "lastModifiedTime", lastModifiedTime,
                "lastAccessTime", lastModifiedTime,
                "fileKey", id);
    }

    @Override
    public FileTime lastAccessTime() {
        return lastModifiedTime;
    }

    @Override
    public boolean isDirectory() {
        return !isRegularFile;
    }

    @Override
    public boolean isSymbolicLink() {
        return false;
    }

    @Override
    public boolean isOther() {
        return false;
    }

    @Override
    public Object fileKey() {
        return id;
    }
}
