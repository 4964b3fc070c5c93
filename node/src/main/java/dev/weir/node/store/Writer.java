package dev.weir.node.store;

import dev.weir.engine.flow.Supervised;
import dev.weir.node.store.StoreException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// The thread that owns the connection that writes. Callers hand it work and wait; what waits
/// together is committed together.
///
/// When a group fails, each piece of work is tried again in a transaction of its own, so that
/// only the one at fault hears of it. After an error of the disk the connection is opened anew
/// for the next work.
final class Writer implements AutoCloseable {
    private static final int QUEUE = 64;
    private static final int GROUP_ROWS = 8_192;
    private static final Duration CHORE_INTERVAL = Duration.ofSeconds(10);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    private final Path file;
    private final Opener opener;
    private final LongAdder commits;
    private final LongAdder commitNanos;
    private final BlockingQueue<Job<?>> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Thread thread;

    /// Written by `close`, read by callers and the thread.
    private volatile boolean closed;

    private final LongAdder failures = new LongAdder();

    /// Written by the thread.
    private volatile Supervised.@Nullable Trouble failure;

    // Only the thread, after the constructor.
    private @Nullable Session session;
    private long nextChore = System.nanoTime();

    /// Something to do in a transaction. It may be done twice, the first time rolled back.
    @FunctionalInterface
    interface Work<T> {
        T run(Session session) throws SQLException;
    }

    /// Opens a connection and what belongs to it.
    @FunctionalInterface
    interface Opener {
        Session open() throws SQLException, IOException;
    }

    /// A connection and what is known about what it shows.
    interface Session extends AutoCloseable {
        Connection connection();

        /// Forgets what the last transaction, now rolled back, has changed.
        void rolledBack() throws SQLException;

        /// A small step of what must be done from time to time, in a transaction of its own.
        ///
        /// @return whether there is more to do now
        boolean chore() throws SQLException;

        @Override
        void close() throws SQLException;
    }

    private static final class Job<T> {
        final Work<T> work;
        final int rows;
        final CompletableFuture<T> done = new CompletableFuture<>();

        @Nullable
        T result;

        Job(Work<T> work, int rows) {
            this.work = work;
            this.rows = rows;
        }

        void run(Session session) throws SQLException {
            result = work.run(session);
        }

        @SuppressWarnings("NullAway") // T is what the work returned.
        void committed() {
            done.complete(result);
        }
    }

    Writer(Path file, Session session, Opener opener, LongAdder commits, LongAdder commitNanos) {
        this.file = file;
        this.session = session;
        this.opener = opener;
        this.commits = commits;
        this.commitNanos = commitNanos;
        this.thread = Thread.ofPlatform().name("weir-store").daemon().start(this::loop);
    }

