package dev.weir.node.store;

import dev.weir.engine.flow.DeadLetter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// The dead letters' table and the view `dead_letters`. The oldest go when there are too many.
final class DeadLetterTable {
    private DeadLetterTable() {}

    static void create(Connection connection) throws SQLException {
        Database.run(
                connection,
                "CREATE TABLE weir_dead_letter(id INTEGER PRIMARY KEY, time INTEGER NOT NULL,"
                        + " stream TEXT NOT NULL, source TEXT NOT NULL, device TEXT NOT NULL, address TEXT,"
                        + " reason TEXT NOT NULL, detail TEXT NOT NULL, payload TEXT NOT NULL)");
        Database.run(
                connection,
                "CREATE VIEW dead_letters AS SELECT " + Sql.time("time")
                        + " AS time, stream, source, device, address, reason, detail, payload FROM weir_dead_letter");
    }

    static void save(Connection connection, List<DeadLetter> letters, int most) throws SQLException {
        try (PreparedStatement row = connection.prepareStatement(
                "INSERT INTO weir_dead_letter(time, stream, source, device, address, reason, detail, payload)"
                        + " VALUES(?, ?, ?, ?, ?, ?, ?, ?)")) {
            for (DeadLetter letter : letters) {
                row.setLong(1, Times.nanos(letter.time()));
                row.setString(2, letter.stream());
                row.setString(3, letter.source());
                row.setString(4, letter.device());
                row.setString(5, letter.address());
                row.setString(6, letter.reason());
                row.setString(7, letter.detail());
                row.setString(8, letter.excerpt());
                row.executeUpdate();
            }
        }
        // Ids grow without gaps, so this is a seek and not a count.
        Database.run(
                connection,
                "DELETE FROM weir_dead_letter WHERE id <= (SELECT max(id) FROM weir_dead_letter) - " + most);
    }

    /// The newest first.
    static List<DeadLetter> list(Connection connection, int limit) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT time, stream, source, device, address, reason, detail, payload"
                        + " FROM weir_dead_letter ORDER BY id DESC LIMIT ?")) {
            query.setInt(1, limit);
            List<DeadLetter> letters = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    letters.add(new DeadLetter(
                            Times.instant(row.getLong(1)),
                            row.getString(2),
                            row.getString(3),
                            row.getString(4),
                            row.getString(5),
                            row.getString(6),
                            row.getString(7),
                            row.getString(8)));
                }
            }
            return letters;
        }
    }
}
