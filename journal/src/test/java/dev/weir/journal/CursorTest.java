package dev.weir.journal;

import static dev.weir.journal.Journals.SMALL;
import static dev.weir.journal.Journals.append;
import static dev.weir.journal.Journals.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.journal.JournalSettings.Retention;
import dev.weir.testkit.Eventually;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CursorTest {
    @TempDir
    private Path folder;

    @Test
    void advance_isKnownAfterReopening() throws Exception {
        try (Journal journal = Journal.open(folder, SMALL)) {
            append(journal, "one", "two", "three");
            Cursor cursor = journal.cursor("store");
            assertThat(cursor.position()).isZero();
            cursor.advance(2);
            cursor.advance(1);
            assertThat(cursor.position()).isEqualTo(2);
        }
        try (Journal journal = Journal.open(folder, SMALL)) {
            Cursor cursor = journal.cursor("store");
            assertThat(cursor.position()).isEqualTo(2);
            assertThat(texts(journal, cursor.position() + 1)).containsExactly("three");
        }
    }

    @Test
    void advance_withoutFurtherRecords_isWrittenSoon() throws Exception {
        try (Journal journal = Journal.open(folder, SMALL)) {
            append(journal, "one", "two");
            journal.cursor("store").advance(2);
            Path file = Journals.segments(folder).getFirst();
            Eventually.until("saved", () -> {
                var cursors = Tail.read(file).cursors();
                return cursors != null && Long.valueOf(2).equals(cursors.get("store"));
            });
        }
    }

    @Test
    void advance_beyondTheEnd_isRefused() throws Exception {
        try (Journal journal = Journal.open(folder, SMALL)) {
            append(journal, "one");
            Cursor cursor = journal.cursor("store");
            assertThatThrownBy(() -> cursor.advance(2))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("last record is 1");
        }
    }

    @Test
    void cursor_withBadName_isRefused() throws Exception {
        try (Journal journal = Journal.open(folder, SMALL)) {
            for (String name : List.of("", "a b", "../x", "x".repeat(101))) {
                assertThatThrownBy(() -> journal.cursor(name)).isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @Test
    void cursor_beyondTheLimit_isRefused_untilOneIsRemoved() throws Exception {
        try (Journal journal = Journal.open(folder, SMALL)) {
            for (int i = 0; i < 64; i++) {
                journal.cursor("c" + i);
            }
            assertThatThrownBy(() -> journal.cursor("more")).isInstanceOf(IllegalStateException.class);
            journal.cursor("c0").remove();
            journal.cursor("more");
            append(journal, "x");
        }
        try (Journal journal = Journal.open(folder, SMALL)) {
            assertThat(journal.stats().cursors())
                    .hasSize(64)
                    .containsKey("more")
                    .doesNotContainKey("c0");
        }
    }

    @Test
    void retention_keepsWhatTheSlowestCursorNeeds() throws Exception {
        try (Journal journal = Journal.open(folder, SMALL.retain(Retention.passed()))) {
            Cursor slow = journal.cursor("slow");
            Cursor fast = journal.cursor("fast");
            Journals.fill(journal, 1, 1000);
            fast.advance(1000);
            slow.advance(300);
            Eventually.until("what both have passed is gone", () -> journal.first() > 100);
            Eventually.never("what one needs goes", () -> journal.first() > 301);
            assertThat(texts(journal, 301)).hasSize(700);
            assertThatThrownBy(() -> texts(journal, 1))
                    .isInstanceOf(GoneException.class)
                    .hasMessageContaining("begins with record " + journal.first());

            slow.advance(1000);
            Eventually.until("all but the newest is gone", () -> journal.stats().segments() == 1);
        }
        try (Journal journal = Journal.open(folder, SMALL.retain(Retention.passed()))) {
            assertThat(journal.cursor("slow").position()).isEqualTo(1000);
            append(journal, "more");
            assertThat(texts(journal, 1001)).containsExactly("more");
        }
    }

    @Test
    void retention_thatPassesCursors_tellsWhatTheyLose() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        var listener = new JournalListener() {
            @Override
            public void passed(String cursor, long first, long last) {
                told.add(cursor + " " + first + "-" + last);
            }
        };
        var retention = new Retention(200_000, Duration.ofDays(1), true);
        try (Journal journal = Journal.open(folder, SMALL.retain(retention), listener, Clock.systemUTC())) {
            Cursor slow = journal.cursor("slow");
            Journals.fill(journal, 1, 2000);
            Eventually.until("few bytes are left", () -> journal.stats().fileBytes() <= 200_000);

            assertThat(slow.position()).isEqualTo(journal.first() - 1);
            long lost = told.stream()
                    .map(what -> what.substring(what.indexOf(' ') + 1).split("-", -1))
                    .mapToLong(range -> Long.parseLong(range[1]) - Long.parseLong(range[0]) + 1)
                    .sum();
            assertThat(lost).isEqualTo(journal.first() - 1);
        }
    }

    @Test
    void retention_byAge_removesWhatIsOld() throws Exception {
        var retention = new Retention(Long.MAX_VALUE, Duration.ofHours(1), false);
        Clock tomorrow = Clock.offset(Clock.systemUTC(), Duration.ofDays(1));
        try (Journal journal = Journal.open(folder, SMALL.retain(retention))) {
            Journals.fill(journal, 1, 500);
            Eventually.never("something young goes", () -> journal.first() > 1);
        }
        try (Journal journal = Journal.open(folder, SMALL.retain(retention), new JournalListener() {}, tomorrow)) {
            Eventually.until("what is old is gone", () -> journal.stats().segments() == 1);
        }
    }
}