    /// Does the work on the store's thread and returns when it is on the disk. Blocks while the
    /// queue is full.
    ///
    /// @param rows about how many rows it writes
    /// @throws InterruptedException if interrupted while waiting; the work may still be done
    <T> T call(Work<T> work, int rows) throws IOException, InterruptedException {
        Job<T> job = new Job<>(work, rows);
        while (!queue.offer(job, 100, TimeUnit.MILLISECONDS)) {
            requireOpen();
        }
        if (closed && !thread.isAlive()) {
            queue.remove(job);
            requireOpen();
        }
        try {
            return job.done.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case StoreException known -> throw known.again();
                case RuntimeException bug -> throw bug;
                case null, default -> throw new IOException(e.getCause());
            }
        }
    }

    private void requireOpen() throws StoreException {
        if (closed) {
            throw new StoreException(Reason.CLOSED, "the store " + file.toAbsolutePath() + " is closed", null);
        }
    }

    private void loop() {
        while (true) {
            try {
                Job<?> first = queue.poll(closed ? 0 : untilChore(), TimeUnit.NANOSECONDS);
                if (first != null) {
                    group(first);
                } else if (closed) {
                    break;
                }
                if (!closed && untilChore() <= 0) {
                    chore();
                }
            } catch (InterruptedException e) {
                // Only close() may interrupt, when its patience is over.
                break;
            } catch (RuntimeException | Error e) {
                // Whoever waits was told; the others must not wait for ever.
                failure = new Supervised.Trouble(
                        Instant.now(), e.getClass().getName(), String.valueOf(e.getStackTrace()[0]));
                failures.increment();
            }
        }
        end();
    }

    /// How it does.
    Supervised state() {
        return new Supervised(
                "store",
                thread.isAlive() ? Supervised.State.RUNNING : Supervised.State.STOPPED,
                failures.sum(),
                0,
                List.of(),
                Optional.ofNullable(failure),
                Optional.empty());
    }

    private long untilChore() {
        return Math.max(0, nextChore - System.nanoTime());
    }

    private void group(Job<?> first) {
        List<Job<?>> group = new ArrayList<>();
        group.add(first);
        int rows = first.rows;
        Job<?> next;
        while (rows < GROUP_ROWS && (next = queue.poll()) != null) {
            group.add(next);
            rows += next.rows;
        }
        Throwable fault;
        try {
            fault = commit(group);
        } catch (Error e) {
            group.forEach(job -> job.done.completeExceptionally(translated(e)));
            throw e;
        }
        if (fault != null && group.size() == 1) {
            first.done.completeExceptionally(translated(fault));
        } else if (fault != null) {
            for (Job<?> job : group) {
                Throwable own = commit(List.of(job));
                if (own != null) {
                    job.done.completeExceptionally(translated(own));
                }
            }
        }
    }

    /// Runs work in one transaction.
    ///
    /// @return what went wrong, in which case nothing was written
    private @Nullable Throwable commit(List<Job<?>> group) {
        Session used = null;
        try {
            used = session();
            Database.run(used.connection(), "BEGIN IMMEDIATE");
            for (Job<?> job : group) {
                job.run(used);
            }
            long start = System.nanoTime();
            Database.run(used.connection(), "COMMIT");
            commitNanos.add(System.nanoTime() - start);
            commits.increment();
        } catch (SQLException | IOException | RuntimeException e) {
            rollBack(used, e);
            return e;
        }
        group.forEach(Job::committed);
        return null;
    }

    private Session session() throws SQLException, IOException {
        Session open = session;
        if (open == null) {
            open = opener.open();
            session = open;
        }
        return open;
    }

    private void rollBack(@Nullable Session used, Exception why) {
        if (used == null) {
            return;
        }
        try {
            Database.run(used.connection(), "ROLLBACK");
        } catch (SQLException e) {
            // After some errors SQLite has rolled back by itself.
        }
        try {
            used.rolledBack();
            if (why instanceof SQLException e && Faults.reason(e) == Reason.IO) {
                drop(used);
            }
        } catch (SQLException e) {
            why.addSuppressed(e);
            drop(used);
        }
    }

    private void drop(Session used) {
        session = null;
        try {
            used.close();
        } catch (SQLException e) {
            // It is given up because it does not work; the next one may.
        }
    }

    private void chore() {
        boolean more = false;
        Session used = null;
        try {
            used = session();
            more = used.chore();
        } catch (SQLException | IOException | RuntimeException e) {
            rollBack(used, e);
        }
        nextChore = System.nanoTime() + (more ? 0 : CHORE_INTERVAL.toNanos());
    }

    private StoreException translated(Throwable fault) {
        return switch (fault) {
            case StoreException known -> known;
            case SQLException e -> Faults.of(file, e);
            default -> new StoreException(Reason.IO, "the store " + file.toAbsolutePath() + " failed: " + fault, fault);
        };
    }

    /// Takes no more work, does what was handed over, and ends the thread. Waits for five seconds
    /// at most.
    ///
    /// @return the name of the thread if it did not end
    List<String> stop() throws InterruptedException {
        closed = true;
        // An empty job wakes the thread.
        queue.offer(new Job<>(s -> 0, 0));
        if (thread.join(CLOSE_PATIENCE)) {
            return List.of();
        }
        thread.interrupt();
        return List.of(thread.getName());
    }

    @Override
    public void close() {
        try {
            stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void end() {
        Job<?> left;
        while ((left = queue.poll()) != null) {
            left.done.completeExceptionally(
                    new StoreException(Reason.CLOSED, "the store " + file.toAbsolutePath() + " is closed", null));
        }
        Session open = session;
        if (open != null) {
            drop(open);
        }
    }
}
