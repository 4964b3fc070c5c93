package dev.weir.node.store;

import dev.weir.engine.FieldType;
import dev.weir.engine.Reading;
import dev.weir.engine.Schema;
import dev.weir.node.store.StreamTables.Column;
import dev.weir.runtime.Lane;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.NavigableMap;
import java.util.TreeMap;

/// Finds the last reading of each device of a stream: from the newest table to the oldest, seeking
/// from device to device rather than reading the rows between.
final class LastValues {
    private final Connection connection;
    private final int most;

    LastValues(Connection connection, int most) {
        this.connection = connection;
        this.most = most;
    }

    Collection<Reading> of(StreamTables stream, Schema schema) throws SQLException {
        NavigableMap<Long, Reading> found = new TreeMap<>();
        for (Period period : stream.onTime.descendingMap().values()) {
            collect(found, stream, period, schema);
        }
        for (Period period : stream.late.descendingMap().values()) {
            collect(found, stream, period, schema);
        }
        return found.values();
    }

    private void collect(NavigableMap<Long, Reading> found, StreamTables stream, Period period, Schema schema)
            throws SQLException {
        String table = Sql.quoted(period.table);
        try (PreparedStatement nextDevice =
                        connection.prepareStatement("SELECT min(device) FROM " + table + " WHERE device > ?");
                PreparedStatement last = connection.prepareStatement("SELECT r.*, d.name AS device_name,"
                        + " s.name AS source_name FROM " + table + " r JOIN weir_name d ON d.id = r.device"
                        + " JOIN weir_name s ON s.id = r.source WHERE device = ?"
                        + " ORDER BY time DESC, source DESC, epoch DESC, sequence DESC LIMIT 1")) {
            long device = Long.MIN_VALUE;
            while (found.size() < most) {
                nextDevice.setLong(1, device);
                try (ResultSet row = nextDevice.executeQuery()) {
                    row.next();
                    device = row.getLong(1);
                    if (row.wasNull()) {
                        return;
                    }
                }
                if (!period.late && found.containsKey(device)) {
                    continue;
                }
                last.setLong(1, device);
                try (ResultSet row = last.executeQuery()) {
                    if (row.next()) {
                        Reading reading = reading(row, stream, period, schema);
                        found.merge(device, reading, (a, b) -> a.time() >= b.time() ? a : b);
                    }
                }
            }
        }
    }

    private static Reading reading(ResultSet row, StreamTables stream, Period period, Schema schema)
            throws SQLException {
        Reading reading = new Reading(
                schema,
                row.getString("device_name"),
                row.getLong("time"),
                row.getLong("received"),
                row.getString("source_name"),
                row.getLong("epoch"),
                row.getLong("sequence"),
                Lane.SAMPLE);
        for (int i = 0; i < period.columns; i++) {
            Object value = row.getObject("f" + i);
            Column column = stream.fields.get(i);
            int slot = value == null ? Schema.NONE : schema.slotFor(column.name());
            if (slot != Schema.NONE) {
                set(reading, slot, column, value);
            }
        }
        return reading;
    }

    private static void set(Reading reading, int slot, Column column, Object value) {
        switch (value) {
            case Number number
            when column.types() == Column.bit(FieldType.BOOLEAN) -> reading.set(slot, number.longValue() != 0);
            case Double number -> reading.set(slot, number.doubleValue());
            case Number number -> reading.set(slot, number.longValue());
            default -> reading.set(slot, value.toString());
        }
    }
}
