package dev.weir.connect.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.Receipt;
import dev.weir.engine.Source;
import dev.weir.testkit.Eventually;
import dev.weir.testkit.RecordingInlet;
import dev.weir.testkit.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Files that grow, are renamed, emptied and damaged while they are followed.
@Timeout(60)
class FollowIT {
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

    @Test
    void file_thatDoesNotExistYet_isReadOnceItIsThere() throws Exception {
        try (Source _ = rig.open("a.log", "")) {
            rig.shell("printf 'one\\ntwo\\n' > a.log");
            expect("one", "two");
            rig.shell("printf 'three\\n' >> a.log");
            expect("three");
        }
    }

    @Test
    void line_halfWritten_isReadOnceItsEndIsThere() throws Exception {
        try (Source _ = rig.open("a.log", "")) {
            rig.shell("printf '{\"t\": 2' >> a.log");
            expectNothing();
            rig.shell("printf '1.5}\\n' >> a.log");
            expect("{\"t\": 21.5}");
        }
    }

    @Test
    void lines_withMarkAndCarriageReturns_areBare() throws Exception {
        rig.append("a.log", "\uFEFFone\r\n\r\ntwo\r\n");
        try (Source _ = rig.open("a.log", "address: \"log/{name}/x\"")) {
            RecordingInlet.Taken first = rig.inlet().next();
            assertThat(first.text()).isEqualTo("one");
            assertThat(first.address()).isEqualTo("log/a/x");
            assertThat(first.sender()).isEqualTo("a.log");
            expect("two");
        }
    }

    @Test
    void csv_header_goesWithEachLine() throws Exception {
        rig.append("a.csv", "\uFEFFts,t\n1,20\n");
        try (Source _ = rig.open("a.csv", "format: csv")) {
            rig.append("a.csv", "2,21\n");
            expect("ts,t\n1,20", "ts,t\n2,21");
        }
    }

    @Test
    void csv_emptiedWithoutNewHeader_keepsTheOldOne() throws Exception {
        rig.append("a.csv", "ts,t\n1,20\n2,21\n");
        try (Source _ = rig.open("a.csv", "format: csv")) {
            expect("ts,t\n1,20", "ts,t\n2,21");
            rig.shell("printf '3,22\\n' > a.csv");
            expect("ts,t\n3,22");
        }
    }

    @Test
    void rotation_byRenaming_readsTheOldOneToItsEndAndThenTheNew() throws Exception {
        rig.append("a.log", "1\n");
        try (Source _ = rig.open("a.log", "")) {
            expect("1");
            rig.shell("printf '2\\n' >> a.log; mv a.log a.log.1; printf '4\\n' > a.log; printf '3\\n' >> a.log.1");
            expect("2", "3", "4");
        }
    }

    @Test
    void rotation_inMidLine_countsTheHalfAsIncomplete() throws Exception {
        rig.append("a.log", "1\n12.3");
        try (Source _ = rig.open("a.log", "")) {
            expect("1");
            rig.shell("mv a.log a.log.1; printf '2\\n' > a.log");
            expect("2");
            assertThat(rig.inlet().reasons).containsExactly("incomplete");
        }
    }

    @Test
    void rotation_byCopyAndTruncate_readsFromTheStart() throws Exception {
        rig.append("a.log", "1\n2\n");
        try (Source _ = rig.open("a.log", "")) {
            expect("1", "2");
            rig.shell("cp a.log a.log.1; : > a.log; printf '3\\n' >> a.log");
            expect("3");
        }
    }

    @Test
    void truncation_overtakenByNewLines_isFoundByItsBeginning() throws Exception {
        rig.append("a.log", "1\n2\n");
        try (Source _ = rig.open("a.log", "")) {
            expect("1", "2");
            rig.shell("printf 'x1\\nx2\\nx3\\nx4\\n' > b; cat b > a.log");
            expect("x1", "x2", "x3", "x4");
        }
    }

    @Test
    void rotation_byLogrotate_losesAndRepeatsNothing() throws Exception {
        Tool logrotate = Tool.require("logrotate", "logrotate");
        Path config = Files.writeString(
                temporary.resolve("rotate.conf"),
                rig.folder().resolve("a.log") + " {\n rotate 9\n create\n su root root\n}\n");
        try (Source _ = rig.open("a.log", "")) {
            rig.append("a.log", "first\n");
            expect("first");
            for (int round = 0; round < 3; round++) {
                rig.append("a.log", round + "a\n" + round + "b\n");
                Tool.Result result = logrotate.run(
                        Duration.ofSeconds(20),
                        "--force",
                        "--state",
                        temporary.resolve("state").toString(),
                        config.toString());
                assertThat(result.exitCode()).as(result.output()).isZero();
                rig.append("a.log", round + "c\n");
                expect(round + "a", round + "b", round + "c");
            }
            expectNothing();
        }
    }

