package dev.weir.testkit.disk;

import static dev.weir.testkit.disk.Durable.file;
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
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/// Each fault befalls what it is for, when it is planned.
class FaultTest {
    private final FaultyDisk disk = new FaultyDisk();

    private byte[] content(String path) throws IOException {
        return Files.readAllBytes(disk.path(path));
    }

    @Test
    void failedForce_thenForceThatSucceeds_isNotOnThePlatter() throws Exception {
        Path file = file(disk.path("/f"), sectors(1, 2));
        disk.plan(Fault.FAILED_FORCE, 1);
        try (FileChannel channel = open(file)) {
            write(channel, 0, sectors(5, 2));
            assertThatThrownBy(() -> channel.force(false)).hasMessage("Input/output error");
            channel.force(false);
        }

        assertThat(sectorsOf(content("/f"))).containsExactly(5, 6);
        disk.powerCut(1);
        assertThat(sectorsOf(content("/f"))).containsExactly(1, 2);
    }

    @Test
    void failedForce_ofGrownFile_leavesSizeWithoutData() throws Exception {
        Path file = file(disk.path("/f"), sectors(1, 1));
        disk.plan(Fault.FAILED_FORCE, 1);
        try (FileChannel channel = open(file)) {
            write(channel, 512, sectors(2, 1));
            assertThatThrownBy(() -> channel.force(false)).hasMessage("Input/output error");
            channel.force(false);
        }
        disk.powerCut(1);
        assertThat(sectorsOf(content("/f"))).containsExactly(1, 0);
    }

    @Test
    void failedForce_thenTheSameWrittenAgain_isOnThePlatter() throws Exception {
        Path file = file(disk.path("/f"), sectors(1, 2));
        disk.plan(Fault.FAILED_FORCE, 1);
        try (FileChannel channel = open(file)) {
            write(channel, 0, sectors(5, 2));
            assertThatThrownBy(() -> channel.force(false)).isInstanceOf(IOException.class);
            write(channel, 0, sectors(5, 2));
            channel.force(false);
        }
        disk.powerCut(1);
        assertThat(sectorsOf(content("/f"))).containsExactly(5, 6);
    }

    @Test
    void revertingForce_showsTheOldContentAtOnce() throws Exception {
        Path file = file(disk.path("/f"), sectors(1, 2));
        disk.plan(Fault.REVERTING_FORCE, 1);
        try (FileChannel channel = open(file)) {
            write(channel, 512, sectors(5, 1));
            assertThatThrownBy(() -> channel.force(false)).hasMessage("Input/output error");
        }
        assertThat(sectorsOf(content("/f"))).containsExactly(1, 2);
    }

    @Test
    void failedForce_ofFolder_losesItsNamesWhateverIsForcedLater() throws Exception {
        Files.createFile(disk.path("/f"));
        disk.plan(Fault.FAILED_FORCE, 1);
        assertThatThrownBy(() -> Durable.force(disk.path("/"))).hasMessage("Input/output error");
        Files.move(disk.path("/f"), disk.path("/g"), StandardCopyOption.ATOMIC_MOVE);
        Files.createFile(disk.path("/h"));
        Durable.force(disk.path("/"));

        disk.powerCut(1);
        assertThat(Files.exists(disk.path("/f"))).isFalse();
        assertThat(Files.exists(disk.path("/g"))).isFalse();
        assertThat(Files.exists(disk.path("/h"))).isTrue();
    }

    @Test
    void plan_ofNames_countsOnlyThese() throws Exception {
        disk.plan(Fault.FAILED_WRITE, "*.log", 2);
        Files.write(disk.path("/a"), new byte[1]);
        Files.write(disk.path("/a.log"), new byte[1]);
        Files.write(disk.path("/a"), new byte[1]);

        assertThatThrownBy(() -> Files.write(disk.path("/b.log"), new byte[1])).hasMessage("Input/output error");
        Files.write(disk.path("/c.log"), new byte[1]);
    }

    @Test
    void shortWrite_takesHalfAndSaysSo() throws Exception {
        disk.plan(Fault.SHORT_WRITE, 1);
        try (FileChannel channel = open(disk.path("/f"))) {
            ByteBuffer[] both = {ByteBuffer.wrap(sectors(1, 1)), ByteBuffer.wrap(sectors(2, 2))};

            assertThat(channel.write(both)).isEqualTo(768);

            assertThat(both[0].hasRemaining()).isFalse();
            assertThat(both[1].position()).isEqualTo(256);
            assertThat(channel.position()).isEqualTo(768);
            assertThat(channel.size()).isEqualTo(768);
        }
    }

