package dev.weir.testkit.disk;

import java.nio.file.FileStore;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileStoreAttributeView;
import org.jspecify.annotations.Nullable;

/// How much space the disk has.
final class DiskStore extends FileStore {
    private final Volume volume;

    DiskStore(Volume volume) {
        this.volume = volume;
    }

    @Override
    public String name() {
        return DiskProvider.SCHEME;
    }

    @Override
    public String type() {
        return DiskProvider.SCHEME;
    }

    @Override
    public boolean isReadOnly() {
        return volume.isReadOnly();
    }

    @Override
    public long getTotalSpace() {
        return volume.capacity();
    }

    @Override
    public long getUsableSpace() {
        return volume.free();
    }

    @Override
    public long getUnallocatedSpace() {
        return volume.free();
    }

    @Override
    public long getBlockSize() {
        return Pages.PAGE;
    }

    @Override
    public boolean supportsFileAttributeView(Class<? extends FileAttributeView> type) {
        return type == BasicFileAttributeView.class;
    }

    @Override
    public boolean supportsFileAttributeView(String name) {
        return name.equals("basic");
    }

    @Override
    public <V extends FileStoreAttributeView> @Nullable V getFileStoreAttributeView(Class<V> type) {
        return null;
    }

    @Override
    public Object getAttribute(String attribute) {
        throw new UnsupportedOperationException(attribute + " is not supported");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DiskStore store && store.volume == volume;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(volume);
    }
}
