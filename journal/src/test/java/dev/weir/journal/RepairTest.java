package dev.weir.journal;

import static dev.weir.journal.Journals.SMALL;
import static dev.weir.journal.Journals.append;
import static dev.weir.journal.Journals.damage;
import static dev.weir.journal.Journals.find;
import static dev.weir.journal.Journals.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RepairTest {
    @TempDir
    private Path folder;

    private void fill(int records) throws Exception {
        try (Journal journal = Journal.open(folder, SMALL)) {
            Journals.fill(journal, 1, records);
            journal.cursor("store").advance(records / 2);
        }
    }

    private Path segment(int index) throws IOException {
        return Journals.segments(folder).get(index);
    }

    @Test
    void verify_ofSoundJournal_countsEverything() throws Exception {
        fill(400);

        Verification found = Verification.of(folder);

        assertThat(found.faults()).isEmpty();
        assertThat(found.tornBytes()).isZero();
        assertThat(found.cursors()).containsEntry("store", 200L);
        assertThat(found.segments().stream()
                        .mapToLong(Verification.SegmentLine::records)
                        .sum())
                .isEqualTo(400);
        assertThat(found.segments().getFirst().first()).isEqualTo(1);
        assertThat(found.segments().getLast().last()).isEqualTo(400);
    }

    @Test
    void verify_whileSomebodyAppends_findsNoFault() throws Exception {
        try (Journal journal = Journal.open(folder, SMALL)) {
            Thread writer = Thread.startVirtualThread(() -> {
                try {
                    Journals.fill(journal, 1, 3000);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            while (writer.isAlive()) {
                assertThat(Verification.of(folder).faults()).isEmpty();
            }
        }
    }

    @Test
    void verify_ofDamage_saysWhereAndWhatIsLost() throws Exception {
        fill(400);
        damage(segment(1), find(segment(1), "200.") + 3);
        Files.delete(segment(2));

        List<String> faults = Verification.of(folder).faults();

        assertThat(faults).hasSize(2);
        assertThat(faults.getFirst()).contains("0000000000000002.segment").contains("records 200 to 200 are lost");
        assertThat(faults.getLast()).contains("segments 3 to 3 are missing");
    }

    @Test
    void run_onSoundJournal_doesNothing() throws Exception {
        fill(400);
        List<Path> before = Journals.segments(folder);

        assertThat(Repair.run(folder)).isEmpty();

        assertThat(Journals.segments(folder)).isEqualTo(before);
        assertThat(Verification.of(folder).faults()).isEmpty();
    }

    @Test
    void run_afterDamage_savesTheRest_andNotesWhatIsLost() throws Exception {
        fill(400);
        damage(segment(1), find(segment(1), "200."));
        damage(segment(1), find(segment(1), "205."));
        damage(segment(0), 20); // the header

        List<String> done = Repair.run(folder);

        assertThat(done).anyMatch(line -> line.contains("records 200 to 200 are lost"));
        assertThat(folder.resolve("0000000000000002.segment.corrupt")).exists();
        List<String> told = new ArrayList<>();
        var listener = new JournalListener() {
            @Override
            public void skipped(Path segment, long offset, long first, long last) {
                told.add(first + "-" + last);
            }
        };
        try (Journal journal = Journal.open(folder, SMALL.skippingCorrupt(), listener, Clock.systemUTC())) {
            List<String> texts = texts(journal);
            assertThat(texts).hasSize(398).noneMatch(text -> text.startsWith("200."));
            assertThat(journal.stats().cursors()).containsEntry("store", 200L);
            append(journal, "more");
        }
        assertThat(told).containsExactly("200-200", "205-205");
        assertThat(Verification.of(folder).segments()).hasSizeGreaterThan(3);
    }

    @Test
    void run_withMissingSegment_putsANoteInItsPlace() throws Exception {
        fill(400);
        Files.delete(segment(1));

        assertThat(Repair.run(folder)).anyMatch(line -> line.contains("segment 2 was missing"));

        List<String> told = new ArrayList<>();
        var listener = new JournalListener() {
            @Override
            public void skipped(Path segment, long offset, long first, long last) {
                told.add(first + "-" + last);
            }
        };
        try (Journal journal = Journal.open(folder, SMALL.skippingCorrupt(), listener, Clock.systemUTC())) {
            int read = texts(journal).size();
            String[] lost = told.getFirst().split("-", -1);
            assertThat(read + Long.parseLong(lost[1]) - Long.parseLong(lost[0]) + 1)
                    .isEqualTo(400);
        }
        assertThat(Repair.run(folder)).isEmpty();
    }

    @Test
    void run_whileOpen_isRefused() throws Exception {
        try (Journal journal = Journal.open(folder, SMALL)) {
            append(journal, "one");
            assertThatThrownBy(() -> Repair.run(folder)).isInstanceOf(InUseException.class);
        }
    }

    @Test
    void run_withoutAnyHeader_saysThatNothingCanBeTold() throws Exception {
        fill(10);
        damage(segment(0), 20);
        assertThatThrownBy(() -> Repair.run(folder))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("no header");
    }

    @Test
    void of_folderThatIsNotThere_saysSo() {
        assertThatThrownBy(() -> Verification.of(folder.resolve("nowhere")))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("no such folder");
    }
}
