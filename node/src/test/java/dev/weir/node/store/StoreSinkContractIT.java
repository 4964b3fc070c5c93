package dev.weir.node.store;

import dev.weir.engine.Connector.Surroundings;
import dev.weir.engine.Meters;
import dev.weir.engine.Sink;
import dev.weir.testkit.Numbered;
import dev.weir.testkit.SinkContract;
import dev.weir.testkit.SinkRig;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/// The sink `store` keeps the contract of sinks; its peer is the file that SQLite reads.
class StoreSinkContractIT extends SinkContract {
    @TempDir
    Path disk;

    @Override
    protected SinkRig rig() throws Exception {
        return new Rig(disk.resolve("store"));
    }

    private static final class Rig implements SinkRig {
        /// The contract's readings are years old, and must not be too old to keep.
        private static final StoreSettings FOR_EVER = new StoreSettings(Duration.ofDays(36_500 / 2), 1L << 30, 100);

        private final DataFolder folder;
        private final Store store;

        Rig(Path path) throws IOException {
            folder = DataFolder.open(path);
            store = Store.open(folder, FOR_EVER, Clock.systemUTC(), Meters.none());
        }

        @Override
        public Sink make(Surroundings surroundings) {
            return store.sink();
        }

        @Override
        public List<Numbered> received() throws SQLException {
            List<Numbered> rows = new ArrayList<>();
            try (Connection file = DriverManager.getConnection(
                            "jdbc:sqlite:" + folder.path().resolve("store.db"));
                    Statement statement = file.createStatement();
                    ResultSet row = statement.executeQuery("SELECT device, n FROM contract ORDER BY time")) {
                while (row.next()) {
                    rows.add(new Numbered(row.getString("device"), row.getInt("n")));
                }
            }
            return rows;
        }

        @Override
        public String threads() {
            return "store-contract";
        }

        @Override
        public Map<Feature, String> without() {
            return Map.of(
                    Feature.PEER, "a file of the node's own disk",
                    Feature.HANG, "a file of the node's own disk",
                    Feature.REFUSAL, "the store takes every reading");
        }

        @Override
        public void close() {
            store.close();
            folder.close();
        }
    }
}
