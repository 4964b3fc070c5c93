package dev.weir.node.store;

import dev.weir.node.store.StreamTables.Column;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// What streams, fields, tables and names the store has, in memory and in its tables. For the
/// writing thread only. After a transaction that was rolled back it is wrong: load another.
final class Catalog {
    /// With both kinds this stays below the 500 terms that SQLite allows in the view.
    static final int MAX_PERIODS = 200;

    private static final int NAMES_IN_MEMORY = 10_000;
    private static final Set<String> VIEWS = Set.of("alarms", "dead_letters");

    private final Connection connection;
    private final Map<String, StreamTables> streams = new HashMap<>();
    private final Map<String, Long> names = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > NAMES_IN_MEMORY;
        }
    };

    private Catalog(Connection connection) {
        this.connection = connection;
    }

    static Catalog load(Connection connection) throws SQLException {
        Catalog catalog = new Catalog(connection);
        Map<Integer, StreamTables> byId = new HashMap<>();
        try (Statement statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery("SELECT id, name, view FROM weir_stream")) {
                while (row.next()) {
                    StreamTables stream = new StreamTables(row.getInt(1), row.getString(2), row.getString(3));
                    byId.put(stream.id, stream);
                    catalog.streams.put(stream.name, stream);
                }
            }
            try (ResultSet row =
                    statement.executeQuery("SELECT stream, name, title, types FROM weir_field ORDER BY stream, id")) {
                while (row.next()) {
                    Objects.requireNonNull(byId.get(row.getInt(1)))
                            .load(new Column(row.getString(2), row.getString(3), row.getInt(4)));
                }
            }
            try (ResultSet row =
                    statement.executeQuery("SELECT stream, name, late, start, finish, columns FROM weir_period")) {
                while (row.next()) {
                    Period period = new Period(
                            row.getString(2), row.getBoolean(3), row.getLong(4), row.getLong(5), row.getInt(6));
                    Objects.requireNonNull(byId.get(row.getInt(1)))
                            .periods(period.late)
                            .put(period.start, period);
                }
            }
        }
        return catalog;
    }

    Iterable<StreamTables> streams() {
        return streams.values();
    }

    /// The stream of that name, made if it is new.
    StreamTables stream(String name) throws SQLException {
        StreamTables known = streams.get(name);
        if (known != null) {
            return known;
        }
        String view = Sql.free(name, this::isTaken);
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO weir_stream(name, view) VALUES(?, ?) RETURNING id")) {
            insert.setString(1, name);
            insert.setString(2, view);
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                StreamTables stream = new StreamTables(row.getInt(1), name, view);
                streams.put(name, stream);
                return stream;
            }
        }
    }

    private boolean isTaken(String view) {
        return VIEWS.contains(view)
                || streams.values().stream()
                        .anyMatch(stream -> stream.view.toLowerCase(Locale.ROOT).equals(view));
    }

    /// The number that stands for a device or source.
    long name(String name) throws SQLException {
        Long known = names.get(name);
        if (known != null) {
            return known;
        }
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO weir_name(name) VALUES(?) ON CONFLICT(name) DO UPDATE SET name = name RETURNING id")) {
            insert.setString(1, name);
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                long id = row.getLong(1);
                names.put(name, id);
                return id;
            }
        }
    }

    /// Writes down a field that is new or was seen with another type.
    void field(StreamTables stream, int index, Column column) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement(
                "INSERT OR REPLACE INTO weir_field(stream, id, name, title, types) VALUES(?, ?, ?, ?, ?)")) {
            upsert.setInt(1, stream.id);
            upsert.setInt(2, index);
            upsert.setString(3, column.name());
            upsert.setString(4, column.title());
            upsert.setInt(5, column.types());
            upsert.executeUpdate();
        }
    }

    /// The table for a moment, made if there is none, with a column for each field of the stream.
    ///
    /// @param length how long a new table's stretch is, in nanoseconds
    Period period(StreamTables stream, boolean late, long moment, long length) throws SQLException {
        Map.Entry<Long, Period> below = stream.periods(late).floorEntry(moment);
        Period period = below != null && moment < below.getValue().finish
                ? below.getValue()
                : create(stream, late, moment, length);
        if (period.columns < stream.fields.size()) {
            widen(stream, period);
        }
        return period;
    }

    private Period create(StreamTables stream, boolean late, long moment, long length) throws SQLException {
        // Tables made under another 'retain' keep their stretch: this one fits between them.
        Map.Entry<Long, Period> below = stream.periods(late).lowerEntry(moment);
        Map.Entry<Long, Period> above = stream.periods(late).higherEntry(moment);
        long start = Math.floorDiv(moment, length) * length;
        long finish = start + length;
        if (below != null) {
            start = Math.max(start, below.getValue().finish);
        }
        if (above != null) {
            finish = Math.min(finish, above.getKey());
        }
        Period period = new Period("weir_" + stream.id + (late ? "_late_" : "_") + start, late, start, finish, 0);
        Database.run(
                connection,
                "CREATE TABLE " + Sql.quoted(period.table) + "(device INTEGER NOT NULL, time INTEGER NOT NULL,"
                        + " source INTEGER NOT NULL, epoch INTEGER NOT NULL, sequence INTEGER NOT NULL,"
                        + " received INTEGER NOT NULL, PRIMARY KEY(device, time, source, epoch, sequence))"
                        + " WITHOUT ROWID");
        stream.periods(late).put(start, period);
        save(stream, period);
        stream.viewIsStale = true;
        return period;
    }

    private void widen(StreamTables stream, Period period) throws SQLException {
        for (int i = period.columns; i < stream.fields.size(); i++) {
            Database.run(connection, "ALTER TABLE " + Sql.quoted(period.table) + " ADD COLUMN f" + i);
        }
        period.columns = stream.fields.size();
        save(stream, period);
        stream.viewIsStale = true;
    }

    private void save(StreamTables stream, Period period) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement("INSERT OR REPLACE INTO"
                + " weir_period(name, stream, late, start, finish, columns) VALUES(?, ?, ?, ?, ?, ?)")) {
            upsert.setString(1, period.table);
            upsert.setInt(2, stream.id);
            upsert.setBoolean(3, period.late);
            upsert.setLong(4, period.start);
            upsert.setLong(5, period.finish);
            upsert.setInt(6, period.columns);
            upsert.executeUpdate();
        }
    }

    /// Removes a table and all that is in it.
    void drop(StreamTables stream, Period period) throws SQLException {
        Database.run(connection, "DROP TABLE " + Sql.quoted(period.table));
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM weir_period WHERE name = ?")) {
            delete.setString(1, period.table);
            delete.executeUpdate();
        }
        stream.periods(period.late).remove(period.start);
        stream.viewIsStale = true;
    }

    /// Makes the views show what there is. Call it before committing.
    void refreshViews() throws SQLException {
        for (StreamTables stream : streams.values()) {
            if (stream.viewIsStale) {
                StreamView.replace(connection, stream);
                stream.viewIsStale = false;
            }
        }
    }
}
