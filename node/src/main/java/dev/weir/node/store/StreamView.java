package dev.weir.node.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// The view that shows a stream under its own name.
///
/// Each table is joined with the names by itself, so that `WHERE device = 'x'` reaches the
/// primary key of every table.
final class StreamView {
    private StreamView() {}

    static void replace(Connection connection, StreamTables stream) throws SQLException {
        Database.run(connection, "DROP VIEW IF EXISTS " + Sql.quoted(stream.view));
        Database.run(connection, "CREATE VIEW " + Sql.quoted(stream.view) + " AS " + select(stream));
    }

    private static String select(StreamTables stream) {
        List<Period> periods = new ArrayList<>(stream.onTime.values());
        periods.addAll(stream.late.values());
        StringBuilder sql = new StringBuilder();
        for (Period period : periods) {
            sql.append(sql.isEmpty() ? "" : " UNION ALL ");
            arm(sql, stream, period);
        }
        if (sql.isEmpty()) {
            empty(sql, stream);
        }
        return sql.toString();
    }

    private static void arm(StringBuilder sql, StreamTables stream, Period period) {
        boolean first = sql.isEmpty();
        sql.append("SELECT ").append(Sql.time("r.time"));
        sql.append(first ? " AS time, d.name AS device" : ", d.name");
        for (int i = 0; i < stream.fields.size(); i++) {
            sql.append(i < period.columns ? ", r.f" + i : ", NULL");
            if (first) {
                sql.append(" AS ").append(Sql.quoted(stream.fields.get(i).title()));
            }
        }
        sql.append(" FROM ").append(Sql.quoted(period.table)).append(" r JOIN weir_name d ON d.id = r.device");
    }

    private static void empty(StringBuilder sql, StreamTables stream) {
        sql.append("SELECT NULL AS time, NULL AS device");
        stream.fields.forEach(field -> sql.append(", NULL AS ").append(Sql.quoted(field.title())));
        sql.append(" WHERE 0");
    }
}
