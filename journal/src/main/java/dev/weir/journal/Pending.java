package dev.weir.journal;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What was appended and waits to be written: one buffer that fills while the other is written.
/// Thread-safe.
final class Pending {
    private final Path folder;
    private final int recordLimit;
    private final int bufferBytes;
    private final int epoch;

    /// Held for as long as it takes to copy a record.
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition work = lock.newCondition();
    private final Condition room = lock.newCondition();

    // guarded by lock
    private long next;
    private Batch filling;
    private @Nullable Batch spare;
    private boolean closed;

    /// Records that are written together. One thread at a time.
    static final class Batch {
        final ByteBuffer buffer;
        Commit commit = new Commit();
        long first;
        long last;

        private Batch(int bytes) {
            // The journal's thread adds the cursors.
            buffer = ByteBuffer.allocateDirect(bytes + Records.size(Cursors.RECORD_LIMIT));
        }

        boolean isEmpty() {
            return buffer.position() == 0;
        }
    }

    /// @param next the sequence of the next record
    Pending(Path folder, JournalSettings settings, long next, int epoch) {
        this.folder = folder;
        this.recordLimit = settings.recordBytes();
        this.bufferBytes = settings.bufferBytes();
        this.next = next;
        this.epoch = epoch;
        this.filling = new Batch(bufferBytes);
        this.spare = new Batch(bufferBytes);
    }

    /// Puts a record behind those that wait; blocks while there is no room.
    Appended add(byte[] payload, int from, int length) throws JournalException, InterruptedException {
        int size = Records.size(sized(length));
        lock.lockInterruptibly();
        try {
            Batch batch = awaitRoom(size);
            long sequence = next++;
            begin(batch, sequence);
            Records.put(batch.buffer, sequence, epoch, Records.DATA, payload, from, length);
            batch.last = sequence;
            return new Appended(sequence, sequence, batch.commit);
        } finally {
            lock.unlock();
        }
    }

    /// Puts records behind those that wait, and nothing between them.
    Appended add(Collection<byte[]> payloads) throws JournalException, InterruptedException {
        long size = 0;
        for (byte[] payload : payloads) {
            size += Records.size(sized(payload.length));
        }
        if (size > bufferBytes) {
            throw new TooLargeException(size, bufferBytes);
        }
        lock.lockInterruptibly();
        try {
            Batch batch = awaitRoom((int) size);
            long first = next;
            for (byte[] payload : payloads) {
                begin(batch, next);
                Records.put(batch.buffer, next, epoch, Records.DATA, payload, 0, payload.length);
                batch.last = next++;
            }
            return new Appended(first, batch.last, batch.commit);
        } finally {
            lock.unlock();
        }
    }

    private int sized(int length) throws TooLargeException {
        if (length > recordLimit) {
            throw new TooLargeException(length, recordLimit);
        }
        return length;
    }

    private Batch awaitRoom(int size) throws ClosedException, InterruptedException {
        while (!closed && filling.buffer.position() + size > bufferBytes) {
            room.await();
        }
        if (closed) {
            throw new ClosedException(folder);
        }
        return filling;
    }

    private void begin(Batch batch, long sequence) {
        if (batch.isEmpty()) {
            batch.first = sequence;
            work.signal();
        }
    }

    /// What waits, for the journal's thread, which [gives it back][#written] when it is done.
    ///
    /// @return null if nothing comes within that time, or nothing comes any more
    @Nullable
    Batch take(long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (filling.isEmpty() && !closed && left > 0) {
                left = work.awaitNanos(left);
            }
            if (filling.isEmpty()) {
                return null;
            }
            Batch taken = filling;
            filling = java.util.Objects.requireNonNull(spare, "the batch before was not given back");
            spare = null;
            room.signalAll();
            return taken;
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the journal's thread", e);
        } finally {
            lock.unlock();
        }
    }

    void written(Batch batch) {
        batch.buffer.clear();
        batch.commit = new Commit();
        lock.lock();
        try {
            spare = batch;
        } finally {
            lock.unlock();
        }
    }

    /// The sequence of the first record that will be [taken][#take]. Only for the one who takes.
    long first() {
        lock.lock();
        try {
            return filling.isEmpty() ? next : filling.first;
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /// Takes nothing more.
    void close() {
        lock.lock();
        try {
            closed = true;
            work.signalAll();
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
