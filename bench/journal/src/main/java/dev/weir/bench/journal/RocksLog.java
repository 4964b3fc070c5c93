package dev.weir.bench.journal;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// RocksDB with its write-ahead log synced; keys are numbers.
final class RocksLog implements DurableLog {
    private final Options options = new Options().setCreateIfMissing(true);
    private final WriteOptions synced = new WriteOptions().setSync(true);
    private final RocksDB db;
    private final GroupCommit group = new GroupCommit(this::commit);

    /// Only the committing thread.
    private long next;

    RocksLog(Path folder) throws RocksDBException {
        db = RocksDB.open(options, folder.toString());
    }

    private void commit(List<byte[]> records) throws RocksDBException {
        try (WriteBatch batch = new WriteBatch()) {
            for (byte[] record : records) {
                batch.put(ByteBuffer.allocate(Long.BYTES).putLong(next++).array(), record);
            }
            db.write(synced, batch);
        }
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
    public long readAll() {
        long count = 0;
        try (RocksIterator each = db.newIterator()) {
            for (each.seekToFirst(); each.isValid(); each.next()) {
                if (each.value().length > 0) {
                    count++;
                }
            }
        }
        return count;
    }

    @Override
    public void close() throws InterruptedException {
        group.close();
        db.close();
        synced.close();
        options.close();
    }
}
