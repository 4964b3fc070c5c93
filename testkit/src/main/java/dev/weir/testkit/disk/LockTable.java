package dev.weir.testkit.disk;

import java.nio.channels.OverlappingFileLockException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The locks on one file, of all processes. Guarded by the lock of the volume.
final class LockTable {
    private final List<DiskLock> locks = new ArrayList<>();

    /// Takes a lock, unless another process has one that it cannot stand beside.
    ///
    /// @throws OverlappingFileLockException when the process itself has one there
    @Nullable
    DiskLock take(DiskChannel by, long from, long size, boolean shared) {
        long length = size == 0 ? Long.MAX_VALUE - from : size;
        boolean free = true;
        for (DiskLock other : locks) {
            if (other.overlaps(from, length)) {
                if (other.owner().view() == by.view()) {
                    throw new OverlappingFileLockException();
                }
                free &= !other.held || (shared && other.isShared());
            }
        }
        if (!free) {
            return null;
        }
        DiskLock lock = new DiskLock(by, from, length, shared);
        locks.add(lock);
        return lock;
    }

    void release(DiskLock lock) {
        locks.remove(lock);
    }

    /// Ends the locks of a channel that is closed. POSIX: with any descriptor of a file, all locks
    /// of the process on it end for the others, though this process takes them for valid.
    void closed(DiskChannel channel) {
        locks.removeIf(lock -> lock.owner() == channel);
        for (DiskLock lock : locks) {
            if (lock.owner().view() == channel.view()) {
                lock.held = false;
            }
        }
    }
}