    @Test
    void pattern_withFilesThatComeAndAreRenamed_readsEachLineOnce() throws Exception {
        rig.append("a-1.log", "a1\n");
        try (Source _ = rig.open("a-*.log", "")) {
            expect("a1");
            rig.append("a-2.log", "b1\n");
            expect("b1");
            rig.shell("mv a-1.log a-0.log; printf 'a2\\n' >> a-0.log");
            expect("a2");
            expectNothing();
        }
    }

    @Test
    void pattern_withMoreFilesThanAllowed_readsTheFirstByName() throws Exception {
        for (String name : List.of("c", "a", "b")) {
            rig.append(name + ".log", name + "\n");
        }
        try (Source _ = rig.open("*.log", "max-files: 2")) {
            expect("a", "b");
            expectNothing();
        }
    }

    @Test
    void line_beyondTheLimit_isCountedAndSkippedInPieces() throws Exception {
        rig.append("a.log", "before\n");
        try (Source _ = rig.open("a.log", "max-line: 1KiB")) {
            expect("before");
            // No line end yet in 64 MB; then its end, and a line as usual.
            rig.shell("dd if=/dev/zero bs=1M count=64 2>/dev/null | tr '\\0' x >> a.log");
            rig.shell("printf 'yyy\\nafter\\n' >> a.log");
            expect("after");
            assertThat(rig.inlet().reasons).containsExactly("too-large");
        }
    }

    @Test
    void garbage_binary_isHandedOverOrCountedAndHarmsNothing() throws Exception {
        try (Source _ = rig.open("a.log", "max-line: 1KiB")) {
            rig.shell("head -c 3000000 /dev/urandom > a.log; printf '\\nend\\n' >> a.log");
            Eventually.until("the end is read", () -> {
                List<RecordingInlet.Taken> some = new ArrayList<>();
                rig.inlet().taken.drainTo(some);
                return some.stream().anyMatch(taken -> taken.text().equals("end"));
            });
        }
    }

    @Test
    void overload_isTriedAgainInOrder() throws Exception {
        rig.append("a.log", "1\n2\n3\n");
        rig.inlet().receipt = Receipt.OVERLOADED;
        try (Source _ = rig.open("a.log", "")) {
            expect("1", "1");
            rig.inlet().receipt = Receipt.ACCEPTED;
            Eventually.until(
                    "the rest is read",
                    () -> rig.inlet().taken.stream()
                            .anyMatch(taken -> taken.text().equals("3")));
            assertThat(rig.inlet().taken.stream()
                            .map(RecordingInlet.Taken::text)
                            .dropWhile("1"::equals))
                    .containsExactly("2", "3");
        }
    }

    @Test
    void overload_toldLate_goesBackToThatLine() throws Exception {
        rig.append("a.log", "1\n2\n3\n");
        rig.inlet().settleAtOnce = false;
        try (Source _ = rig.open("a.log", "")) {
            List<RecordingInlet.Taken> first =
                    List.of(rig.inlet().next(), rig.inlet().next(), rig.inlet().next());
            rig.inlet().settleAtOnce = true;
            first.get(0).ack().settle(Receipt.ACCEPTED);
            first.get(1).ack().settle(Receipt.OVERLOADED);
            first.get(2).ack().settle(Receipt.ACCEPTED);
            expect("2", "3");
            expectNothing();
        }
    }

    @Test
    void window_full_pausesReading() throws Exception {
        rig.append("a.log", "1\n2\n3\n");
        rig.inlet().settleAtOnce = false;
        try (Source _ = rig.open("a.log", "window: 2")) {
            RecordingInlet.Taken first = rig.inlet().next();
            expect("2");
            expectNothing();
            first.ack().settle(Receipt.ACCEPTED);
            expect("3");
        }
    }

    @Test
    void name_ofAFolder_isReadOnceItIsAFile() throws Exception {
        Files.createDirectory(rig.folder().resolve("a.log"));
        try (Source _ = rig.open("a.log", "")) {
            expectNothing();
            Files.delete(rig.folder().resolve("a.log"));
            Files.write(rig.folder().resolve("a.log"), "now\n".getBytes(StandardCharsets.UTF_8));
            expect("now");
        }
    }
}
