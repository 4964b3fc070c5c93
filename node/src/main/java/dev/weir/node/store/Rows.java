package dev.weir.node.store;

import dev.weir.engine.FieldType;
import dev.weir.engine.Reading;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/// Writes readings into their tables. For the writing thread only.
final class Rows {
    /// Farther from its arrival than this, an event time says little about when a row will be old.
    /// Constants, not settings: a record that is replayed must find the same table.
    private static final long LATE_NANOS = Duration.ofDays(7).toNanos();

    private static final long EARLY_NANOS = Duration.ofDays(1).toNanos();
    private static final int KEY_COLUMNS = 6;
    private static final int OPEN_STATEMENTS = 32;

    private final Connection connection;
    private final Catalog catalog;
    private final long periodNanos;
    private final LongAdder refusedFields;
    private final LongAdder droppedPeriods;
    private final Map<String, Insert> inserts = new LinkedHashMap<>(16, 0.75f, true);

    private int[] columns = {};

    private record Insert(PreparedStatement statement, int columns) {}

    Rows(Connection connection, Catalog catalog, Duration period, LongAdder refusedFields, LongAdder droppedPeriods) {
        this.connection = connection;
        this.catalog = catalog;
        this.periodNanos = period.toNanos();
        this.refusedFields = refusedFields;
        this.droppedPeriods = droppedPeriods;
    }

    void insert(List<Reading> readings) throws SQLException {
        for (Reading reading : readings) {
            insert(reading);
        }
        catalog.refreshViews();
    }

    private void insert(Reading reading) throws SQLException {
        StreamTables stream = catalog.stream(reading.stream());
        resolve(stream, reading);
        boolean window = isWindow(reading);
        boolean late =
                reading.received() - reading.time() > LATE_NANOS || reading.time() - reading.received() > EARLY_NANOS;
        makeRoom(stream, late);
        long moment = late ? reading.received() : reading.time();
        Period period = catalog.period(stream, late, moment, periodNanos);
        long device = catalog.name(reading.device());
        long source = catalog.name(reading.source());
        if (window && late) {
            // A window that is computed again arrives again at another time.
            removeOthers(stream, period, device, reading.time(), source);
        }
        Insert insert = statement(period, stream.fields.size());
        PreparedStatement row = insert.statement();
        row.setLong(1, device);
        row.setLong(2, reading.time());
        row.setLong(3, source);
        row.setLong(4, window ? 0 : reading.epoch());
        row.setLong(5, reading.sequence());
        row.setLong(6, reading.received());
        bindFields(row, insert.columns(), reading);
        row.executeUpdate();
    }

    /// A window's result is a function of the stream, the key and the start; the epoch that it was
    /// computed in does not matter. A source of the stream's name does not make one: its sequence
    /// is a small count and no time.
    private static boolean isWindow(Reading reading) {
        return reading.source().equals(reading.stream()) && reading.sequence() == reading.time();
    }

    /// Finds the column of each slot, making those that are new.
    private void resolve(StreamTables stream, Reading reading) throws SQLException {
        int slots = reading.slots();
        if (columns.length < slots) {
            columns = new int[slots];
        }
        for (int slot = 0; slot < slots; slot++) {
            FieldType type = reading.type(slot);
            columns[slot] = type == null ? -1 : stream.field(reading.schema(), slot, type, catalog::field);
            if (type != null && columns[slot] < 0) {
                refusedFields.increment();
            }
        }
    }

    /// The number of tables is bounded even when the node's clock jumps about.
    private void makeRoom(StreamTables stream, boolean late) throws SQLException {
        while (stream.periods(late).size() > Catalog.MAX_PERIODS) {
            Period oldest = stream.periods(late).firstEntry().getValue();
            forget(oldest);
            catalog.drop(stream, oldest);
            droppedPeriods.increment();
        }
    }

    private void removeOthers(StreamTables stream, Period kept, long device, long time, long source)
            throws SQLException {
        for (Period other : stream.late.values()) {
            if (other == kept) {
                continue;
            }
            try (PreparedStatement delete = connection.prepareStatement("DELETE FROM " + Sql.quoted(other.table)
                    + " WHERE device = ? AND time = ? AND source = ? AND epoch = 0 AND sequence = ?")) {
                delete.setLong(1, device);
                delete.setLong(2, time);
                delete.setLong(3, source);
                delete.setLong(4, time);
                delete.executeUpdate();
            }
        }
    }

    private void bindFields(PreparedStatement row, int fields, Reading reading) throws SQLException {
        for (int i = 1; i <= fields; i++) {
            row.setNull(KEY_COLUMNS + i, Types.NULL);
        }
        for (int slot = 0; slot < reading.slots(); slot++) {
            FieldType type = reading.type(slot);
            if (type == null || columns[slot] < 0) {
                continue;
            }
            int index = KEY_COLUMNS + 1 + columns[slot];
            switch (type) {
                case DOUBLE -> row.setDouble(index, reading.real(slot));
                case LONG -> row.setLong(index, reading.whole(slot));
                case BOOLEAN -> row.setInt(index, reading.flag(slot) ? 1 : 0);
                case STRING -> row.setString(index, reading.text(slot));
            }
        }
    }

    private Insert statement(Period period, int fields) throws SQLException {
        Insert known = inserts.get(period.table);
        if (known != null && known.columns() == fields) {
            return known;
        }
        forget(period);
        if (inserts.size() >= OPEN_STATEMENTS) {
            String eldest = inserts.keySet().iterator().next();
            Objects.requireNonNull(inserts.remove(eldest)).statement().close();
        }
        StringBuilder sql = new StringBuilder("INSERT OR REPLACE INTO ").append(Sql.quoted(period.table));
        sql.append("(device, time, source, epoch, sequence, received");
        for (int i = 0; i < fields; i++) {
            sql.append(", f").append(i);
        }
        sql.append(") VALUES(?, ?, ?, ?, ?, ?").append(", ?".repeat(fields)).append(')');
        Insert insert = new Insert(connection.prepareStatement(sql.toString()), fields);
        inserts.put(period.table, insert);
        return insert;
    }

    /// Closes what is prepared for a table that is about to go.
    void forget(Period period) throws SQLException {
        Insert known = inserts.remove(period.table);
        if (known != null) {
            known.statement().close();
        }
    }

    void close() throws SQLException {
        for (Insert insert : inserts.values()) {
            insert.statement().close();
        }
        inserts.clear();
    }
}
