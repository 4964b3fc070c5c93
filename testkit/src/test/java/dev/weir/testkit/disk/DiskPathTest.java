package dev.weir.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Paths of the disk are as those of Linux.
class DiskPathTest {
    private static final List<String> TEXTS = List.of(
            "",
            "/",
            "a",
            "/a",
            "a/b",
            "/a/b",
            "a/b/c",
            "/a/b/c",
            "..",
            "../a",
            "/..",
            "/../a",
            "a/..",
            "a/../b",
            ".",
            "./a",
            "/a/./b",
            "a//b/",
            "b",
            "b/c",
            "../..",
            "a/../../b",
            "/a/b/../c",
            "a.log",
            "c");

    private final FaultyDisk disk = new FaultyDisk();

    /// What is asked of one path.
    private static final List<Function<Path, Object>> QUESTIONS = List.of(
            Path::isAbsolute,
            path -> String.valueOf(path.getRoot()),
            path -> String.valueOf(path.getFileName()),
            path -> String.valueOf(path.getParent()),
            Path::getNameCount,
            path -> path.normalize().toString(),
            path -> path.getNameCount() > 1
                    ? path.subpath(1, path.getNameCount()).toString()
                    : "short",
            path -> path.getNameCount() > 0 ? path.getName(0).toString() : "none");

    /// What is asked of two.
    private static final List<BiFunction<Path, Path, Object>> OF_TWO = List.of(
            (one, other) -> one.resolve(other).toString(),
            (one, other) -> one.resolveSibling(other).toString(),
            Path::startsWith,
            Path::endsWith,
            Path::equals,
            (one, other) -> Integer.signum(one.compareTo(other)),
            (one, other) -> one.isAbsolute() == other.isAbsolute() && !(one + "/" + other).contains("..")
                    ? one.normalize().relativize(other.normalize()).toString()
                    : "not asked");

    @Test
    void answers_areThoseOfTheJdk() {
        for (String one : TEXTS) {
            assertThat(disk.path(one)).hasToString(Path.of(one).toString());
            for (Function<Path, Object> question : QUESTIONS) {
                assertThat(question.apply(disk.path(one))).as(one).isEqualTo(question.apply(Path.of(one)));
            }
            for (String other : TEXTS) {
                for (BiFunction<Path, Path, Object> question : OF_TWO) {
                    assertThat(question.apply(disk.path(one), disk.path(other)))
                            .as("question %d of '%s' and '%s'", OF_TWO.indexOf(question), one, other)
                            .isEqualTo(question.apply(Path.of(one), Path.of(other)));
                }
            }
        }
    }

    @Test
    void copy_toAndFromAnotherFileSystem_keepsTheBytes(@TempDir Path real) throws Exception {
        Path folder = Files.createDirectories(disk.path("/a/b/c"));
        Path file = Files.writeString(folder.resolve("f"), "what a failing test leaves behind");
        Files.copy(file, real.resolve("f"));
        Files.copy(real.resolve("f"), folder.resolve("g"));
        assertThat(Files.readAllLines(folder.resolve("g"))).containsExactly("what a failing test leaves behind");
    }

    @Test
    void attributes_sayTimeSizeAndKind() throws Exception {
        Path file = Files.writeString(disk.path("/f"), "four");
        Files.setLastModifiedTime(file, FileTime.fromMillis(5000));
        assertThat(Files.readAttributes(file, "size,lastModifiedTime,isRegularFile"))
                .containsEntry("size", 4L)
                .containsEntry("isRegularFile", true)
                .containsEntry("lastModifiedTime", FileTime.fromMillis(5000));
        assertThat(Files.readAttributes(file, "*")).hasSize(9);
        assertThat(Files.getFileStore(file).getTotalSpace()).isEqualTo(FaultyDisk.CAPACITY_BYTES);
    }
}
