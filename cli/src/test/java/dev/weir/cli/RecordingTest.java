package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.cli.Recording.Row;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingTest {
    @TempDir
    Path folder;

    private static Recording of(String text) throws IOException {
        return Recording.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "in");
    }

    private static Row row(Recording recording) throws IOException {
        Row row = recording.next();
        assertThat(row).isNotNull();
        return java.util.Objects.requireNonNull(row);
    }

    @Test
    void next_ofCsv_givesRowsAsJson() throws IOException {
        try (Recording recording = of("device,t,on,note\na,1.50,true,hi\nb,,false,\n")) {
            assertThat(row(recording).json()).isEqualTo("{\"device\":\"a\",\"t\":1.50,\"on\":true,\"note\":\"hi\"}");
            assertThat(row(recording).json()).isEqualTo("{\"device\":\"b\",\"on\":false}");
            assertThat(recording.next()).isNull();
        }
    }

    @Test
    void next_ofJsonLines_keepsTheLineAsItStands() throws IOException {
        try (Recording recording = of("{\"device\": \"a\", \"t\": 1.0}\n\n{\"device\":\"b\"}\n")) {
            assertThat(row(recording).json()).isEqualTo("{\"device\": \"a\", \"t\": 1.0}");
            assertThat(row(recording).values()).containsEntry("device", "b");
            assertThat(recording.place()).isEqualTo("in:3");
        }
    }

    @Test
    void open_withJsonlName_readsJsonLines() throws IOException {
        Path file = Files.writeString(folder.resolve("r.jsonl"), "nonsense\n");
        try (Recording recording = Recording.open(file)) {
            assertThatThrownBy(recording::next).isInstanceOf(IOException.class).hasMessageContaining("r.jsonl:1");
        }
    }

    @Test
    void open_withByteOrderMark_skipsIt() throws IOException {
        try (Recording recording = of("\uFEFFdevice\na\n")) {
            assertThat(row(recording).values()).containsOnlyKeys("device");
        }
    }

    @Test
    void open_withEmptyFile_saysWhatIsExpected() {
        assertThatThrownBy(() -> of("")).hasMessage("in is empty: expected a CSV header line");
    }

    @Test
    void open_withNamelessColumn_fails() {
        assertThatThrownBy(() -> of("a,,b\n")).hasMessageContaining("in:1: expected a header line");
    }

    @Test
    void open_withTwoColumnsOfOneName_fails() {
        assertThatThrownBy(() -> of("a,b,a\n")).hasMessageContaining("two columns have the same name: a, b, a");
    }

    @Test
    void open_withMissingFile_fails() {
        assertThatThrownBy(() -> Recording.open(folder.resolve("none.csv"))).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void read_ofBytesThatAreNoUtf8_saysSo() {
        byte[] latin = "device\n\u00e9\n".getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> Recording.read(new ByteArrayInputStream(latin), "in"))
                .hasMessageContaining("in is not UTF-8");
    }

    @Test
    void next_withColumnMissing_namesLineAndCounts() throws IOException {
        try (Recording recording = of("a,b\n1,2\n3\n")) {
            recording.next();
            assertThatThrownBy(recording::next).hasMessage("in:3: 1 values where the header has 2 columns");
        }
    }

    @Test
    void time_ofIsoOrMilliseconds_isThatInstant() throws IOException {
        try (Recording recording = of("ts\n2026-01-31T12:00:00Z\n1500\n")) {
            assertThat(recording.time(row(recording), "ts")).isEqualTo(Instant.parse("2026-01-31T12:00:00Z"));
            assertThat(recording.time(row(recording), "ts")).isEqualTo(Instant.ofEpochMilli(1500));
        }
    }

    @Test
    void time_ofOtherText_saysWhatIsExpected() throws IOException {
        try (Recording recording = of("ts,other\nyesterday,\n")) {
            Row row = row(recording);
            assertThatThrownBy(() -> recording.time(row, "ts"))
                    .hasMessageContaining("in:2: 'yesterday' in column 'ts'");
            assertThatThrownBy(() -> recording.time(row, "other")).hasMessageContaining("is no time");
            assertThatThrownBy(() -> recording.time(row, "t"))
                    .hasMessageContaining("no column 't'; there are [ts, other]");
        }
    }

    @Test
    void rest_withMoreRowsThanTheLimit_fails() throws IOException {
        try (Recording recording = of("a\n1\n2\n3\n")) {
            assertThatThrownBy(() -> recording.rest(2)).hasMessage("in has more than 2 rows");
        }
        try (Recording recording = of("a\n1\n2\n")) {
            assertThat(recording.rest(2)).extracting(Row::json).isEqualTo(List.of("{\"a\":1}", "{\"a\":2}"));
        }
    }
}
