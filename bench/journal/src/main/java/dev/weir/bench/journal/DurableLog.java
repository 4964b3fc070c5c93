package dev.weir.bench.journal;

import java.util.List;

/// A log as all candidates are used. Thread-safe.
interface DurableLog extends AutoCloseable {
    /// Returns when the record is on the disk.
    void append(byte[] record) throws Exception;

    /// Returns when all are on the disk.
    void append(List<byte[]> records) throws Exception;

    /// Reads everything from the beginning.
    ///
    /// @return how many records there are
    long readAll() throws Exception;
}
