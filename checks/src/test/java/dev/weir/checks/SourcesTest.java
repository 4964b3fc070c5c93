package dev.weir.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What class files do not show: sizes, unfinished work, skipped tests.
final class SourcesTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private record Source(Path file, List<String> lines) {}

    private static List<Source> sources() {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.toString().contains("/target/"))
                    .map(SourcesTest::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Source read(Path file) {
        try {
            return new Source(ROOT.relativize(file), Files.readAllLines(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void files_areFoundInEveryModule() {
        assertThat(sources().stream()
                        .map(source -> source.file.getName(0).toString())
                        .distinct())
                .contains("runtime", "engine", "connect", "node", "cli", "testkit", "checks", "bench");
    }

    @Test
    void files_stayBelowSixHundredLines() {
        assertThat(sources().stream()
                        .filter(source -> source.lines.size() > 600)
                        .map(Source::file))
                .isEmpty();
    }

    @Test
    void work_isFinished() {
        assertThat(occurrences("TO" + "DO", "FIX" + "ME", "X" + "XX")).isEmpty();
    }

    @Test
    void tests_areNotSkipped() {
        assertThat(occurrences("@Dis" + "abled", "@Ig" + "nore")).isEmpty();
    }

    private static List<String> occurrences(String... words) {
        return sources().stream()
                .flatMap(source -> source.lines.stream()
                        .filter(line -> Stream.of(words).anyMatch(line::contains))
                        .map(line -> source.file + ": " + line.strip()))
                .toList();
    }
}
