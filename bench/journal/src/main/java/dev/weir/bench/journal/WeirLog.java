package dev.weir.bench.journal;

import dev.weir.journal.Fsync;
import dev.weir.journal.Journal;
import dev.weir.journal.JournalSettings;
import dev.weir.journal.JournalSettings.Retention;
import dev.weir.journal.Reader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Ours.
final class WeirLog implements DurableLog {
    private final Journal journal;

    WeirLog(Path folder, Fsync fsync) throws IOException {
        journal = Journal.open(folder, JournalSettings.standard().fsync(fsync).retain(Retention.all()));
    }

    @Override
    public void append(byte[] record) throws Exception {
        journal.append(record).await();
    }

    @Override
    public void append(List<byte[]> records) throws Exception {
        journal.append(records).await();
    }

    @Override
    public long readAll() throws IOException {
        long count = 0;
        try (Reader reader = journal.read(journal.first())) {
            while (reader.next() != null) {
                count++;
            }
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }
}
