package dev.weir.testkit.disk;

import static dev.weir.testkit.disk.Durable.file;
import static dev.weir.testkit.disk.Durable.force;
import static dev.weir.testkit.disk.Durable.open;
import static dev.weir.testkit.disk.Durable.sectors;
import static dev.weir.testkit.disk.Durable.sectorsOf;
import static dev.weir.testkit.disk.Durable.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What a power cut leaves of the bytes of a file and of names.
class PowerCutTest {
    private static final int SEEDS = 300;

    @FunctionalInterface
    private interface Work {
        void on(FaultyDisk disk) throws IOException;
    }

    @FunctionalInterface
    private interface Look<T> {
        T at(FaultyDisk disk) throws IOException;
    }

    /// What is found after the same work and cuts with many seeds.
    private static <T> Set<T> outcomes(Work work, Look<T> look) throws IOException {
        Set<T> found = new HashSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            FaultyDisk disk = new FaultyDisk();
            work.on(disk);
            disk.powerCut(seed);
            found.add(look.at(disk));
        }
        return found;
    }

    private static byte[] content(FaultyDisk disk) throws IOException {
        return Files.readAllBytes(disk.path("/f"));
    }

    private static List<String> names(FaultyDisk disk) throws IOException {
        try (Stream<Path> all = Files.walk(disk.path("/"))) {
            return all.map(Path::toString).sorted().toList();
        }
    }

    @Test
    void cut_ofForcedFileInForcedFolder_leavesAll() throws Exception {
        assertThat(outcomes(disk -> file(disk.path("/f"), sectors(1, 20)), disk -> sectorsOf(content(disk))))
                .containsExactly(sectorsOf(sectors(1, 20)));
    }

    @Test
    void cut_ofUnforcedOverwrite_leavesEachSectorOldOrNew() throws Exception {
        Set<List<Integer>> found = outcomes(
                disk -> {
                    Path file = file(disk.path("/f"), sectors(0, 3));
                    try (FileChannel channel = open(file)) {
                        write(channel, 0, sectors(10, 3));
                    }
                },
                disk -> sectorsOf(content(disk)));

        assertThat(found)
                .containsExactlyInAnyOrder(
                        List.of(0, 1, 2),
                        List.of(10, 1, 2),
                        List.of(0, 11, 2),
                        List.of(0, 1, 12),
                        List.of(10, 11, 2),
                        List.of(10, 1, 12),
                        List.of(0, 11, 12),
                        List.of(10, 11, 12));
    }

    @Test
    void cut_ofSectorWrittenThrice_leavesAnyVersion() throws Exception {
        Set<List<Integer>> found = outcomes(
                disk -> {
                    Path file = file(disk.path("/f"), sectors(0, 1));
                    try (FileChannel channel = open(file)) {
                        write(channel, 0, sectors(1, 1));
                        write(channel, 0, sectors(2, 1));
                        write(channel, 0, sectors(3, 1));
                    }
                },
                disk -> sectorsOf(content(disk)));

        assertThat(found).containsExactlyInAnyOrder(List.of(0), List.of(1), List.of(2), List.of(3));
    }

    @Test
    void cut_ofUnforcedAppend_leavesSizeWithoutDataAndDataWithoutSize() throws Exception {
        Set<List<Integer>> found = outcomes(
                disk -> {
                    Path file = file(disk.path("/f"), sectors(1, 1));
                    try (FileChannel channel = open(file)) {
                        write(channel, 512, sectors(2, 1));
                        write(channel, 1024, sectors(3, 1));
                    }
                },
                disk -> sectorsOf(content(disk)));

        assertThat(found)
                .containsExactlyInAnyOrder(
                        List.of(1),
                        List.of(1, 0),
                        List.of(1, 2),
                        List.of(1, 0, 0),
                        List.of(1, 2, 0),
                        List.of(1, 0, 3),
                        List.of(1, 2, 3));
    }

    @Test
    void cut_thatLeavesGarbage_fillsOnlyWhatNeverArrived() throws Exception {
        int garbage = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            FaultyDisk disk = new FaultyDisk();
            disk.leaveGarbage();
            Path file = file(disk.path("/f"), sectors(1, 1));
            try (FileChannel channel = open(file)) {
                write(channel, 512, sectors(2, 2));
            }
            disk.powerCut(seed);

            byte[] left = content(disk);
            assertThat(sectorsOf(Arrays.copyOf(left, 512))).containsExactly(1);
            for (int at = 512; at < left.length; at += 512) {
                int first = left[at];
                int second = left[at + 1];
                garbage += first != second ? 1 : 0;
            }
        }
        assertThat(garbage).isPositive();
    }

    @Test
    void cut_ofTruncatedAndRegrownFile_neverBringsBackWhatWasCutOff() throws Exception {
        Set<List<Integer>> found = outcomes(
                disk -> {
                    Path file = file(disk.path("/f"), sectors(1, 4));
                    try (FileChannel channel = open(file)) {
                        channel.truncate(512);
                        write(channel, 3 * 512, sectors(9, 1));
                    }
                },
                disk -> sectorsOf(content(disk)));

        assertThat(found)
                .containsExactlyInAnyOrder(
                        List.of(1, 2, 3, 4), List.of(1, 2, 3, 9), List.of(1), List.of(1, 0, 0, 0), List.of(1, 0, 0, 9));
    }

    @Test
    void cut_afterForcedTruncation_leavesItCut() throws Exception {
        assertThat(outcomes(
                        disk -> {
                            Path file = file(disk.path("/f"), sectors(1, 4));
                            try (FileChannel channel = open(file)) {
                                channel.truncate(700);
                                channel.force(false);
                            }
                        },
                        disk -> content(disk).length))
                .containsExactly(700);
    }

    @Test
    void cut_ofForcedFileInUnforcedFolder_mayTakeTheFile() throws Exception {
        assertThat(outcomes(
                        disk -> {
                            Files.write(disk.path("/f"), sectors(1, 1));
                            force(disk.path("/f"));
                        },
                        PowerCutTest::names))
                .containsExactlyInAnyOrder(List.of("/"), List.of("/", "/f"));
    }

    @Test
    void cut_ofForcedFolderWithUnforcedFile_leavesItsNameWithoutItsBytes() throws Exception {
        assertThat(outcomes(
                        disk -> {
                            Files.write(disk.path("/f"), sectors(1, 1));
                            force(disk.path("/"));
                        },
                        disk -> sectorsOf(content(disk))))
                .containsExactlyInAnyOrder(List.of(), List.of(0), List.of(1));
    }

    @Test
    void cut_ofUnforcedRename_leavesItWhollyOrNot() throws Exception {
        Set<String> found = outcomes(
                disk -> {
                    file(disk.path("/f"), sectors(1, 1));
                    file(disk.path("/new"), sectors(2, 1));
                    Files.move(disk.path("/new"), disk.path("/f"), StandardCopyOption.ATOMIC_MOVE);
                },
                disk -> names(disk) + " " + sectorsOf(content(disk)));

        assertThat(found).containsExactlyInAnyOrder("[/, /f, /new] [1]", "[/, /f] [2]");
    }

    @Test
    void cut_ofReplacingMoveThatIsNotAtomic_mayLeaveNeither() throws Exception {
        Set<List<String>> found = outcomes(
                disk -> {
                    file(disk.path("/f"), sectors(1, 1));
                    file(disk.path("/new"), sectors(2, 1));
                    Files.move(disk.path("/new"), disk.path("/f"), StandardCopyOption.REPLACE_EXISTING);
                },
                PowerCutTest::names);

        assertThat(found)
                .containsExactlyInAnyOrder(List.of("/", "/f", "/new"), List.of("/", "/f"), List.of("/", "/new"));
    }

    @Test
    void cut_ofUnforcedNames_keepsEachWithoutTheOthersButItsOwnInOrder() throws Exception {
        Set<List<String>> found = outcomes(
                disk -> {
                    file(disk.path("/a"), sectors(1, 1));
                    Files.delete(disk.path("/a"));
                    Files.createFile(disk.path("/b"));
                    Files.move(disk.path("/b"), disk.path("/c"), StandardCopyOption.ATOMIC_MOVE);
                },
                PowerCutTest::names);

        assertThat(found)
                .containsExactlyInAnyOrder(
                        List.of("/", "/a"),
                        List.of("/"),
                        List.of("/", "/a", "/b"),
                        List.of("/", "/b"),
                        List.of("/", "/a", "/c"),
                        List.of("/", "/c"));
    }

    @Test
    void cut_ofNameThatIsTakenAgain_keepsNotTheSecondWithoutTheFirst() throws Exception {
        Set<String> found = outcomes(
                disk -> {
                    file(disk.path("/f"), sectors(1, 1));
                    Files.move(disk.path("/f"), disk.path("/old"), StandardCopyOption.ATOMIC_MOVE);
                    Files.createFile(disk.path("/f"));
                },
                disk -> names(disk) + (Files.exists(disk.path("/f")) ? " " + content(disk).length : ""));

        assertThat(found).containsExactlyInAnyOrder("[/, /f] 512", "[/, /old]", "[/, /f, /old] 0");
    }

    @Test
    void cut_ofForcedFolderInUnforcedParent_mayTakeAll() throws Exception {
        assertThat(outcomes(
                        disk -> {
                            Files.createDirectory(disk.path("/d"));
                            Files.write(disk.path("/d/f"), sectors(1, 1));
                            force(disk.path("/d/f"));
                            force(disk.path("/d"));
                        },
                        PowerCutTest::names))
                .containsExactlyInAnyOrder(List.of("/"), List.of("/", "/d", "/d/f"));
    }

    @Test
    void cut_ofUnforcedDeletion_mayBringTheFileBackWithItsBytes() throws Exception {
        assertThat(outcomes(
                        disk -> {
                            file(disk.path("/f"), sectors(7, 2));
                            Files.delete(disk.path("/f"));
                        },
                        disk -> Files.exists(disk.path("/f")) ? sectorsOf(content(disk)) : List.of()))
                .containsExactlyInAnyOrder(List.of(), List.of(7, 8));
    }

    @Test
    void cutAt_everyOperation_failsThatOneAndKeepsWhatWasForcedBefore() throws Exception {
        FaultyDisk whole = new FaultyDisk();
        work(whole);
        assertThat(whole.operations()).isEqualTo(6);

        Set<Integer> lengths = new TreeSet<>();
        for (long nth = 1; nth <= 6; nth++) {
            for (long seed = 0; seed < 50; seed++) {
                FaultyDisk disk = new FaultyDisk();
                disk.cutPowerAt(nth, seed);
                assertThatThrownBy(() -> work(disk)).hasMessageContaining("the power was cut, seed " + seed);
                assertThat(disk.operations()).isEqualTo(nth);
                int length = Files.exists(disk.path("/f")) ? content(disk).length : -1;
                assertThat(length).isGreaterThanOrEqualTo(nth > 4 ? 3000 : -1);
                lengths.add(length);
            }
        }
        assertThat(lengths).containsExactly(-1, 0, 3000, 5000);
    }

    /// Creates, writes, forces, forces the folder, writes, forces.
    private static void work(FaultyDisk disk) throws IOException {
        try (FileChannel channel = open(disk.path("/f"))) {
            channel.write(ByteBuffer.allocate(3000));
            channel.force(false);
            force(disk.path("/"));
            channel.write(ByteBuffer.allocate(2000));
            channel.force(false);
        }
    }

    @Test
    void cut_endsWhatWasOpen_forEver() throws Exception {
        FaultyDisk disk = new FaultyDisk();
        Path old = disk.path("/f");
        FileChannel channel = open(old);
        disk.powerCut(5);

        assertThatThrownBy(() -> channel.write(ByteBuffer.allocate(1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("power was cut");
        assertThatThrownBy(() -> Files.createFile(old)).hasMessageContaining("power was cut");
        channel.close();
        Files.createFile(disk.path("/g"));
    }

    @Test
    void cut_ofTheSameWorkWithTheSameSeed_leavesTheSame() throws Exception {
        for (long seed = 0; seed < 30; seed++) {
            assertThat(afterRandomWork(seed)).isEqualTo(afterRandomWork(seed));
        }
    }

    private static List<String> afterRandomWork(long seed) throws IOException {
        FaultyDisk disk = new FaultyDisk();
        Path root = Files.createDirectory(disk.path("/run"));
        try (RandomProgram program = new RandomProgram(root, seed)) {
            program.run(200);
        }
        disk.powerCut(seed);
        try (RandomProgram program = new RandomProgram(disk.path("/"), seed)) {
            return program.everything();
        }
    }
}
