package dev.weir.node.store;

import dev.weir.engine.Meters;
import dev.weir.engine.Reading;
import dev.weir.engine.Schema;
import dev.weir.engine.Sink;
import dev.weir.engine.flow.DeadLetter;
import dev.weir.engine.flow.Supervised;
import dev.weir.engine.rule.Alarm;
import dev.weir.node.store.StoreException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the node saw, in `<data>/store.db`. Thread-safe.
///
/// Everything that writes returns when it is on the disk, and throws [StoreException] if it is not
/// known to be; the same write may then be repeated. Everything that reads is bounded in size and
/// time.
public final class Store implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Store.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Path file;
    private final StoreSettings settings;
    private final Clock clock;
    private final StoreMeters meters;
    private final long epoch;
    private final Writer writer;
    private final Readers readers;

    private Store(
            Path file, StoreSettings settings, Clock clock, StoreMeters meters, StoreSession session, long epoch) {
        this.file = file;
        this.settings = settings;
        this.clock = clock;
        this.meters = meters;
        this.epoch = epoch;
        this.writer = new Writer(
                file,
                session,
                () -> StoreSession.open(file, settings, clock, meters),
                meters.commits(),
                meters.commitNanos());
        this.readers = new Readers(file, PATIENCE);
    }

    /// Opens the store of a data folder, makes it if there is none, and begins a new epoch.
    ///
    /// A damaged file is moved aside to `store.db.damaged`, once, and a new store begins: a node
    /// that runs alone must not stop for its history. When there is one already, opening fails
    /// instead, so that nothing is ever overwritten. Nothing is deleted.
    ///
    /// @throws StoreException if it cannot be used; the message says what to do
    public static Store open(DataFolder folder, StoreSettings settings, Clock clock, Meters meters)
            throws StoreException {
        Path file = folder.path().resolve("store.db");
        StoreMeters counts = StoreMeters.in(meters);
        StoreSession session = null;
        try {
            session = session(file, settings, clock, counts);
            long known = Database.number(session.connection(), "SELECT value FROM weir_meta WHERE key = 'epoch'");
            long epoch = folder.nextEpoch(known);
            try (PreparedStatement save = session.connection()
                    .prepareStatement("INSERT OR REPLACE INTO weir_meta(key, value) VALUES('epoch', ?)")) {
                save.setLong(1, epoch);
                save.executeUpdate();
            }
            meters.gauge("weir_store_bytes", "Size of the store's files", () -> bytes(file));
            return new Store(file, settings, clock, counts, session, epoch);
        } catch (SQLException e) {
            throw abandon(session, Faults.of(file, e));
        } catch (StoreException e) {
            throw abandon(session, e);
        } catch (IOException e) {
            throw abandon(
                    session,
                    new StoreException(
                            Faults.reason(e),
                            "the data folder of " + file.toAbsolutePath() + ": " + e.getMessage(),
                            e));
        }
    }

    private static StoreException abandon(@Nullable StoreSession session, StoreException e) {
        try {
            if (session != null) {
                session.close();
            }
        } catch (SQLException closing) {
            e.addSuppressed(closing);
        }
        return e;
    }

    private static StoreSession session(Path file, StoreSettings settings, Clock clock, StoreMeters meters)
            throws SQLException, IOException {
        try {
            return StoreSession.open(file, settings, clock, meters);
        } catch (SQLException e) {
            if (Faults.reason(e) != Reason.CORRUPT || !moveAside(file)) {
                throw e;
            }
            LOG.atWarn()
                    .addKeyValue("file", file)
                    .addKeyValue("moved-to", file + ".damaged")
                    .addKeyValue("reason", e.getMessage())
                    .log("the store is damaged; a new one begins");
            return StoreSession.open(file, settings, clock, meters);
        }
    }

    private static boolean moveAside(Path file) throws IOException {
        Path aside = file.resolveSibling("store.db.damaged");
        if (Files.exists(aside)) {
            return false;
        }
        Files.move(file, aside);
        for (String part : List.of("-wal", "-shm")) {
            Path companion = file.resolveSibling("store.db" + part);
            if (Files.exists(companion)) {
                Files.move(companion, file.resolveSibling("store.db.damaged" + part));
            }
        }
        return true;
    }

    private static long bytes(Path file) {
        long sum = 0;
        for (String part : List.of("", "-wal")) {
            try {
                sum += Files.size(file.resolveSibling(file.getFileName() + part));
            } catch (IOException e) {
                // There is no write-ahead log while nothing was written.
            }
        }
        return sum;
    }

    /// How often this node has been started: the keys of the records of this run begin with it.
    public long epoch() {
        return epoch;
    }

    /// How the thread does that writes.
    public Supervised state() {
        return writer.state();
    }

    /// A sink that writes here.
    public Sink sink() {
        return new StoreSink(this);
    }

    /// Writes readings and results of windows.
    void write(List<Reading> batch) throws IOException, InterruptedException {
        List<Reading> readings = List.copyOf(batch);
        write(
                session -> {
                    session.rows().insert(readings);
                    return readings.size();
                },
                readings.size());
        meters.rows().add(readings.size());
    }

    private interface StoreWork<T> {
        T run(StoreSession session) throws SQLException;
    }

    private <T> T write(StoreWork<T> work, int rows) throws IOException, InterruptedException {
        return writer.call(session -> work.run((StoreSession) session), rows);
    }

    /// Writes alarms as they are now, each replacing what was known under its id, and dead letters,
    /// of which the oldest go when there are too many.
    void save(List<Alarm> alarms, List<DeadLetter> deadLetters) throws IOException, InterruptedException {
        List<Alarm> newAlarms = List.copyOf(alarms);
        List<DeadLetter> newLetters = List.copyOf(deadLetters);
        int rows = newAlarms.size() + newLetters.size();
        write(
                session -> {
                    for (Alarm alarm : newAlarms) {
                        AlarmTable.save(session.connection(), alarm, clock.instant());
                    }
                    DeadLetterTable.save(session.connection(), newLetters, settings.deadLetters());
                    return rows;
                },
                rows);
    }

    /// The newest alarms first.
    ///
    /// @param activeOnly only those that are not cleared
    public List<Alarm> alarms(boolean activeOnly, int limit) throws IOException, InterruptedException {
        return ask(connection -> AlarmTable.list(connection, activeOnly, limit));
    }

    /// Notes who has seen an alarm, unless somebody had before; empty if there is no such alarm.
    public Optional<Alarm> acknowledge(String id, String by) throws IOException, InterruptedException {
        return write(
                session -> Optional.ofNullable(AlarmTable.acknowledge(session.connection(), id, by, clock.instant())),
                1);
    }

    /// The newest dead letters first.
    public List<DeadLetter> deadLetters(int limit) throws IOException, InterruptedException {
        return ask(connection -> DeadLetterTable.list(connection, limit));
    }

    /// Gives each value of a range to `out`, by device and then by time.
    ///
    /// @param most how many there may be
    /// @param out called by a thread of the store: must not block
    /// @throws QueryException if there is no such stream or field, or the answer is too large
    public void samples(Range range, int most, Consumer<Sample> out) throws IOException, InterruptedException {
        ask(connection -> {
            new Query(connection, range, most).samples(out);
            return most;
        });
    }

    /// Gives the sums of each step of a range to `out`, by device and then by time.
    ///
    /// @param step at least a nanosecond
    /// @param most how many there may be
    /// @param out called by a thread of the store: must not block
    /// @throws QueryException if there is no such stream or field, or the answer is too large
    public void buckets(Range range, Duration step, int most, Consumer<Bucket> out)
            throws IOException, InterruptedException {
        ask(connection -> {
            new Query(connection, range, most).buckets(step, out);
            return most;
        });
    }

    private <T> T ask(Readers.Question<T> question) throws IOException, InterruptedException {
        T answer = readers.ask(question);
        meters.queries().increment();
        return answer;
    }

    /// The last reading of each device, for the time before devices have sent again.
    ///
    /// @param schemas gives the schema of a stream, empty for one that the node no longer has
    /// @param mostOfStream how many devices of a stream at most
    public List<Reading> lastReadings(Function<String, Optional<Schema>> schemas, int mostOfStream)
            throws IOException, InterruptedException {
        return readers.ask(connection -> {
            List<Reading> readings = new ArrayList<>();
            LastValues last = new LastValues(connection, mostOfStream);
            for (StreamTables stream : Catalog.load(connection).streams()) {
                Optional<Schema> schema = schemas.apply(stream.name);
                if (schema.isPresent()) {
                    readings.addAll(last.of(stream, schema.get()));
                }
            }
            return readings;
        });
    }

    /// Makes the disk seem full after so many pages.
    void limitPages(long pages) throws IOException, InterruptedException {
        write(session -> Database.number(session.connection(), "PRAGMA max_page_count=" + pages), 0);
    }

    /// Takes one step of retention now.
    ///
    /// @return whether there is more to do
    boolean retain() throws IOException, InterruptedException {
        return write(session -> session.retention().step(), 0);
    }

    /// Writes what was handed over, and ends the threads. Waits for seven seconds at most.
    ///
    /// @return the names of threads that did not end
    /// @throws InterruptedException if interrupted while it waits; the threads end when they can
    public List<String> stop() throws InterruptedException {
        // The writer last: SQLite empties its log into the file when the last connection that may
        // write closes, but not while a reader has it open.
        List<String> left = new ArrayList<>(readers.stop());
        left.addAll(writer.stop());
        return left;
    }

    @Override
    public void close() {
        try {
            stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
