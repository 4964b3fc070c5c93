package dev.weir.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What is not forced is remembered within bounds.
class BoundsTest {
    private final FaultyDisk disk = new FaultyDisk();

    @Test
    void names_moreThanAreRemembered_reachThePlatterOldestFirst() throws Exception {
        int files = 5000;
        for (int i = 0; i < files; i++) {
            Files.createFile(disk.path("/f" + i));
        }
        disk.powerCut(seedThatKeepsNoName());
        try (Stream<Path> left = Files.list(disk.path("/"))) {
            assertThat(left.map(Path::toString)).hasSize(files - 4096).contains("/f0", "/f903");
        }
    }

    private static long seedThatKeepsNoName() {
        for (long seed = 0; ; seed++) {
            Chance chance = new Chance(seed);
            if (Stream.generate(chance::keepsName).limit(100).noneMatch(kept -> kept)) {
                return seed;
            }
        }
    }

    @Test
    void deletions_ofMoreThanIsHeld_reachThePlatterOldestFirst() throws Exception {
        int files = 5;
        for (int i = 0; i < files; i++) {
            Durable.file(disk.path("/s" + i), new byte[16 << 20]);
        }
        for (int i = 0; i < files; i++) {
            Files.delete(disk.path("/s" + i));
        }
        disk.powerCut(seedThatKeepsNoName());
        try (Stream<Path> left = Files.list(disk.path("/"))) {
            assertThat(left.map(Path::toString)).containsExactly("/s1", "/s2", "/s3", "/s4");
        }
    }

    @Test
    void appends_moreThanAreRemembered_leaveASizeThatWas() throws Exception {
        Path file = Durable.file(disk.path("/f"), new byte[0]);
        int appends = 5000;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.APPEND)) {
            for (int i = 0; i < appends; i++) {
                channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
            }
        }
        disk.powerCut(8);
        assertThat(Files.size(disk.path("/f")) % 3).isZero();
        assertThat(Files.size(disk.path("/f"))).isLessThanOrEqualTo(3L * appends);
    }

    @Test
    void files_moreThanTheDiskHasPlaceFor_areRefused() throws Exception {
        assertThatThrownBy(() -> {
                    for (int i = 0; i <= 65_536; i++) {
                        Files.createFile(disk.path("/f" + i));
                    }
                })
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("No space left on device");
        Files.delete(disk.path("/f7"));
        Files.createFile(disk.path("/again"));
    }

    @Test
    void channels_moreThanAProcessMayHave_areRefused() throws Exception {
        List<FileChannel> open = new ArrayList<>();
        assertThatThrownBy(() -> {
                    for (int i = 0; i <= 4096; i++) {
                        open.add(Durable.open(disk.path("/f")));
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Too many open files");
        open.getFirst().close();
        Durable.open(disk.path("/f")).close();
    }

    @Test
    void name_tooLong_isRefused() {
        assertThatThrownBy(() -> Files.createFile(disk.path("/" + "é".repeat(128))))
                .hasMessageContaining("File name too long");
    }
}
