package dev.weir.node.store;

import dev.weir.node.store.QueryException.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Answers questions about the past, row by row: neither the rows nor the answer are held here.
///
/// Aggregates are computed in Java from rows in order of device and time, which is the order of
/// the primary keys: SQLite merges the tables without sorting.
final class Query {
    private final Connection connection;
    private final Range range;
    private final int most;
    private int points;

    /// @param most how many points the answer may have
    Query(Connection connection, Range range, int most) {
        this.connection = connection;
        this.range = range;
        this.most = most;
    }

    /// Gives each value to `out`, by device and then by time.
    void samples(Consumer<Sample> out) throws SQLException {
        rows((device, time, value) -> {
            count();
            out.accept(new Sample(device, Times.instant(time), value));
        });
    }

    /// Gives the sums of each step to `out`, by device and then by time; steps without a value are
    /// left out. Steps begin at multiples of their length since 1970.
    void buckets(Duration step, Consumer<Bucket> out) throws SQLException {
        long length = step.toNanos();
        var open = new Object() {
            @Nullable
            Bucket bucket;

            String device = "";
            long start;
        };
        rows((device, time, value) -> {
            long start = Math.floorDiv(time, length) * length;
            Bucket bucket = open.bucket;
            if (bucket == null || start != open.start || !device.equals(open.device)) {
                if (bucket != null) {
                    out.accept(bucket);
                }
                count();
                bucket = new Bucket(device, start);
                open.bucket = bucket;
                open.device = device;
                open.start = start;
            }
            bucket.add(value);
        });
        if (open.bucket != null) {
            out.accept(open.bucket);
        }
    }

    private void count() {
        if (++points > most) {
            long seconds =
                    Math.ceilDiv(Duration.between(range.from(), range.to()).toSeconds(), most);
            throw new QueryException(
                    Kind.TOO_LARGE,
                    "the answer has more than " + most + " points: ask for one device, a shorter range, or a 'step'"
                            + " of at least " + Math.max(1, seconds) + "s");
        }
    }

    private interface RowConsumer {
        void row(String device, long time, Object value);
    }

    private void rows(RowConsumer out) throws SQLException {
        int stream = stream();
        int field = field(stream);
        List<Long> devices = devices();
        String sql = sql(tables(stream, field), field, devices);
        if (sql.isEmpty()) {
            return;
        }
        try (PreparedStatement query = connection.prepareStatement(sql);
                ResultSet row = query.executeQuery()) {
            long known = Long.MIN_VALUE;
            String device = "";
            while (row.next()) {
                long id = row.getLong(1);
                if (id != known) {
                    device = name(id);
                    known = id;
                }
                out.row(device, row.getLong(2), row.getObject(3));
            }
        }
    }

    private String sql(List<String> tables, int field, List<Long> devices) {
        if (tables.isEmpty() || (devices.isEmpty() && !range.devices().isEmpty())) {
            return "";
        }
        String where = " WHERE time >= " + Times.nanos(range.from()) + " AND time < " + Times.nanos(range.to())
                + " AND f" + field + " IS NOT NULL";
        if (!devices.isEmpty()) {
            where += " AND device IN (" + devices.toString().substring(1).replace(']', ')');
        }
        StringBuilder sql = new StringBuilder();
        for (String table : tables) {
            sql.append(sql.isEmpty() ? "" : " UNION ALL ");
            sql.append("SELECT device, time, f").append(field).append(" FROM ").append(Sql.quoted(table));
            sql.append(where);
        }
        return sql.append(" ORDER BY 1, 2").toString();
    }

    private int stream() throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT id FROM weir_stream WHERE name = ?")) {
            query.setString(1, range.stream());
            try (ResultSet row = query.executeQuery()) {
                if (row.next()) {
                    return row.getInt(1);
                }
            }
        }
        throw new QueryException(
                Kind.UNKNOWN,
                "no stream '" + range.stream() + "' in the store: it has "
                        + list("SELECT name FROM weir_stream ORDER BY name LIMIT 50"));
    }

    private int field(int stream) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT id FROM weir_field WHERE stream = ? AND name = ?")) {
            query.setInt(1, stream);
            query.setString(2, range.field());
            try (ResultSet row = query.executeQuery()) {
                if (row.next()) {
                    return row.getInt(1);
                }
            }
        }
        throw new QueryException(
                Kind.UNKNOWN,
                "no field '" + range.field() + "' in stream '" + range.stream() + "': it has "
                        + list("SELECT name FROM weir_field WHERE stream = " + stream + " ORDER BY id LIMIT 50"));
    }

    private String list(String sql) throws SQLException {
        List<String> names = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(sql);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                names.add("'" + row.getString(1) + "'");
            }
        }
        return names.isEmpty() ? "none" : String.join(", ", names);
    }

    /// The numbers of the devices that were asked for and exist.
    private List<Long> devices() throws SQLException {
        List<Long> ids = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement("SELECT id FROM weir_name WHERE name = ?")) {
            for (String device : range.devices()) {
                query.setString(1, device);
                try (ResultSet row = query.executeQuery()) {
                    if (row.next()) {
                        ids.add(row.getLong(1));
                    }
                }
            }
        }
        return ids;
    }

    private String name(long id) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT name FROM weir_name WHERE id = ?")) {
            query.setLong(1, id);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? row.getString(1) : "";
            }
        }
    }

    /// The tables that can have such rows: those of the time, and all that are by arrival.
    private List<String> tables(int stream, int field) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement("SELECT name FROM weir_period WHERE stream = ?"
                + " AND columns > ? AND (late OR (start < ? AND finish > ?)) ORDER BY start")) {
            query.setInt(1, stream);
            query.setInt(2, field);
            query.setLong(3, Times.nanos(range.to()));
            query.setLong(4, Times.nanos(range.from()));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    tables.add(row.getString(1));
                }
            }
        }
        return tables;
    }
}
