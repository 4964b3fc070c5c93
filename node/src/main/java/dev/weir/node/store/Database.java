package dev.weir.node.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TempStore;

/// Opens `store.db`, and makes its fixed tables when it is new.
final class Database {
    /// "WEIR": what `file store.db` shows, and how a foreign file is told.
    private static final int APPLICATION = 0x57454952;

    private static final int VERSION = 1;
    private static final int WAIT_MILLIS = 5_000;

    private Database() {}

    /// The connection that writes. Every commit on it is durable.
    static Connection writer(Path file) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(WAIT_MILLIS);
        config.setTempStore(TempStore.MEMORY);
        config.setCacheSize(-8_000);
        config.setSynchronous(SynchronousMode.FULL);
        config.setPragma(SQLiteConfig.Pragma.JOURNAL_SIZE_LIMIT, String.valueOf(16 << 20));
        Connection connection = connect(file, config.toProperties());
        try {
            // Must come before the first page is written; lets the file shrink in small steps.
            run(connection, "PRAGMA auto_vacuum = incremental");
            run(connection, "PRAGMA journal_mode = WAL");
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    static Connection reader(Path file) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setBusyTimeout(WAIT_MILLIS);
        config.setTempStore(TempStore.MEMORY);
        config.setCacheSize(-2_000);
        return connect(file, config.toProperties());
    }

    private static Connection connect(Path file, Properties properties) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath(), properties);
    }

    /// Makes sure that this is a store that we understand, and makes its tables in a new one.
    ///
    /// @throws StoreException if it belongs to something else
    static void prepare(Connection connection, Path file) throws SQLException, StoreException {
        long application = number(connection, "PRAGMA application_id");
        long version = number(connection, "PRAGMA user_version");
        boolean empty = number(connection, "SELECT count(*) FROM sqlite_schema") == 0;
        if (!empty && application != APPLICATION) {
            throw foreign(file, "is no store of Weir: move it away, or name another folder with 'data:'");
        }
        if (version > VERSION) {
            throw foreign(
                    file,
                    "was written by a newer Weir (its layout is " + version + ", this one knows " + VERSION
                            + "): start that one, or name another folder with 'data:'");
        }
        if (empty) {
            create(connection);
        }
    }

    private static StoreException foreign(Path file, String what) {
        return new StoreException(StoreException.Reason.FOREIGN, file.toAbsolutePath() + " " + what, null);
    }

    private static void create(Connection connection) throws SQLException {
        run(connection, "BEGIN IMMEDIATE");
        run(connection, "CREATE TABLE weir_meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID");
        run(connection, "CREATE TABLE weir_name(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)");
        run(
                connection,
                "CREATE TABLE weir_stream(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
                        + " view TEXT NOT NULL UNIQUE COLLATE NOCASE)");
        run(
                connection,
                "CREATE TABLE weir_field(stream INTEGER, id INTEGER, name TEXT NOT NULL, title TEXT NOT NULL,"
                        + " types INTEGER NOT NULL, PRIMARY KEY(stream, id)) WITHOUT ROWID");
        run(
                connection,
                "CREATE TABLE weir_period(name TEXT PRIMARY KEY, stream INTEGER NOT NULL,"
                        + " late INTEGER NOT NULL, start INTEGER NOT NULL, finish INTEGER NOT NULL,"
                        + " columns INTEGER NOT NULL) WITHOUT ROWID");
        AlarmTable.create(connection);
        DeadLetterTable.create(connection);
        run(connection, "PRAGMA application_id=" + APPLICATION);
        run(connection, "PRAGMA user_version=" + VERSION);
        run(connection, "COMMIT");
    }

    static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /// The single number that a query yields; 0 when it yields none.
    static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }
}
