package dev.weir.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Writes what is appended, a batch at a time: one write, one force, one answer to all who wait.
/// Whatever comes meanwhile is the next batch. One platform thread, since forcing keeps a thread.
///
/// After a failure nothing more is written into that segment: what a failed force has left on the
/// disk nobody knows, and a second force would say that all is well. The next batch begins another
/// segment, which says where the one before ends.
final class Committer implements Runnable {
    private static final long TICK = TimeUnit.SECONDS.toNanos(1);

    private final Folder folder;
    private final JournalSettings settings;
    private final Segments segments;
    private final Cursors cursors;
    private final Pending pending;
    private final Keeper keeper;
    private final JournalListener listener;
    private final long rest;
    private final UUID id;
    private final int epoch;
    private final int salt;
    private final long tick;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition progress = lock.newCondition();
    private final Figures figures = new Figures();

    /// The last record that is durable.
    private volatile long durable;

    /// Why the last batch failed, and until when no other is tried; null if it did not.
    private volatile @Nullable Failure failure;

    private volatile boolean ended;

    // only the thread
    private @Nullable Segment segment;
    private long number;
    private long forced;
    private boolean unforced;
    private boolean hopeless;
    private long lastForce = System.nanoTime();

    private record Failure(JournalException why, long until) {}

    /// @param before the header of the newest segment; of none, with zeros, if there is none
    /// @param last the last record
    Committer(
            Folder folder,
            JournalSettings settings,
            Segments segments,
            Cursors cursors,
            Pending pending,
            Keeper keeper,
            JournalListener listener,
            Duration rest,
            SegmentHeader before,
            long last) {
        this.folder = folder;
        this.settings = settings;
        this.segments = segments;
        this.cursors = cursors;
        this.pending = pending;
        this.keeper = keeper;
        this.listener = listener;
        this.rest = TimeUnit.NANOSECONDS.convert(rest);
        this.id = before.journal();
        this.salt = before.salt();
        this.number = before.number();
        this.epoch = before.epoch() + 1;
        this.durable = last;
        this.forced = last;
        this.tick = settings.fsync() instanceof Fsync.Interval(var interval)
                ? Math.min(TICK, TimeUnit.NANOSECONDS.convert(interval))
                : TICK;
    }

    long durable() {
        return durable;
    }

    Figures figures() {
        return figures;
    }

    /// What is wrong; null if all is well.
    @Nullable
    JournalException trouble() {
        Failure now = failure;
        return now == null ? null : now.why;
    }

    /// Fails at once what would fail in a moment.
    void requireHope() throws JournalException {
        Failure now = failure;
        if (now != null && System.nanoTime() - now.until < 0) {
            throw now.why;
        }
    }

