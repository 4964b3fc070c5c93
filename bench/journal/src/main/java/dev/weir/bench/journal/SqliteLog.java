package dev.weir.bench.journal;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/// SQLite with a write-ahead log and `synchronous=FULL`.
final class SqliteLog implements DurableLog {
    private final Connection connection;
    private final PreparedStatement insert;
    private final GroupCommit group;

    SqliteLog(Path file) throws SQLException {
        connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode=WAL");
            statement.execute("PRAGMA synchronous=FULL");
            statement.execute("CREATE TABLE log(sequence INTEGER PRIMARY KEY, record BLOB)");
        }
        connection.setAutoCommit(false);
        insert = connection.prepareStatement("INSERT INTO log(record) VALUES(?)");
        group = new GroupCommit(this::commit);
    }

    private void commit(List<byte[]> records) throws SQLException {
        for (byte[] record : records) {
            insert.setBytes(1, record);
            insert.addBatch();
        }
        insert.executeBatch();
        connection.commit();
    }

    @Override
    public void append(byte[] record) throws Exception {
        group.append(List.of(record));
    }

    @Override
    public void append(List<byte[]> records) throws Exception {
        group.append(records);
    }

    @Override
    public long readAll() throws SQLException {
        long count = 0;
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT record FROM log ORDER BY sequence")) {
            while (rows.next()) {
                if (rows.getBytes(1).length > 0) {
                    count++;
                }
            }
        }
        return count;
    }

    @Override
    public void close() throws Exception {
        group.close();
        connection.close();
    }
}
