package dev.weir.node.store;

import dev.weir.engine.rule.Alarm;
import dev.weir.engine.rule.Severity;
import dev.weir.runtime.Lane;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The alarms' table and the view `alarms`. Those that are active are never pruned.
final class AlarmTable {
    private static final int MOST = 100_000;
    private static final String COLUMNS =
            "id, rule, device, severity, text, raised, cleared, peak, acknowledged, acknowledged_by, stream, lane, readings";

    private AlarmTable() {}

    static void create(Connection connection) throws SQLException {
        Database.run(
                connection,
                "CREATE TABLE weir_alarm(id TEXT PRIMARY KEY, rule TEXT NOT NULL,"
                        + " device TEXT NOT NULL, severity TEXT NOT NULL, text TEXT NOT NULL, raised INTEGER NOT NULL,"
                        + " cleared INTEGER, peak REAL, acknowledged INTEGER, acknowledged_by TEXT,"
                        + " stream TEXT NOT NULL, lane TEXT NOT NULL, readings INTEGER NOT NULL, saved INTEGER NOT NULL) WITHOUT ROWID");
        Database.run(connection, "CREATE INDEX weir_alarm_raised ON weir_alarm(raised)");
        Database.run(connection, "CREATE INDEX weir_alarm_active ON weir_alarm(raised) WHERE cleared IS NULL");
        Database.run(
                connection,
                "CREATE VIEW alarms AS SELECT rule, device, " + Sql.time("raised")
                        + " AS raised_at, " + Sql.time("cleared") + " AS cleared_at, severity, text, peak, "
                        + Sql.time("acknowledged") + " AS acknowledged_at, acknowledged_by, id FROM weir_alarm");
    }

    /// Writes an alarm, whatever was known of it before; an acknowledgement stays.
    static void save(Connection connection, Alarm alarm, Instant now) throws SQLException {
        try (PreparedStatement row = connection.prepareStatement("INSERT INTO weir_alarm(" + COLUMNS
                + ", saved) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO UPDATE SET"
                + " severity = excluded.severity, text = excluded.text, cleared = excluded.cleared,"
                + " peak = excluded.peak, saved = excluded.saved, readings = excluded.readings, acknowledged = coalesce(excluded.acknowledged, acknowledged),"
                + " acknowledged_by = coalesce(excluded.acknowledged_by, acknowledged_by)")) {
            row.setString(1, alarm.id());
            row.setString(2, alarm.rule());
            row.setString(3, alarm.device());
            row.setString(4, alarm.severity().word());
            row.setString(5, alarm.text());
            row.setLong(6, Times.nanos(alarm.raisedAt()));
            setTime(row, 7, alarm.clearedAt());
            Double peak = alarm.peak();
            if (peak == null) {
                row.setNull(8, Types.REAL);
            } else {
                row.setDouble(8, peak);
            }
            setTime(row, 9, alarm.acknowledgedAt());
            row.setString(10, alarm.acknowledgedBy());
            row.setString(11, alarm.stream());
            row.setString(12, alarm.lane().name());
            row.setLong(13, alarm.readings());
            row.setLong(14, Times.nanos(now));
            row.executeUpdate();
        }
    }

    private static void setTime(PreparedStatement row, int index, @Nullable Instant time) throws SQLException {
        if (time == null) {
            row.setNull(index, Types.INTEGER);
        } else {
            row.setLong(index, Times.nanos(time));
        }
    }

    /// The newest alarms first.
    static List<Alarm> list(Connection connection, boolean activeOnly, int limit) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT " + COLUMNS + " FROM weir_alarm"
                + (activeOnly ? " WHERE cleared IS NULL" : "") + " ORDER BY raised DESC LIMIT ?")) {
            query.setInt(1, limit);
            List<Alarm> alarms = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    alarms.add(alarm(row));
                }
            }
            return alarms;
        }
    }

    /// Notes that somebody has seen it; the first to do so stays.
    ///
    /// @return the alarm, or null if there is none of that id
    static @Nullable Alarm acknowledge(Connection connection, String id, String by, Instant when) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE weir_alarm SET acknowledged = ?, acknowledged_by = ? WHERE id = ? AND acknowledged IS NULL")) {
            update.setLong(1, Times.nanos(when));
            update.setString(2, by);
            update.setString(3, id);
            update.executeUpdate();
        }
        try (PreparedStatement query =
                connection.prepareStatement("SELECT " + COLUMNS + " FROM weir_alarm WHERE id = ?")) {
            query.setString(1, id);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? alarm(row) : null;
            }
        }
    }

    private static Alarm alarm(ResultSet row) throws SQLException {
        double peak = row.getDouble(8);
        return new Alarm(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(11),
                Severity.valueOf(row.getString(4).toUpperCase(Locale.ROOT)),
                row.getString(5),
                Lane.valueOf(row.getString(12)),
                Times.instant(row.getLong(6)),
                time(row, 7),
                time(row, 9),
                row.getString(10),
                row.getObject(8) == null ? null : peak,
                row.getLong(13));
    }

    private static @Nullable Instant time(ResultSet row, int index) throws SQLException {
        long nanos = row.getLong(index);
        return row.getObject(index) == null ? null : Times.instant(nanos);
    }

    /// Removes those that are cleared and were last written before the horizon, and the oldest
    /// cleared ones beyond a fixed number.
    static void prune(Connection connection, long horizon) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM weir_alarm WHERE (cleared IS NOT NULL AND saved < ?)"
                        + " OR (cleared IS NOT NULL AND raised < (SELECT raised FROM weir_alarm ORDER BY raised DESC"
                        + " LIMIT 1 OFFSET " + MOST + "))")) {
            delete.setLong(1, horizon);
            delete.executeUpdate();
        }
    }
}
