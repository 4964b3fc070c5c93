package dev.weir.node.store;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;

/// The connection that writes, and what is known about the tables. For the writing thread only,
/// once it is handed over.
final class StoreSession implements Writer.Session {
    private final Connection connection;
    private final StoreSettings settings;
    private final Clock clock;
    private final StoreMeters meters;
    private Catalog catalog;
    private Rows rows;
    private Retention retention;

    private StoreSession(Connection connection, StoreSettings settings, Clock clock, StoreMeters meters)
            throws SQLException {
        this.connection = connection;
        this.settings = settings;
        this.clock = clock;
        this.meters = meters;
        this.catalog = Catalog.load(connection);
        this.rows = rows(catalog);
        this.retention = retention(catalog, rows);
    }

    static StoreSession open(Path file, StoreSettings settings, Clock clock, StoreMeters meters)
            throws SQLException, IOException {
        Connection connection = Database.writer(file);
        try {
            Database.prepare(connection, file);
            return new StoreSession(connection, settings, clock, meters);
        } catch (SQLException | StoreException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private Rows rows(Catalog of) {
        return new Rows(connection, of, settings.period(), meters.refusedFields(), meters.droppedPeriods());
    }

    private Retention retention(Catalog of, Rows with) {
        return new Retention(connection, of, with, settings, clock, meters.droppedPeriods());
    }

    @Override
    public Connection connection() {
        return connection;
    }

    Rows rows() {
        return rows;
    }

    Retention retention() {
        return retention;
    }

    @Override
    public void rolledBack() throws SQLException {
        rows.close();
        catalog = Catalog.load(connection);
        rows = rows(catalog);
        retention = retention(catalog, rows);
    }

    @Override
    public boolean chore() throws SQLException {
        Database.run(connection, "BEGIN IMMEDIATE");
        boolean more = retention.step();
        Database.run(connection, "COMMIT");
        return more;
    }

    @Override
    public void close() throws SQLException {
        rows.close();
        connection.close();
    }
}
