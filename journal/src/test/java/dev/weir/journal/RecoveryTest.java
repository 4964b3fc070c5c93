package dev.weir.journal;

import static dev.weir.journal.Journals.SMALL;
import static dev.weir.journal.Journals.append;
import static dev.weir.journal.Journals.bytes;
import static dev.weir.journal.Journals.damage;
import static dev.weir.journal.Journals.find;
import static dev.weir.journal.Journals.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RecoveryTest {
    @TempDir
    private Path folder;

    private Path newest() throws Exception {
        return Journals.segments(folder).getLast();
    }

    private void write(String... texts) throws Exception {
        try (Journal journal = Journal.open(folder, SMALL)) {
            append(journal, texts);
        }
    }

    private void cutAt(String text, int more) throws Exception {
        try (var channel = FileChannel.open(newest(), StandardOpenOption.WRITE)) {
            channel.truncate(find(newest(), text) + more);
        }
    }

    @Test
    void open_withTornTail_cutsIt_andGoesOn() throws Exception {
        write("one", "two", "three-long-enough");
        cutAt("three-long-enough", 5);

        try (Journal journal = Journal.open(folder, SMALL)) {
            assertThat(journal.last()).isEqualTo(2);
            assertThat(journal.recovery().cutBytes()).isPositive();
            assertThat(journal.recovery().corrupt()).isEmpty();
            append(journal, "four");
            assertThat(texts(journal)).containsExactly("one", "two", "four");
        }
        try (Journal journal = Journal.open(folder, SMALL)) {
            assertThat(journal.recovery().cutBytes()).isZero();
            assertThat(texts(journal)).containsExactly("one", "two", "four");
        }
    }

    @Test
    void open_withDamagedLastRecord_cutsIt() throws Exception {
        write("one", "two", "three");
        damage(newest(), find(newest(), "three"));

        try (Journal journal = Journal.open(folder, SMALL)) {
            assertThat(texts(journal)).containsExactly("one", "two");
        }
    }

    @Test
    void open_withDamageBeforeRecordsThatKnewItDurable_reportsItAndKeepsThem() throws Exception {
        write("one", "two", "three", "four");
        long at = find(newest(), "two") - Records.HEADER;
        damage(newest(), at + Records.HEADER);

        try (Journal journal = Journal.open(folder, SMALL)) {
            assertThat(journal.last()).isEqualTo(4);
            assertThat(journal.recovery().corrupt()).singleElement().satisfies(what -> {
                assertThat(what.firstLost()).isEqualTo(2);
                assertThat(what.offset()).isEqualTo(at);
                assertThat(what.segment()).isEqualTo(newest().toString());
            });
            try (Reader reader = journal.read(1)) {
                assertThat(reader.next()).isNotNull();
                for (int i = 0; i < 2; i++) {
                    assertThatThrownBy(reader::next)
                            .isInstanceOf(CorruptException.class)
                            .hasMessageContaining("offset " + at)
                            .hasMessageContaining(newest().toString());
                }
            }
            assertThat(texts(journal, 3)).containsExactly("three", "four");
        }
    }

    @Test
    void read_skippingCorrupt_tellsWhatIsLost() throws Exception {
        write("one", "two", "three", "four");
        damage(newest(), find(newest(), "two"));
        damage(newest(), find(newest(), "three") - 4);
        List<String> told = new ArrayList<>();
        var listener = new JournalListener() {
            @Override
            public void skipped(Path segment, long offset, long first, long last) {
                told.add(segment.getFileName() + " " + first + "-" + last);
            }
        };

        try (Journal journal = Journal.open(folder, SMALL.skippingCorrupt(), listener, Clock.systemUTC())) {
            assertThat(texts(journal)).containsExactly("one", "four");
        }
        assertThat(told).containsExactly("0000000000000001.segment 2-3");
    }

    @Test
    void open_withPayloadThatLooksLikeARecord_isNotDeceived() throws Exception {
        // Whoever does not know the journal's id cannot make a checksum, not even from a whole record.
        write("one", "two");
        byte[] forged = forged(3, new byte[8]);
        write("three");
        try (Journal journal = Journal.open(folder, SMALL)) {
            journal.append(forged).await();
        }
        damage(newest(), find(newest(), new String(forged, java.nio.charset.StandardCharsets.ISO_8859_1)) - 8);

        try (Journal journal = Journal.open(folder, SMALL)) {
            assertThat(journal.recovery().corrupt()).isEmpty();
            assertThat(journal.last()).isEqualTo(3);
        }
    }

    /// A record that says of itself that all before it was forced, made without the salt.
    private static byte[] forged(long sequence, byte[] payload) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(Records.size(payload.length));
        Records.put(buffer, sequence + 2, 1, Records.DATA, payload, 0, payload.length);
        Records.seal(buffer, sequence + 1, 0);
        byte[] bytes = new byte[buffer.position()];
        buffer.flip().get(bytes);
        return bytes;
    }

    @Test
    void read_withMissingSegment_failsThere_orSkipsIt() throws Exception {
        try (Journal journal = Journal.open(folder, SMALL)) {
            Journals.fill(journal, 1, 400);
        }
        Files.delete(Journals.segments(folder).get(1));

        List<String> told = new ArrayList<>();
        var listener = new JournalListener() {
            @Override
            public void skipped(Path segment, long offset, long first, long last) {
                told.add(first + "-" + last);
            }
        };
        int read = 0;
        try (Journal journal = Journal.open(folder, SMALL);
                Reader reader = journal.read(1)) {
            assertThatThrownBy(() -> {
                        while (reader.next() != null) {
                            // until it fails
                        }
                    })
                    .isInstanceOf(CorruptException.class)
                    .hasMessageContaining("0000000000000001.segment");
        }
        try (Journal journal = Journal.open(folder, SMALL.skippingCorrupt(), listener, Clock.systemUTC())) {
            read = texts(journal).size();
        }
        assertThat(told).hasSize(1);
        String[] lost = told.getFirst().split("-", -1);
        assertThat(read + Long.parseLong(lost[1]) - Long.parseLong(lost[0]) + 1).isEqualTo(400);
    }

    @Test
    void open_withSegmentOfAnotherJournal_isRefused(@TempDir Path other) throws Exception {
        write("one");
        try (Journal journal = Journal.open(other, SMALL)) {
            append(journal, "x");
        }
        try (Journal journal = Journal.open(other, SMALL)) {
            append(journal, "y");
        }
        Files.copy(other.resolve("0000000000000002.segment"), folder.resolve("0000000000000002.segment"));

        assertThatThrownBy(() -> Journal.open(folder, SMALL))
                .isInstanceOf(CorruptException.class)
                .hasMessageContaining("another journal");
    }

    @Test
    void open_withANewerFormat_saysSo() throws Exception {
        write("one");
        try (var channel = FileChannel.open(newest(), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(4).putInt(0, 7), 8);
        }
        assertThatThrownBy(() -> Journal.open(folder, SMALL)).hasMessageContaining("version 7");
    }

    @Test
    void open_manyTimesWithoutRecords_leavesNoFiles() throws Exception {
        for (int i = 0; i < 3; i++) {
            Journal.open(folder, SMALL).close();
        }
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactly("lock");
        }
    }

    @Test
    void open_afterAnyCut_hasAPrefix() throws Exception {
        write("one", "two", "three", "four");
        byte[] whole = Files.readAllBytes(newest());
        long end = find(newest(), "four") + 8;
        for (int length = SegmentHeader.BYTES; length < end; length++) {
            Path copy = Files.createTempDirectory(folder, "cut");
            Files.write(copy.resolve("0000000000000001.segment"), java.util.Arrays.copyOf(whole, length));
            try (Journal journal = Journal.open(copy, SMALL)) {
                List<String> texts = texts(journal);
                assertThat(List.of("one", "two", "three", "four").subList(0, texts.size()))
                        .isEqualTo(texts);
                append(journal, "more");
                assertThat(texts(journal)).hasSize(texts.size() + 1).last().isEqualTo("more");
            }
        }
    }

    @Test
    void bytesOf_anyJunk_areNotBelieved() throws Exception {
        write("one", "two");
        byte[] whole = Files.readAllBytes(newest());
        int end = (int) find(newest(), "two") + 8;
        var random = new java.util.Random(5);
        for (int i = 0; i < 300; i++) {
            byte[] junk = new byte[random.nextInt(1, 300)];
            random.nextBytes(junk);
            byte[] file = java.util.Arrays.copyOf(whole, end + junk.length);
            System.arraycopy(junk, 0, file, end, junk.length);
            Path copy = Files.createTempDirectory(folder, "junk");
            Files.write(copy.resolve("0000000000000001.segment"), file);
            try (Journal journal = Journal.open(copy, SMALL)) {
                assertThat(texts(journal)).containsExactly("one", "two");
            }
        }
        assertThat(bytes("two")).hasSize(3);
    }
}
