package dev.weir.journal;

import static dev.weir.journal.Journals.SMALL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.disk.Fault;
import dev.weir.testkit.disk.FaultyDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Journals on a disk that loses what was not forced, tears what is being written, fails, and fills
/// up. A seed that fails is printed with what the disk did last; `-Dweir.seed=N` tries that one
/// alone, and `-Dweir.long=true` many more.
@Timeout(600)
class PowerCutTest {
    private static final int SEEDS = Boolean.getBoolean("weir.long") ? 20_000 : 400;
    private static final Duration REST = Duration.ofMillis(1);

    private interface Case {
        void run(long seed, FaultyDisk disk) throws Exception;
    }

    private static void forAllSeeds(int count, Case each) {
        Long only = Long.getLong("weir.seed");
        for (long seed = only == null ? 1 : only; seed <= (only == null ? count : only); seed++) {
            FaultyDisk disk = new FaultyDisk();
            try {
                each.run(seed, disk);
            } catch (Throwable e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage() + "\n" + disk, e);
            }
        }
    }

    /// What a program that uses a journal knows of it.
    private static final class User {
        private final Random random;
        private final Map<Long, byte[]> appended = new TreeMap<>();
        private long acknowledged;
        private long passed;

        User(long seed) {
            random = new Random(seed);
        }

        private static Journal open(Path folder) throws IOException {
            return Journal.open(folder, SMALL, new JournalListener() {}, Clock.systemUTC(), REST);
        }

        /// Appends, waits for some, and moves a cursor, until the disk fails or there is enough.
        void work(FaultyDisk disk, int records) throws Exception {
            try (Journal journal = open(disk.path("/journal"))) {
                Cursor cursor = journal.cursor("c");
                for (int i = 0; i < records; i++) {
                    one(journal, cursor);
                }
            } catch (IOException e) {
                // The power is gone.
            }
        }

        private void one(Journal journal, Cursor cursor) throws Exception {
            byte[] payload = new byte[random.nextInt(8, 1500)];
            random.nextBytes(payload);
            Appended it = journal.append(payload);
            appended.put(it.first(), payload);
            if (random.nextInt(3) == 0) {
                it.await();
                acknowledged = it.last();
                if (random.nextInt(8) == 0) {
                    cursor.advance(it.last());
                    passed = it.last();
                }
            }
        }

        /// As after a restart: what was acknowledged is there, nothing is there that was never
        /// appended, and it can go on.
        void check(FaultyDisk disk) throws Exception {
            Map<Long, byte[]> found = new TreeMap<>();
            try (Journal journal = open(disk.path("/journal"));
                    Reader reader = journal.read(1)) {
                assertThat(journal.recovery().corrupt()).isEmpty();
                for (Entry entry = reader.next(); entry != null; entry = reader.next()) {
                    assertThat(found.put(entry.sequence(), entry.payload())).isNull();
                }
                assertThat(journal.last()).isGreaterThanOrEqualTo(acknowledged);
                assertThat(journal.cursor("c").position()).isLessThanOrEqualTo(passed);
            }
            appended.forEach((sequence, payload) -> {
                if (sequence <= acknowledged) {
                    assertThat(found).containsKey(sequence);
                }
            });
            found.forEach((sequence, payload) ->
                    assertThat(ByteBuffer.wrap(payload)).isEqualTo(ByteBuffer.wrap(appended.get(sequence))));
            appended.keySet().retainAll(found.keySet());
        }
    }

    @Test
    void powerCut_atAnyOperation_losesNothingAcknowledged() {
        forAllSeeds(SEEDS, (seed, disk) -> {
            User user = new User(seed);
            for (int round = 0; round < 3; round++) {
                disk.cutPowerAt(1 + user.random.nextInt(120), seed + round);
                user.work(disk, 150);
                disk.powerCut(seed + 31L * round);
                user.check(disk);
            }
        });
    }

    @Test
    void powerCut_whileOpening_losesNothingAcknowledged() {
        forAllSeeds(SEEDS / 2, (seed, disk) -> {
            User user = new User(seed);
            disk.cutPowerAt(20 + user.random.nextInt(60), seed);
            user.work(disk, 100);
            for (int round = 1; round <= 3; round++) {
                disk.cutPowerAt(1 + user.random.nextInt(6), seed + round);
                user.work(disk, 0);
                disk.powerCut(seed + 31L * round);
            }
            user.check(disk);
        });
    }

    @Test
    void powerCut_withGarbageBehindWhatGrew_isNotDeceived() {
        forAllSeeds(SEEDS / 4, (seed, disk) -> {
            disk.leaveGarbage();
            User user = new User(seed);
            disk.cutPowerAt(1 + user.random.nextInt(100), seed);
            user.work(disk, 150);
            disk.powerCut(seed);
            user.check(disk);
        });
    }

    @Test
    void kill_atAnyOperation_losesNothingAcknowledged() {
        forAllSeeds(SEEDS / 4, (seed, disk) -> {
            User user = new User(seed);
            Path folder = disk.path("/journal");
            Thread killer = Thread.ofVirtual().unstarted(() -> disk.kill(folder));
            disk.plan(Fault.SHORT_WRITE, 1 + user.random.nextInt(40));
            killer.start();
            user.work(disk, 60);
            killer.join();
            user.check(disk);
        });
    }

    @Test
    void force_thatFails_failsItsRecords_andLosesNoOthers() {
        forAllSeeds(SEEDS / 2, (seed, disk) -> {
            User user = new User(seed);
            for (Fault fault : List.of(Fault.FAILED_FORCE, Fault.REVERTING_FORCE, Fault.FAILED_WRITE)) {
                disk.plan(fault, 5 + user.random.nextInt(60));
            }
            try (Journal journal = User.open(disk.path("/journal"))) {
                Map<Long, byte[]> acknowledged = new TreeMap<>();
                List<Appended> waiting = new ArrayList<>();
                Map<Long, byte[]> all = new TreeMap<>();
                for (int i = 0; i < 150; i++) {
                    byte[] payload = new byte[user.random.nextInt(8, 1500)];
                    user.random.nextBytes(payload);
                    try {
                        Appended it = journal.append(payload);
                        all.put(it.first(), payload);
                        waiting.add(it);
                        if (user.random.nextInt(3) == 0) {
                            it.await();
                        }
                    } catch (JournalException e) {
                        Thread.sleep(REST);
                    }
                }
                for (Appended it : waiting) {
                    try {
                        it.await();
                        acknowledged.put(it.first(), all.get(it.first()));
                    } catch (JournalException e) {
                        // It failed, so nobody was told that it is there.
                    }
                }
                readAll(journal, all, acknowledged);
                disk.powerCut(seed);
                try (Journal again = User.open(disk.path("/journal"))) {
                    readAll(again, all, acknowledged);
                }
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("power");
            }
        });
    }

    private static void readAll(Journal journal, Map<Long, byte[]> all, Map<Long, byte[]> acknowledged)
            throws IOException {
        Map<Long, byte[]> found = new TreeMap<>();
        try (Reader reader = journal.read(1)) {
            for (Entry entry = reader.next(); entry != null; entry = reader.next()) {
                found.put(entry.sequence(), entry.payload());
                assertThat(entry.payload()).isEqualTo(all.get(entry.sequence()));
            }
        }
        assertThat(found.keySet()).containsAll(acknowledged.keySet());
    }

    @Test
    void disk_thatIsFull_failsWhatHasNoRoom_andGoesOnWhenThereIs() {
        forAllSeeds(SEEDS / 8, (seed, disk) -> {
            User user = new User(seed);
            disk.capacity(200_000 + user.random.nextInt(100_000));
            List<Long> acknowledged = new ArrayList<>();
            Map<Long, byte[]> all = new TreeMap<>();
            boolean full = false;
            try (Journal journal = User.open(disk.path("/journal"))) {
                for (int i = 0; acknowledged.size() < 400; i++) {
                    byte[] payload = new byte[1000];
                    user.random.nextBytes(payload);
                    try {
                        Appended it = journal.append(payload);
                        all.put(it.first(), payload);
                        it.await();
                        acknowledged.add(it.first());
                    } catch (FullException e) {
                        full = true;
                        assertThat(e).hasMessageContaining("/journal").hasMessageContaining("full");
                        Map<Long, byte[]> sure = new TreeMap<>(all);
                        sure.keySet().retainAll(acknowledged);
                        readAll(journal, all, sure);
                        disk.capacity(2_000_000);
                        Thread.sleep(REST);
                    }
                }
                assertThat(full).isTrue();
                assertThat(journal.stats().trouble()).isEmpty();
            }
            try (Journal journal = User.open(disk.path("/journal"))) {
                Map<Long, byte[]> sure = new TreeMap<>(all);
                sure.keySet().retainAll(acknowledged);
                readAll(journal, all, sure);
            }
        });
    }

    @Test
    void open_byASecondProcess_isRefused() throws Exception {
        FaultyDisk disk = new FaultyDisk();
        try (Journal journal = User.open(disk.path("/journal"))) {
            journal.append(new byte[10]).await();
            try (var other = disk.otherProcess()) {
                org.assertj.core.api.Assertions.assertThatThrownBy(() -> User.open(other.getPath("/journal")))
                        .isInstanceOf(InUseException.class);
            }
        }
    }
}
