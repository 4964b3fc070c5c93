package dev.weir.node.store;

import dev.weir.node.store.StoreException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.sqlite.ProgressHandler;

/// The threads that read, each with a read-only connection. They are platform threads, so that a
/// long query does not hold a carrier, and end when nobody asks for a while.
final class Readers implements AutoCloseable {
    private static final int THREADS = 2;
    private static final int WAITING = 16;
    private static final int STEPS_BETWEEN_CHECKS = 20_000;

    private final Path file;
    private final Duration patience;
    private final BlockingQueue<Connection> idle = new ArrayBlockingQueue<>(THREADS);
    private final ThreadPoolExecutor threads;

    /// A question, in a transaction of its own: it sees one state of the store.
    @FunctionalInterface
    interface Question<T> {
        T ask(Connection connection) throws SQLException, IOException;
    }

    /// @param patience how long a question may take
    Readers(Path file, Duration patience) {
        this.file = file;
        this.patience = patience;
        AtomicInteger count = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                30,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING),
                task -> Thread.ofPlatform()
                        .name("weir-store-reader-" + count.incrementAndGet())
                        .daemon()
                        .unstarted(task));
        threads.allowCoreThreadTimeOut(true);
    }

    /// Asks and waits for the answer.
    ///
    /// @throws StoreException of reason `BUSY` if too many wait already or it takes too long
    /// @throws InterruptedException if interrupted while waiting; the question is given up
    <T> T ask(Question<T> question) throws IOException, InterruptedException {
        Callable<T> task = () -> answer(question);
        Future<T> answer;
        try {
            answer = threads.submit(task);
        } catch (RejectedExecutionException e) {
            boolean closed = threads.isShutdown();
            throw new StoreException(
                    closed ? Reason.CLOSED : Reason.BUSY,
                    closed
                            ? "the store " + file.toAbsolutePath() + " is closed"
                            : "the store answers " + THREADS + " questions and lets " + WAITING
                                    + " wait: ask again later",
                    e);
        }
        try {
            return answer.get();
        } catch (InterruptedException e) {
            answer.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case SQLException fault -> throw Faults.of(file, fault);
                case StoreException known -> throw known.again();
                case QueryException refused -> throw refused;
                case RuntimeException bug -> throw bug;
                case null, default -> throw new IOException(e.getCause());
            }
        }
    }

    private <T> T answer(Question<T> question) throws SQLException, IOException {
        Connection pooled = idle.poll();
        Connection connection = pooled != null ? pooled : Database.reader(file);
        Connection healthy = null;
        try {
            limit(connection);
            Database.run(connection, "BEGIN");
            T answer = question.ask(connection);
            Database.run(connection, "ROLLBACK");
            healthy = connection;
            return answer;
        } catch (QueryException e) {
            Database.run(connection, "ROLLBACK");
            healthy = connection;
            throw e;
        } finally {
            giveBack(connection, healthy);
        }
    }

    /// Interrupts SQLite when time is up, or when nobody waits any more.
    private void limit(Connection connection) throws SQLException {
        long deadline = System.nanoTime() + patience.toNanos();
        ProgressHandler.setHandler(connection, STEPS_BETWEEN_CHECKS, new ProgressHandler() {
            @Override
            protected int progress() {
                return System.nanoTime() > deadline || Thread.currentThread().isInterrupted() ? 1 : 0;
            }
        });
    }

    private void giveBack(Connection connection, @Nullable Connection healthy) throws SQLException {
        if (healthy == null || threads.isShutdown() || !idle.offer(connection)) {
            connection.close();
        }
    }

    /// Gives up what is being asked. Waits for two seconds at most.
    ///
    /// @return what did not end
    List<String> stop() throws InterruptedException {
        threads.shutdownNow();
        boolean ended = threads.awaitTermination(2, TimeUnit.SECONDS);
        Connection connection;
        while ((connection = idle.poll()) != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                // Nothing was written through it.
            }
        }
        return ended ? List.of() : List.of("readers");
    }

    @Override
    public void close() {
        try {
            stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
