package dev.weir.connect.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.engine.Receipt;
import dev.weir.engine.Source;
import dev.weir.testkit.Eventually;
import dev.weir.testkit.RecordingInlet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a source still knows when it is opened again on the same folder, and what a pass does.
@Timeout(60)
class RestartIT {
    @TempDir
    Path temporary;

    private FileRig rig;

    @BeforeEach
    void begin() throws IOException {
        rig = FileRig.in(temporary);
    }

    private void expect(String... lines) throws InterruptedException {
        assertThat(rig.inlet().texts(lines.length)).containsExactly(lines);
    }

    private void expectNothing() throws Exception {
        Eventually.never("a line came", () -> !rig.inlet().taken.isEmpty());
    }

    private void readToHere(String path, String options, String... lines) throws Exception {
        try (Source _ = rig.open(path, options)) {
            expect(lines);
        }
    }

    @Test
    void restart_goesOnBehindTheLastAcknowledgedLine() throws Exception {
        rig.append("a.csv", "ts,t\n1,20\n");
        readToHere("a.csv", "format: csv", "ts,t\n1,20");
        rig.append("a.csv", "2,21\n");
        readToHere("a.csv", "format: csv", "ts,t\n2,21");
        expectNothing();
    }

    @Test
    void restart_withLinesNotAcknowledged_readsThemAgain() throws Exception {
        rig.append("a.log", "1\n2\n3\n");
        rig.inlet().settleAtOnce = false;
        try (Source _ = rig.open("a.log", "")) {
            List<RecordingInlet.Taken> taken = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                taken.add(rig.inlet().next());
            }
            taken.get(0).ack().settle(Receipt.ACCEPTED);
            taken.get(2).ack().settle(Receipt.ACCEPTED);
        }
        rig.inlet().settleAtOnce = true;
        readToHere("a.log", "", "2", "3");
    }

    @Test
    void restart_afterRenamingMeanwhile_readsTheRestOfTheOldFileFirst() throws Exception {
        rig.append("a.log", "1\n");
        readToHere("a.log", "", "1");
        rig.shell("printf '2\\n' >> a.log; mv a.log a.log.1; printf '3\\n' > a.log");
        readToHere("a.log", "", "2", "3");
        readToHere("a.log", "");
        expectNothing();
    }

    @Test
    void restart_withAnotherFileOfTheSameNumber_readsItFromItsStart() throws Exception {
        rig.append("a.log", "old 1\nold 2\n");
        readToHere("a.log", "", "old 1", "old 2");
        // As if the file system had given its inode to a new file: the same file, other content.
        Files.writeString(rig.folder().resolve("a.log"), "new 1\nnew 2\nnew 3\n");
        readToHere("a.log", "", "new 1", "new 2", "new 3");
    }

    @Test
    void restart_withDamagedPositions_readsFromTheStart() throws Exception {
        rig.append("a.log", "1\n");
        readToHere("a.log", "", "1");
        Files.writeString(rig.data().resolve("positions"), "weir-file-positions 1\n(dev=1,ino=2) 99 what\n");
        readToHere("a.log", "", "1");
    }

    @Test
    void from_end_leavesOutWhatIsThere() throws Exception {
        rig.append("a.log", "1\n2\nhal");
        try (Source _ = rig.open("a.log", "from: end")) {
            expectNothing();
            rig.append("a.log", "f\n3\n");
            expect("half", "3");
        }
    }

    @Test
    void from_start_readsAgainAtEveryStart() throws Exception {
        rig.append("a.log", "1\n");
        readToHere("a.log", "from: start", "1");
        readToHere("a.log", "from: start", "1");
    }

    @Test
    void once_readsTheLastLineWithoutEndAndFinishes() throws Exception {
        rig.append("b.log", "3\n4");
        rig.append("a.log", "1\n2");
        try (Source _ = rig.open("*.log", "mode: once")) {
            expect("1", "2", "3", "4");
            Eventually.until(
                    "it says that it has no more", () -> rig.inlet().finished.get() == 1);
        }
        try (Source _ = rig.open("*.log", "mode: once")) {
            Eventually.until("it has finished again", () -> rig.inlet().finished.get() == 2);
            assertThat(rig.inlet().taken).isEmpty();
        }
    }

    @Test
    void once_missingFile_saysWhatToDo() {
        Source source = rig.make("a.log", "mode: once");
        assertThatThrownBy(() -> source.open(rig.inlet()))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("a.log", "no such file", "mode: follow");
        source.close();
    }

    @Test
    void once_compressed_readsWhatIsInIt() throws Exception {
        rig.shell("printf 'ts,t\\n1,20\\n2,21' | gzip > a.csv.gz");
        try (Source _ = rig.open("a.csv.gz", "mode: once, format: csv")) {
            RecordingInlet.Taken first = rig.inlet().next();
            assertThat(first.address()).isEqualTo("file/a");
            assertThat(first.text()).isEqualTo("ts,t\n1,20");
            expect("ts,t\n2,21");
        }
    }

    @Test
    void once_compressedAndCutOff_readsWhatItCanAndCountsTheRest() throws Exception {
        rig.shell("seq 1 200000 | gzip > whole.gz; head -c 100000 whole.gz > a.gz");
        try (Source _ = rig.open("a.gz", "mode: once")) {
            Eventually.until("it has finished", () -> rig.inlet().finished.get() == 1);
            assertThat(rig.inlet().count.get()).isBetween(1000L, 199_999L);
            assertThat(rig.inlet().reasons).containsExactly("unreadable");
        }
    }

    @Test
    void once_closedInTheMiddle_goesOnThere() throws Exception {
        rig.shell("seq 1 500 > a.log; gzip -k a.log");
        for (String name : List.of("a.log", "a.log.gz")) {
            rig.inlet().settleAtOnce = false;
            try (Source _ = rig.open(name, "mode: once, window: 10")) {
                for (int i = 1; i <= 5; i++) {
                    RecordingInlet.Taken next = rig.inlet().next();
                    assertThat(next.text()).isEqualTo(String.valueOf(i));
                    next.ack().settle(Receipt.ACCEPTED);
                }
                Eventually.until("the window is full", () -> rig.inlet().taken.size() == 10);
            }
            rig.inlet().taken.clear();
            rig.inlet().settleAtOnce = true;
            try (Source _ = rig.open(name, "mode: once")) {
                expect("6", "7");
                Eventually.until("all is read", () -> rig.inlet().taken.size() == 493);
            }
            rig.inlet().taken.clear();
        }
    }

    @Test
    void replay_readsAllAtEveryStartAndAgain() throws Exception {
        rig.append("a.jsonl", "{\"ts\":1}\n{\"ts\":2}\n");
        readToHere("a.jsonl", "mode: replay, speed: max", "{\"ts\":1}", "{\"ts\":2}");
        readToHere(
                "a.jsonl",
                "mode: replay, time: ts, speed: 1000, repeat: true",
                "{\"ts\":1}",
                "{\"ts\":2}",
                "{\"ts\":1}",
                "{\"ts\":2}");
    }

    @Test
    void replay_beforeTheNextLineIsDue_canBeClosed() throws Exception {
        rig.append("a.csv", "ts,t\n2026-01-01 00:00:00,1\n2026-01-02 00:00:00,2\n");
        readToHere("a.csv", "mode: replay, format: csv, time: ts", "ts,t\n2026-01-01 00:00:00,1");
        expectNothing();
    }
}
