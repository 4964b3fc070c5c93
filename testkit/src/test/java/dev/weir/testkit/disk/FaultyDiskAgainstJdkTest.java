package dev.weir.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Without faults the disk is a file system like any other: a program cannot tell it from the real
/// one.
class FaultyDiskAgainstJdkTest {
    private static final int PROGRAMS = 8;
    private static final int STEPS = 1000;
    private static final long SEED = Long.getLong("weir.seed", 1);

    @Test
    void run_anyProgram_answersAsTheRealFileSystem(@TempDir Path real) throws Exception {
        for (long seed = SEED; seed < SEED + PROGRAMS; seed++) {
            Path there = Files.createDirectory(real.resolve("run-" + seed));
            FaultyDisk disk = new FaultyDisk();
            Path here = Files.createDirectory(disk.path("/run"));
            try (RandomProgram expected = new RandomProgram(there, seed);
                    RandomProgram actual = new RandomProgram(here, seed)) {
                for (int step = 0; step < STEPS; step++) {
                    String wanted = expected.step();
                    String answer = actual.step();
                    if (!answer.equals(wanted)) {
                        assertThat(answer)
                                .as("-Dweir.seed=%d step %d on %s", seed, step, disk)
                                .isEqualTo(wanted);
                    }
                }
                assertThat(actual.everything()).isEqualTo(expected.everything());
            }
        }
    }

    @Test
    void run_thenCutWhenEverythingIsForced_leavesEverything() throws Exception {
        for (long seed = SEED; seed < SEED + PROGRAMS; seed++) {
            FaultyDisk disk = new FaultyDisk();
            Path root = Files.createDirectory(disk.path("/run"));
            List<String> before;
            try (RandomProgram program = new RandomProgram(root, seed)) {
                program.run(STEPS);
                before = program.everything();
            }
            Durable.forceAll(disk.path("/"));

            disk.powerCut(seed);

            try (RandomProgram after = new RandomProgram(disk.path("/run"), seed)) {
                assertThat(after.everything()).as("-Dweir.seed=%d", seed).isEqualTo(before);
            }
        }
    }
}
