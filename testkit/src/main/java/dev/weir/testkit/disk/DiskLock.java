package dev.weir.testkit.disk;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileLock;

/// A lock on a part of a file, against other processes.
final class DiskLock extends FileLock {
    private final DiskChannel channel;
    private volatile boolean released;

    /// Whether other processes still meet it. Guarded by the lock of the volume.
    boolean held = true;

    DiskLock(DiskChannel channel, long position, long size, boolean shared) {
        super(channel, position, size, shared);
        this.channel = channel;
    }

    DiskChannel owner() {
        return channel;
    }

    @Override
    public boolean isValid() {
        return !released && channel.isOpen() && channel.view().isAlive();
    }

    @Override
    public void release() throws IOException {
        if (!channel.isOpen()) {
            throw new ClosedChannelException();
        }
        channel.unlock(this);
        released = true;
    }
}
