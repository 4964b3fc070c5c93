package dev.weir.testkit.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An open file or folder. Does what the JDK's own channel does on Linux, its failures included.
final class DiskChannel extends FileChannel {
    /// One write takes no more than this, and says so.
    private static final int LARGEST_WRITE = 64 << 20;

    private static final int TRANSFERRED = 8192;

    private final Volume volume;
    private final DiskPath path;
    private final String name;
    private final Node node;
    private final Opening how;

    /// Guarded by the volume's lock.
    private long position;

    DiskChannel(Volume volume, DiskPath path, Node node, Opening how) {
        this.volume = volume;
        this.path = path;
        this.node = node;
        this.how = how;
        name = String.valueOf(path.getFileName());
    }

    View view() {
        return path.view();
    }

    DiskPath path() {
        return path;
    }

    String name() {
        return name;
    }

    boolean isUsable() {
        return isOpen() && view().isAlive();
    }

    void requireUsable() throws IOException {
        if (!isOpen()) {
            throw new AsynchronousCloseException();
        }
        view().check();
    }

    /// Does something under the volume's lock; an interruption closes the channel meanwhile, as
    /// with every interruptible channel.
    private <T extends @Nullable Object> T blocking(Volume.Step<T> step) throws IOException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        boolean completed = false;
        try {
            begin();
            T result = volume.locked(() -> {
                requireUsable();
                return step.run();
            });
            completed = true;
            return result;
        } finally {
            end(completed);
        }
    }

    private void requireReadable() throws IOException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        if (!how.read()) {
            throw new NonReadableChannelException();
        }
    }

    private void requireWritable() throws IOException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        if (!how.write()) {
            throw new NonWritableChannelException();
        }
    }

    private DiskFile file() throws IOException {
        return switch (node) {
            case DiskFile file -> file;
            case Folder _ -> throw new IOException("Is a directory");
        };
    }

    private static void requireNotNegative(String what, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(what + " must not be negative, but was " + value);
        }
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        return Math.toIntExact(read(new ByteBuffer[] {into}, 0, 1));
    }

    @Override
    public long read(ByteBuffer[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        requireReadable();
        return blocking(() -> {
            long done = 0;
            for (int i = offset; i < offset + length; i++) {
                int wanted = into[i].remaining();
                int part = fill(into[i], position);
                if (part > 0) {
                    position += part;
                    done += part;
                }
                if (part < wanted) {
                    return part < 0 && done == 0 ? -1L : done;
                }
            }
            return done;
        });
    }

    @Override
    public int read(ByteBuffer into, long from) throws IOException {
        requireNotNegative("a position", from);
        requireReadable();
        return blocking(() -> fill(into, from));
    }

    private int fill(ByteBuffer into, long from) throws IOException {
        if (into.isReadOnly()) {
            throw new IllegalArgumentException("Read-only buffer");
        }
        DiskFile file = file();
        long left = file.bytes.size() - from;
        if (!into.hasRemaining() || left <= 0) {
            return into.hasRemaining() ? -1 : 0;
        }
        int length = (int) Math.min(Math.min(left, into.remaining()), file.readable(from));
        if (length == 0) {
            volume.history.add("read " + path + " at " + from + ", which failed");
            throw new IOException(Volume.IO_ERROR);
        }
        file.bytes.read(from, into, length);
        return length;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        return Math.toIntExact(write(new ByteBuffer[] {from}, 0, 1));
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, from.length);
        requireWritable();
        return blocking(() -> {
            long at = how.append() ? node.size() : position;
            int done = put(from, offset, length, at);
            position = at + done;
            return (long) done;
        });
    }

    @Override
    public int write(ByteBuffer from, long at) throws IOException {
        requireNotNegative("a position", at);
        requireWritable();
        return blocking(() -> put(new ByteBuffer[] {from}, 0, 1, how.append() ? node.size() : at));
    }

    private int put(ByteBuffer[] from, int offset, int length, long at) throws IOException {
        long total = 0;
        for (int i = offset; i < offset + length; i++) {
            total += from[i].remaining();
        }
        if (total == 0) {
            return 0;
        }
        ByteBuffer all = ByteBuffer.allocate((int) Math.min(total, LARGEST_WRITE));
        for (int i = offset; i < offset + length; i++) {
            int part = Math.min(all.remaining(), from[i].remaining());
            all.put(from[i].slice(from[i].position(), part));
        }
        int written = volume.write(this, file(), at, all.array());
        int left = written;
        for (int i = offset; left > 0; i++) {
            int part = Math.min(left, from[i].remaining());
            from[i].position(from[i].position() + part);
            left -= part;
        }
        if (how.synced()) {
            volume.force(this, node);
        }
        return written;
    }

    @Override
    public long position() throws IOException {
        return blocking(() -> how.append() ? node.size() : position);
    }

    @Override
    public FileChannel position(long newPosition) throws IOException {
        requireNotNegative("a position", newPosition);
        return blocking(() -> {
            position = newPosition;
            return this;
        });
    }

    @Override
    public long size() throws IOException {
        return blocking(node::size);
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        requireNotNegative("a size", size);
        requireWritable();
        return blocking(() -> {
            volume.truncate(view(), path.toString(), file(), size);
            position = Math.min(position, size);
            return this;
        });
    }

    /// Both kinds make the size durable, as ext4 and XFS do with every change of it.
    @Override
    public void force(boolean metaData) throws IOException {
        blocking(() -> {
            volume.force(this, node);
            return null;
        });
    }

    @Override
    public long transferTo(long from, long count, WritableByteChannel target) throws IOException {
        requireReadable();
        requireNotNegative("a position", from);
        requireNotNegative("a count", count);
        if (!target.isOpen()) {
            throw new ClosedChannelException();
        }
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(count, TRANSFERRED));
        long done = 0;
        while (done < count) {
            buffer.clear().limit((int) Math.min(count - done, buffer.capacity()));
            int taken;
            try {
                int part = read(buffer, from + done);
                taken = part > 0 ? target.write(buffer.flip()) : 0;
            } catch (IOException e) {
                if (done > 0) {
                    return done; // as the JDK: whoever asks for the rest meets the failure
                }
                throw e;
            }
            done += taken;
            if (taken < TRANSFERRED) {
                break;
            }
        }
        return done;
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long at, long count) throws IOException {
        requireWritable();
        requireNotNegative("a position", at);
        requireNotNegative("a count", count);
        if (at > size()) {
            return 0;
        }
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(count, TRANSFERRED));
        long done = 0;
        while (done < count) {
            buffer.clear().limit((int) Math.min(count - done, buffer.capacity()));
            int part = source.read(buffer);
            int taken = part > 0 ? write(buffer.flip(), at + done) : 0;
            done += taken;
            if (taken == 0 || taken < part) {
                break;
            }
        }
        return done;
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long from, long size) {
        throw new UnsupportedOperationException("this disk cannot be mapped into memory");
    }

    @Override
    public FileLock lock(long from, long size, boolean shared) throws IOException {
        requireLockable(shared);
        try {
            return blocking(() -> {
                DiskLock lock = node.locks.take(this, from, size, shared);
                while (lock == null) {
                    volume.changed.awaitUninterruptibly();
                    requireUsable();
                    lock = node.locks.take(this, from, size, shared);
                }
                return lock;
            });
        } catch (ClosedByInterruptException e) {
            FileLockInterruptionException interrupted = new FileLockInterruptionException();
            interrupted.initCause(e);
            throw interrupted;
        }
    }

    @Override
    public @Nullable FileLock tryLock(long from, long size, boolean shared) throws IOException {
        requireLockable(shared);
        return this.<@Nullable FileLock>blocking(() -> node.locks.take(this, from, size, shared));
    }

    private void requireLockable(boolean shared) throws IOException {
        if (shared) {
            requireReadable();
        } else {
            requireWritable();
        }
    }

    void unlock(DiskLock lock) throws IOException {
        volume.locked(() -> {
            node.locks.release(lock);
            volume.changed.signalAll();
            return null;
        });
    }

    /// Gives back what it holds, once, under the volume's lock.
    void release() {
        if (!view().released(this)) {
            return;
        }
        node.locks.closed(this);
        if (node instanceof DiskFile file) {
            file.open--;
            volume.free(file);
        }
    }

    @Override
    protected void implCloseChannel() throws IOException {
        volume.locked(() -> {
            release();
            volume.changed.signalAll();
            return null;
        });
    }

    @Override
    public String toString() {
        return "channel of " + path;
    }
}
