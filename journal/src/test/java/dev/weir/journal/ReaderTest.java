package dev.weir.journal;

import static dev.weir.journal.Journals.SMALL;
import static dev.weir.journal.Journals.append;
import static dev.weir.journal.Journals.text;
import static dev.weir.journal.Journals.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ReaderTest {
    @TempDir
    private Path folder;

    @Test
    void take_waitsForRecords_andEndsWithTheJournal() throws Exception {
        BlockingQueue<String> seen = new ArrayBlockingQueue<>(10);
        Journal journal = Journal.open(folder, SMALL);
        Thread follower = Thread.startVirtualThread(() -> {
            try (Reader reader = journal.read(1)) {
                for (Entry entry = reader.take(); entry != null; entry = reader.take()) {
                    seen.add(text(entry));
                }
                seen.add("end");
            } catch (Exception e) {
                seen.add(e.toString());
            }
        });
        append(journal, "one");
        assertThat(seen.take()).isEqualTo("one");
        append(journal, "two");
        assertThat(seen.take()).isEqualTo("two");
        journal.close();
        assertThat(seen.take()).isEqualTo("end");
        follower.join();
    }

    @Test
    void next_whileOthersAppend_seesEachOnce_overSegments() throws Exception {
        int count = 3000;
        try (Journal journal = Journal.open(folder, SMALL)) {
            Thread writer = Thread.startVirtualThread(() -> {
                try {
                    Journals.fill(journal, 1, count);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            List<Long> sequences = new ArrayList<>();
            try (Reader reader = journal.read(1)) {
                while (sequences.size() < count) {
                    Entry entry = Objects.requireNonNull(reader.take());
                    assertThat(text(entry)).startsWith(entry.sequence() + ".");
                    sequences.add(entry.sequence());
                }
                assertThat(reader.next()).isNull();
            }
            assertThat(sequences.getLast()).isEqualTo(count);
            assertThat(sequences).doesNotHaveDuplicates().isSorted();
            writer.join();
        }
    }

    @Test
    void next_withInterrupt_fails_andGoesOnAfterwards() throws Exception {
        try (Journal journal = Journal.open(folder, SMALL)) {
            Journals.fill(journal, 1, 3);
            try (Reader reader = journal.read(1)) {
                assertThat(reader.next()).isNotNull();
            }
            try (Reader reader = journal.read(2)) {
                Thread.currentThread().interrupt();
                assertThatThrownBy(reader::next).isInstanceOf(java.nio.channels.ClosedByInterruptException.class);
                assertThat(Thread.interrupted()).isTrue();
                Entry entry = Journals.next(reader);
                assertThat(entry.sequence()).isEqualTo(2);
            }
        }
    }

    @Test
    void read_fromBehindTheEnd_waits() throws Exception {
        try (Journal journal = Journal.open(folder, SMALL)) {
            append(journal, "one");
            try (Reader reader = journal.read(3)) {
                assertThat(reader.next()).isNull();
                append(journal, "two", "three");
                Entry entry = Journals.next(reader);
                assertThat(text(entry)).isEqualTo("three");
            }
            assertThatThrownBy(() -> journal.read(0)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void read_withRecordsLargerThanItsBuffer_works() throws Exception {
        var settings = SMALL.sizes(8 * 1024 * 1024, 2 * 1024 * 1024);
        byte[] large = new byte[1024 * 1024];
        java.util.Arrays.fill(large, (byte) 'x');
        try (Journal journal = Journal.open(folder, settings)) {
            for (int i = 0; i < 20; i++) {
                journal.append(large).await();
                append(journal, "small");
            }
            List<String> texts = texts(journal);
            assertThat(texts).hasSize(40);
            assertThat(texts.get(38)).hasSize(large.length);
        }
    }
}