    @Test
    void failedNaming_changesNothing() throws Exception {
        Files.createFile(disk.path("/f"));
        disk.plan(Fault.FAILED_NAMING, "g", 1);
        assertThatThrownBy(() -> Files.move(disk.path("/f"), disk.path("/g"), StandardCopyOption.ATOMIC_MOVE))
                .hasMessageContaining("Input/output error");
        assertThat(Files.exists(disk.path("/f"))).isTrue();
        assertThat(Files.exists(disk.path("/g"))).isFalse();
    }

    @Test
    void atRandom_withTheSameSeed_befallsTheSameWrites() throws Exception {
        assertThat(failures(3)).isEqualTo(failures(3)).isNotEqualTo(failures(4)).contains("x", ".");
    }

    private static String failures(long seed) throws IOException {
        FaultyDisk disk = new FaultyDisk();
        disk.atRandom(Fault.FAILED_WRITE, 0.3, seed);
        StringBuilder outcome = new StringBuilder();
        try (FileChannel channel = open(disk.path("/f"))) {
            for (int i = 0; i < 50; i++) {
                try {
                    channel.write(ByteBuffer.allocate(1));
                    outcome.append('.');
                } catch (IOException _) {
                    outcome.append('x');
                }
            }
        }
        return outcome.toString();
    }

    @Test
    void write_pastTheCapacity_isShortThenFailsUntilSpaceIsFreed() throws Exception {
        FaultyDisk small = new FaultyDisk(10_000, Clock.systemUTC());
        Path file = small.path("/f");
        try (FileChannel channel = open(file)) {
            assertThat(channel.write(ByteBuffer.allocate(9_990))).isEqualTo(9_990);
            assertThat(channel.write(ByteBuffer.allocate(25))).isEqualTo(10);
            assertThatThrownBy(() -> channel.write(ByteBuffer.allocate(1)))
                    .isInstanceOf(IOException.class)
                    .hasMessage("No space left on device");
            assertThat(channel.size()).isEqualTo(10_000);
            assertThat(Files.getFileStore(file).getUsableSpace()).isZero();
            assertThat(channel.write(ByteBuffer.allocate(100), 50)).isEqualTo(100);

            small.capacity(10_003);

            assertThat(channel.write(ByteBuffer.allocate(25))).isEqualTo(3);
        }
    }

    @Test
    void space_ofDeletedOpenFile_isFreeWhenItIsClosed() throws Exception {
        Path file = disk.path("/f");
        try (FileChannel channel = open(file)) {
            channel.write(ByteBuffer.allocate(70_000));
            Files.delete(file);
            assertThat(disk.usedBytes()).isEqualTo(70_000);
            assertThat(channel.read(ByteBuffer.allocate(10), 5)).isEqualTo(10);
        }
        assertThat(disk.usedBytes()).isZero();
    }

    @Test
    void space_ofHoleAndTruncation_isNotTaken() throws Exception {
        try (FileChannel channel = open(disk.path("/f"))) {
            channel.write(ByteBuffer.allocate(1), 1L << 30);
            assertThat(disk.usedBytes()).isEqualTo(1);
            channel.truncate(9);
            assertThat(disk.usedBytes()).isZero();
            channel.write(ByteBuffer.allocate(5000), 0);
            channel.truncate(100);
            channel.write(ByteBuffer.allocate(10), 100);
            assertThat(disk.usedBytes()).isEqualTo(110);
        }
    }

    @Test
    void readOnly_refusesEveryChangeAndStillReads() throws Exception {
        Path file = file(disk.path("/f"), sectors(1, 1));
        try (FileChannel channel = open(file)) {
            write(channel, 0, sectors(2, 1));
            disk.readOnly(true);

            assertThatThrownBy(() -> channel.write(ByteBuffer.allocate(1))).hasMessage("Read-only file system");
            assertThatThrownBy(() -> channel.force(true)).hasMessage("Read-only file system");
            assertThatThrownBy(() -> channel.truncate(0)).hasMessage("Read-only file system");
            assertThatThrownBy(() -> Files.createFile(disk.path("/g"))).hasMessageContaining("Read-only file system");
            assertThatThrownBy(() -> Files.delete(file)).hasMessageContaining("Read-only file system");
            assertThatThrownBy(() -> open(file)).hasMessageContaining("Read-only file system");
            assertThat(Files.isWritable(file)).isFalse();
            assertThat(sectorsOf(content("/f"))).containsExactly(2);

            disk.readOnly(false);
            channel.force(true);
        }
    }

