package dev.weir.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Has the next segment ready before it is needed, and removes those that are needed no more. A
/// platform thread, so that those who append wait for neither.
final class Keeper implements AutoCloseable {
    private final Folder folder;
    private final JournalSettings settings;
    private final Segments segments;
    private final Cursors cursors;
    private final Clock clock;
    private final JournalListener listener;
    private final long rest;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /// Forgotten, so that nobody reads it any more, but not removed yet. Only the thread.
    private @Nullable Path doomed;

    // guarded by lock
    private boolean ready;
    private boolean wanted = true;
    private boolean closed;
    private @Nullable IOException trouble;

    Keeper(
            Folder folder,
            JournalSettings settings,
            Segments segments,
            Cursors cursors,
            Clock clock,
            JournalListener listener,
            Duration rest) {
        this.folder = folder;
        this.settings = settings;
        this.segments = segments;
        this.cursors = cursors;
        this.clock = clock;
        this.listener = listener;
        this.rest = TimeUnit.NANOSECONDS.convert(rest);
        this.thread = Thread.ofPlatform().daemon().name("weir-journal-files").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /// Waits until the next segment is ready. It is the caller's then.
    ///
    /// @throws IOException if it cannot be made
    void take() throws IOException {
        lock.lock();
        try {
            while (!ready) {
                if (trouble != null) {
                    IOException why = trouble;
                    trouble = null;
                    wanted = true;
                    changed.signalAll();
                    throw why;
                }
                if (closed) {
                    throw new ClosedException(folder.path());
                }
                changed.awaitUninterruptibly();
            }
            ready = false;
        } finally {
            lock.unlock();
        }
    }

    /// The segment that was [taken][#take] is in use, or was not usable: another one will be needed.
    void prepare() {
        lock.lock();
        try {
            wanted = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        while (true) {
            try {
                if (isWanted()) {
                    made(make());
                }
                retain();
                lock.lock();
                try {
                    if (closed) {
                        return;
                    }
                    if (!wanted || trouble != null) {
                        changed.awaitNanos(rest);
                    }
                } finally {
                    lock.unlock();
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts the keeper", e);
            }
        }
    }

    private boolean isWanted() {
        lock.lock();
        try {
            return wanted && !closed;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable IOException make() {
        try {
            Segment.preallocate(folder.next(), settings.segmentBytes());
            return null;
        } catch (IOException e) {
            return without(e);
        } catch (RuntimeException | OutOfMemoryError e) {
            return without(new IOException(e));
        }
    }

    /// Half a segment would only keep the disk full.
    private IOException without(IOException why) {
        try {
            Files.deleteIfExists(folder.next());
        } catch (IOException e) {
            why.addSuppressed(e);
        }
        return why;
    }

    private void made(@Nullable IOException failure) {
        lock.lock();
        try {
            trouble = failure;
            ready = failure == null;
            wanted = failure != null;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Removes the oldest as long as it is to go.
    private void retain() {
        while (isRemoved()) {
            Segments.Known oldest = segments.oldest();
            Segments.Known newest = segments.newest();
            if (oldest == null
                    || newest == null
                    || oldest.header().number() == newest.header().number()) {
                return;
            }
            try {
                if (!isSuperfluous(oldest)) {
                    return;
                }
            } catch (IOException e) {
                listener.notRemoved(oldest.file(), e);
                return;
            }
            pass(oldest);
            segments.removeOldest();
            doomed = oldest.file();
        }
    }

    /// Removes what is doomed; false if that does not work.
    private boolean isRemoved() {
        Path file = doomed;
        if (file != null) {
            try {
                folder.remove(file);
            } catch (IOException e) {
                listener.notRemoved(file, e);
                return false;
            }
        }
        doomed = null;
        return true;
    }

    private boolean isSuperfluous(Segments.Known oldest) throws IOException {
        JournalSettings.Retention retain = settings.retain();
        if (!retain.passesCursors() && cursors.slowest() < oldest.end()) {
            return false;
        }
        if (segments.bytes() > retain.bytes()) {
            return true;
        }
        Duration age = Duration.between(Files.getLastModifiedTime(oldest.file()).toInstant(), clock.instant());
        return age.compareTo(retain.age()) > 0;
    }

    private void pass(Segments.Known gone) {
        cursors.positions().forEach((name, position) -> {
            if (position < gone.end()) {
                cursors.advance(name, gone.end());
                listener.passed(name, Math.max(position + 1, gone.header().first()), gone.end());
            }
        });
    }

    /// Ends the thread and removes what was prepared. Waits for both.
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        Threads.join(thread);
        Files.deleteIfExists(folder.next());
    }
}
