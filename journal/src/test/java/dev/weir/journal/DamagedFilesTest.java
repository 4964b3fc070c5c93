package dev.weir.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.disk.FaultyDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Journals whose files somebody has changed in any way. `-Dweir.seed=N` tries one seed alone.
@Timeout(300)
class DamagedFilesTest {
    private static final int SEEDS = Boolean.getBoolean("weir.long") ? 20_000 : 300;
    private static final int RECORDS = 400;

    private static void forAllSeeds(Each each) throws Exception {
        Long only = Long.getLong("weir.seed");
        for (long seed = only == null ? 1 : only; seed <= (only == null ? SEEDS : only); seed++) {
            Path folder = new FaultyDisk().path("/journal");
            try (Journal journal = Journal.open(folder, Journals.SMALL)) {
                Journals.fill(journal, 1, RECORDS);
                journal.cursor("c").advance(RECORDS / 2);
            }
            try {
                each.run(new Random(seed), folder);
            } catch (Throwable e) {
                throw new AssertionError("seed " + seed + ": " + e, e);
            }
        }
    }

    private interface Each {
        void run(Random random, Path folder) throws Exception;
    }

    /// Changes a few places: bytes, lengths of files, files that are missing.
    private static void damage(Random random, Path folder) throws IOException {
        for (int i = random.nextInt(1, 6); i > 0; i--) {
            List<Path> segments = Journals.segments(folder);
            Path file = segments.get(random.nextInt(segments.size()));
            if (random.nextInt(8) == 0 && segments.size() > 1) {
                Files.delete(file);
                continue;
            }
            try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                int size = (int) channel.size();
                if (random.nextInt(4) == 0) {
                    channel.truncate(random.nextInt(size + 1));
                } else if (size > 0) {
                    byte[] junk = new byte[random.nextInt(1, 40)];
                    random.nextBytes(junk);
                    channel.write(ByteBuffer.wrap(junk), random.nextInt(size));
                }
            }
        }
    }

    /// @return how many records could be read; each is what was appended
    private static int readAll(Path folder, boolean appends) throws IOException, InterruptedException {
        var settings = Journals.SMALL.skippingCorrupt();
        int read = 0;
        try (Journal journal = Journal.open(folder, settings, new JournalListener() {}, Clock.systemUTC())) {
            long before = 0;
            try (Reader reader = journal.read(journal.first())) {
                for (Entry entry = reader.next(); entry != null; entry = reader.next()) {
                    assertThat(entry.sequence()).isGreaterThan(before);
                    before = entry.sequence();
                    if (entry.epoch() == 1) {
                        assertThat(Journals.text(entry)).isEqualTo(before + ".".repeat(500));
                    }
                    read++;
                }
            }
            if (appends) {
                Journals.append(journal, "more");
                assertThat(Journals.texts(journal, journal.last())).containsExactly("more");
            }
        }
        return read;
    }

    @Test
    void open_afterAnyDamage_readsWhatIsWhole_orSaysWhatIsWrong() throws Exception {
        forAllSeeds((random, folder) -> {
            damage(random, folder);
            try {
                assertThat(readAll(folder, true)).isLessThanOrEqualTo(RECORDS);
            } catch (JournalException e) {
                assertThat(e).hasMessageContaining("/journal");
            }
        });
    }

    @Test
    void repair_afterAnyDamage_leavesAJournalThatCanBeReadAndWritten() throws Exception {
        forAllSeeds((random, folder) -> {
            damage(random, folder);
            int readable = readable(folder);
            try {
                Repair.run(folder);
            } catch (JournalException e) {
                assertThat(e).hasMessageContaining("no header");
                return;
            }
            assertThat(readAll(folder, true)).isGreaterThanOrEqualTo(readable);
            Verification after = Verification.of(folder);
            assertThat(after.faults()).allMatch(fault -> fault.contains("before a repair"));
            assertThat(Repair.run(folder)).isEmpty();
        });
    }

    private static int readable(Path folder) throws Exception {
        try {
            return readAll(folder, false);
        } catch (JournalException e) {
            return 0;
        }
    }
}