    @Test
    void unreadable_partOfFile_endsReadsBeforeItAndFailsThoseInIt() throws Exception {
        Path file = file(disk.path("/f"), sectors(1, 4));
        disk.unreadable(file, 600, 700);
        disk.powerCut(1);
        try (FileChannel channel = open(disk.path("/f"))) {
            assertThat(channel.read(ByteBuffer.allocate(2048))).isEqualTo(600);
            assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1))).hasMessage("Input/output error");
            assertThat(channel.read(ByteBuffer.allocate(2048), 700)).isEqualTo(1348);
            disk.readable(disk.path("/f"));
            assertThat(channel.read(ByteBuffer.allocate(2048), 0)).isEqualTo(2048);
        }
    }

    @Test
    void flipBit_isSeenAtOnceAndAfterACut() throws Exception {
        Path file = file(disk.path("/f"), sectors(1, 2));
        disk.flipBit(file, 513, 3);
        assertThat(content("/f")[513]).isEqualTo((byte) 10);
        disk.powerCut(1);
        assertThat(content("/f")[513]).isEqualTo((byte) 10);
        assertThat(content("/f")[512]).isEqualTo((byte) 2);
    }

    @Test
    void heldForce_makesDurableOnlyWhatWasWrittenBeforeItBegan() throws Exception {
        Set<List<Integer>> found = new HashSet<>();
        for (long seed = 0; seed < 100; seed++) {
            FaultyDisk other = new FaultyDisk();
            writeDuringForce(file(other.path("/f"), sectors(0, 3)), other.holdForces());
            other.powerCut(seed);
            found.add(sectorsOf(Files.readAllBytes(other.path("/f"))));
        }
        assertThat(found)
                .containsExactlyInAnyOrder(List.of(1, 2, 2), List.of(1, 2, 8), List.of(1, 7, 2), List.of(1, 7, 8));
    }

    private static void writeDuringForce(Path file, Gate gate) throws Exception {
        try (FileChannel channel = open(file)) {
            write(channel, 0, sectors(1, 2));
            FutureTask<FileChannel> forcing = force(channel);
            gate.awaitHeld(1);
            write(channel, 512, sectors(7, 2));
            gate.open();
            forcing.get();
        }
    }

    private static FutureTask<FileChannel> force(FileChannel channel) {
        FutureTask<FileChannel> forcing = new FutureTask<>(() -> {
            channel.force(false);
            return channel;
        });
        Thread.ofVirtual().name("forcing").start(forcing);
        return forcing;
    }

    @Test
    void heldForce_whileTheFileGrows_leavesTheNewSizeToTheNextForce() throws Exception {
        Set<Long> sizes = new HashSet<>();
        for (long seed = 0; seed < 50; seed++) {
            FaultyDisk other = new FaultyDisk();
            writeDuringForce(file(other.path("/f"), sectors(0, 1)), other.holdForces());
            other.powerCut(seed);
            sizes.add(Files.size(other.path("/f")));
        }
        assertThat(sizes).containsExactlyInAnyOrder(1024L, 1536L);
    }

    @Test
    void heldForce_thatEndsAfterALaterOne_doesNotBringTheOldBack() throws Exception {
        Path file = file(disk.path("/f"), sectors(0, 1));
        Gate gate = disk.holdForces();
        try (FileChannel channel = open(file)) {
            write(channel, 0, sectors(1, 1));
            FutureTask<FileChannel> first = force(channel);
            gate.awaitHeld(1);
            write(channel, 0, sectors(2, 1));
            disk.holdForces().open();
            channel.force(false);
            gate.open();
            first.get();
        }
        disk.powerCut(1);
        assertThat(sectorsOf(content("/f"))).containsExactly(2);
    }

    @Test
    void heldForce_whenThePowerIsCut_fails() throws Exception {
        Path file = disk.path("/f");
        Gate gate = disk.holdForces();
        FileChannel channel = open(file);
        FutureTask<FileChannel> forcing = force(channel);
        gate.awaitHeld(1);
        disk.powerCut(1);
        assertThatThrownBy(forcing::get).cause().isInstanceOf(IOException.class).hasMessageContaining("power was cut");
    }

    @Test
    void toString_saysTheSeedAndTheLastOperations() throws Exception {
        for (int i = 0; i < 200; i++) {
            Files.write(disk.path("/f" + i), new byte[7]);
        }
        disk.powerCut(77);
        assertThat(disk.toString()).contains("last cut: seed 77 at operation 400", "write /f199 0+7");
        assertThat(disk.history()).hasSize(100);
    }
}