    /// Waits until a record behind that one is durable, or nothing comes any more.
    void awaitBehind(long sequence) throws InterruptedException {
        if (durable > sequence) {
            return;
        }
        lock.lockInterruptibly();
        try {
            while (durable <= sequence && !ended) {
                progress.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private void tell() {
        lock.lock();
        try {
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void run() {
        try {
            while (true) {
                Pending.Batch batch = pending.take(tick);
                if (batch != null) {
                    commit(batch);
                    pending.written(batch);
                } else if (pending.isClosed()) {
                    break;
                } else {
                    idle(false);
                }
                forceInTime();
            }
            idle(true);
        } finally {
            ended = true;
            tell();
            closeSegment();
        }
    }

    private void commit(Pending.Batch batch) {
        JournalException why = null;
        try {
            requireHope();
            write(batch);
            durable = batch.last;
            figures.committed(batch.last - batch.first + 1, batch.buffer.position());
            recovered();
        } catch (JournalException e) {
            why = e;
        } catch (IOException e) {
            why = failed(e);
        } catch (Throwable e) {
            listener.threw(e);
            why = failed(new IOException(e));
        }
        batch.commit.settle(why, listener);
        if (why == null) {
            tell();
        }
    }

    private void write(Pending.Batch batch) throws IOException {
        ByteBuffer records = batch.buffer;
        Segment into = segmentFor(records.position() + Records.size(Cursors.RECORD_LIMIT), batch.first);
        boolean moved = cursors.hasChanged();
        if (moved) {
            put(records, cursors.record(), batch.last);
        }
        try {
            writeAndForce(into, records);
        } catch (IOException e) {
            if (moved) {
                cursors.notWritten();
            }
            throw e;
        }
        if (settings.fsync() instanceof Fsync.Always) {
            forced = batch.last;
        }
    }

    private void put(ByteBuffer into, byte[] places, long sequence) {
        Records.put(into, sequence, epoch, Records.CURSORS, places, 0, places.length);
    }

    private void writeAndForce(Segment into, ByteBuffer records) throws IOException {
        Records.seal(records, forced, salt);
        into.write(records);
        unforced = true;
        if (settings.fsync() instanceof Fsync.Always) {
            force(into);
        }
    }

    private void force(Segment file) throws IOException {
        long before = System.nanoTime();
        file.force();
        lastForce = System.nanoTime();
        figures.forced(lastForce - before);
        unforced = false;
        forced = durable;
    }

    private Segment segmentFor(int bytes, long first) throws IOException {
        Segment now = segment;
        if (now != null && now.hasRoom(bytes)) {
            return now;
        }
        if (now != null && unforced && !(settings.fsync() instanceof Fsync.Never)) {
            force(now);
        }
        closeSegment();
        return roll(first);
    }

    /// Begins a segment; where the cursors are is the first thing in it, so that the newest segment
    /// is all that has to be read to know.
    private Segment roll(long first) throws IOException {
        keeper.take();
        try {
            SegmentHeader header = new SegmentHeader(
                    id, number + 1, first, durable, epoch, Math.max(settings.recordBytes(), Cursors.RECORD_LIMIT));
            Segment begun = Segment.begin(folder.next(), header, settings.segmentBytes());
            try {
                ByteBuffer places = ByteBuffer.allocateDirect(Records.size(Cursors.RECORD_LIMIT));
                put(places, cursors.record(), first - 1);
                Records.seal(places, forced, salt);
                begun.write(places);
                begun.force();
                Path named = folder.activate(header.number());
                number = header.number();
                segments.add(named, header);
                forceFolder();
            } catch (IOException e) {
                cursors.notWritten();
                begun.close();
                throw e;
            }
            segment = begun;
            return begun;
        } finally {
            keeper.prepare();
        }
    }

    /// If the folder's entries cannot be forced, no file system promises anything of what is made
    /// there later; most do not even try, and become read-only.
    private void forceFolder() throws IOException {
        try {
            folder.force();
        } catch (IOException e) {
            hopeless = true;
            throw new IOException(
                    "the entries of the folder cannot be forced, so that nothing more is written; check the disk and"
                            + " open the journal again: " + e.getMessage(),
                    e);
        }
    }

    /// Saves cursors that have moved, if no record has come that would have taken them along.
    ///
    /// @param last whether this is the end, and everything is forced
    private void idle(boolean last) {
        try {
            requireHope();
            if (cursors.hasChanged()) {
                Segment into = segmentFor(Records.size(Cursors.RECORD_LIMIT), pending.first());
                if (cursors.hasChanged()) {
                    saveCursors(into);
                }
            }
            Segment now = segment;
            if (last && unforced && now != null) {
                force(now);
            }
            recovered();
        } catch (JournalException e) {
            // Whoever appends next is told.
        } catch (IOException e) {
            failed(e);
        }
    }

    private void saveCursors(Segment into) throws IOException {
        ByteBuffer places = ByteBuffer.allocateDirect(Records.size(Cursors.RECORD_LIMIT));
        put(places, cursors.record(), Math.max(durable, into.header().first() - 1));
        try {
            writeAndForce(into, places);
        } catch (IOException e) {
            cursors.notWritten();
            throw e;
        }
    }

    private void forceInTime() {
        Segment now = segment;
        if (now != null
                && unforced
                && settings.fsync() instanceof Fsync.Interval
                && System.nanoTime() - lastForce >= tick) {
            try {
                force(now);
            } catch (IOException e) {
                failed(e);
            }
        }
    }

    private JournalException failed(IOException e) {
        closeSegment();
        JournalException why = Failures.of(folder.path(), e);
        failure = new Failure(why, System.nanoTime() + (hopeless ? Long.MAX_VALUE / 2 : rest));
        listener.failed(why);
        return why;
    }

    private void recovered() {
        if (failure != null) {
            failure = null;
            listener.recovered();
        }
    }

    private void closeSegment() {
        Segment now = segment;
        segment = null;
        unforced = false;
        if (now != null) {
            try {
                now.close();
            } catch (IOException e) {
                // What was to be forced is; nothing depends on the end of a channel.
                listener.threw(e);
            }
        }
    }
}
