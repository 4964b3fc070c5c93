package dev.weir.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.disk.ExampleLog.Flaw;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The disk finds what it is for: a log that is right loses nothing in any cut, and one that is
/// wrong is caught.
class ExampleLogTest {
    private static final int SEEDS = 2000;
    private static final int ROUNDS = 2;
    private static final int RECORDS = 15;
    private static final int OPERATIONS = 60;
    private static final int LONGEST = 1500;

    /// What a log was given, and of this what it said is durable.
    private static final class Expected {
        private final List<String> given = new ArrayList<>();
        private int durable;
    }

    private static LongStream seeds() {
        Long one = Long.getLong("weir.seed");
        return one == null ? LongStream.range(0, SEEDS) : LongStream.of(one);
    }

    @Test
    void recover_logThatIsRight_losesNothingInAnyCut() {
        assertThat(seeds().boxed()
                        .flatMap(seed -> loss(seed, EnumSet.noneOf(Flaw.class)).stream())
                        .findFirst())
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Flaw.class)
    void recover_logThatIsWrong_isCaught(Flaw flaw) {
        OptionalLong caught = LongStream.range(0, SEEDS)
                .filter(seed -> loss(seed, EnumSet.of(flaw)).isPresent())
                .findFirst();
        assertThat(caught).as("the seed that shows %s", flaw).isPresent();
        assertThat(loss(caught.getAsLong(), EnumSet.of(flaw)))
                .isEqualTo(loss(caught.getAsLong(), EnumSet.of(flaw)))
                .hasValueSatisfying(message -> assertThat(message).contains("-Dweir.seed=", "power cut"));
    }

    /// Appends, cuts and opens again, a few times; says what was lost.
    private static Optional<String> loss(long seed, Set<Flaw> flaws) {
        Random random = new Random(seed);
        FaultyDisk disk = new FaultyDisk();
        Expected expected = new Expected();
        try {
            Files.createDirectory(disk.path("/data"));
            Durable.force(disk.path("/"));
            for (int round = 0; round < ROUNDS; round++) {
                work(disk, random, flaws, expected);
                disk.powerCut(random.nextLong());
                Optional<String> loss = check(disk, seed, flaws, expected);
                if (loss.isPresent()) {
                    return loss;
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new AssertionError("-Dweir.seed=" + seed + " " + disk, e);
        }
    }

    private static void work(FaultyDisk disk, Random random, Set<Flaw> flaws, Expected expected) {
        disk.cutPowerAt(1 + random.nextInt(OPERATIONS), random.nextLong());
        if (random.nextBoolean()) {
            disk.plan(Fault.FAILED_FORCE, 1 + random.nextInt(RECORDS));
        }
        disk.atRandom(Fault.SHORT_WRITE, 0.1, random.nextLong());
        Path folder = disk.path("/data");
        try (ExampleLog log = new ExampleLog(folder, flaws)) {
            for (int i = 0; i < RECORDS; i++) {
                String record = record(random);
                expected.given.add(record);
                log.append(record);
                expected.durable = expected.given.size();
                if (random.nextInt(8) == 0) {
                    log.compact();
                }
            }
        } catch (IOException _) {
            // The power is gone or the device has failed. Either way this log says no more.
        }
    }

    private static String record(Random random) {
        byte[] bytes = new byte[1 + random.nextInt(LONGEST)];
        random.nextBytes(bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static Optional<String> check(FaultyDisk disk, long seed, Set<Flaw> flaws, Expected expected)
            throws IOException {
        try (ExampleLog log = new ExampleLog(disk.path("/data"), flaws)) {
            List<String> found = log.records();
            boolean kept = found.size() >= expected.durable
                    && found.size() <= expected.given.size()
                    && found.equals(expected.given.subList(0, found.size()));
            if (!kept) {
                return Optional.of("-Dweir.seed=%d: %d records were durable, %d are there. %s"
                        .formatted(seed, expected.durable, found.size(), disk));
            }
            expected.given.subList(found.size(), expected.given.size()).clear();
            expected.durable = found.size();
            return Optional.empty();
        }
    }
}
