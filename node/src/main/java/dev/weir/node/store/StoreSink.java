package dev.weir.node.store;

import dev.weir.engine.Reading;
import dev.weir.engine.Sink;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// The sink `store`: when `write` returns, the readings are on the disk.
///
/// Any number of threads may write; those that wait together share a commit. Closing it leaves the
/// store open.
public final class StoreSink implements Sink {
    private static final int BATCH = 512;

    private final Store store;

    private volatile boolean closed;

    StoreSink(Store store) {
        this.store = store;
    }

    @Override
    public void open() {}

    @Override
    public void write(List<Reading> batch) throws IOException, InterruptedException {
        if (closed) {
            throw new IOException("the sink is closed");
        }
        store.write(batch);
    }

    @Override
    public int batch() {
        return BATCH;
    }

    /// A card that is worn takes seconds for a commit, and what waits before this batch as long.
    @Override
    public Duration patience() {
        return Duration.ofMinutes(3);
    }

    @Override
    public void close() {
        closed = true;
    }
}
