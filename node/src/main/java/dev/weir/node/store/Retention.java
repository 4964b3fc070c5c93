package dev.weir.node.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.Comparator;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Lets old data go, a step at a time, so that a writer never waits for long: a table that is too
/// old, the oldest table while there is too much, and when only the newest tables are left the
/// oldest part of the biggest device in them. For the writing thread only.
final class Retention {
    private static final int PAGES_A_STEP = 2_000;

    private final Connection connection;
    private final Catalog catalog;
    private final Rows rows;
    private final StoreSettings settings;
    private final Clock clock;
    private final LongAdder dropped;

    private record Candidate(StreamTables stream, Period period) {}

    Retention(
            Connection connection, Catalog catalog, Rows rows, StoreSettings settings, Clock clock, LongAdder dropped) {
        this.connection = connection;
        this.catalog = catalog;
        this.rows = rows;
        this.settings = settings;
        this.clock = clock;
        this.dropped = dropped;
    }

    /// One step, in a transaction of the caller.
    ///
    /// @return whether there is more to do
    boolean step() throws SQLException {
        Candidate oldest = oldest();
        long horizon = Times.nanos(clock.instant().minus(settings.retain()));
        if (oldest != null && oldest.period().finish <= horizon) {
            drop(oldest);
            return true;
        }
        if (used() > settings.maxBytes() && oldest != null) {
            if (hasOthers(oldest)) {
                drop(oldest);
                return true;
            }
            return thin(oldest);
        }
        long free = Database.number(connection, "PRAGMA freelist_count");
        if (free > 0) {
            shrink();
        }
        AlarmTable.prune(connection, horizon);
        return free > PAGES_A_STEP;
    }

    /// Bytes that hold data; pages that are free do not count.
    private long used() throws SQLException {
        long pages =
                Database.number(connection, "PRAGMA page_count") - Database.number(connection, "PRAGMA freelist_count");
        return pages * Database.number(connection, "PRAGMA page_size");
    }

    private @Nullable Candidate oldest() {
        Candidate oldest = null;
        Comparator<Candidate> byEnd = Comparator.comparingLong(candidate -> candidate.period().finish);
        for (StreamTables stream : catalog.streams()) {
            for (boolean late : new boolean[] {false, true}) {
                var first = stream.periods(late).firstEntry();
                if (first == null) {
                    continue;
                }
                Candidate candidate = new Candidate(stream, first.getValue());
                if (oldest == null || byEnd.compare(candidate, oldest) < 0) {
                    oldest = candidate;
                }
            }
        }
        return oldest;
    }

    /// Whether the stream has a later table, or another stream has more than one.
    private boolean hasOthers(Candidate oldest) {
        return oldest.stream().periods(oldest.period().late).size() > 1;
    }

    private void drop(Candidate candidate) throws SQLException {
        rows.forget(candidate.period());
        catalog.drop(candidate.stream(), candidate.period());
        catalog.refreshViews();
        dropped.increment();
    }

    /// Removes the older half of each device's rows of a table, one device a step.
    private boolean thin(Candidate candidate) throws SQLException {
        String table = Sql.quoted(candidate.period().table);
        long device = Database.number(
                connection, "SELECT device FROM " + table + " GROUP BY device ORDER BY count(*) DESC LIMIT 1");
        try (PreparedStatement median = connection.prepareStatement("SELECT time FROM " + table
                + " WHERE device = ? ORDER BY time LIMIT 1 OFFSET (SELECT count(*) / 2 FROM " + table
                + " WHERE device = ?)")) {
            median.setLong(1, device);
            median.setLong(2, device);
            try (ResultSet row = median.executeQuery()) {
                return row.next() && thin(table, device, row.getLong(1));
            }
        }
    }

    private boolean thin(String table, long device, long before) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM " + table + " WHERE device = ? AND time < ?")) {
            delete.setLong(1, device);
            delete.setLong(2, before);
            boolean some = delete.executeUpdate() > 0;
            if (some) {
                dropped.increment();
            }
            return some;
        }
    }

    /// Gives free pages back to the file system.
    private void shrink() throws SQLException {
        try (Statement vacuum = connection.createStatement()) {
            // Frees a page with each step of the statement: only executeUpdate takes them all.
            vacuum.executeUpdate("PRAGMA incremental_vacuum(" + PAGES_A_STEP + ")");
        }
    }
}
