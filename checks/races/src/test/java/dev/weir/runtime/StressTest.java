package dev.weir.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Runs the tests of jcstress that are in this package: 100 ms twice for each, or, with `-Dweir.long=true`, all of
/// its JVM modes with split compilation. The report is in `target/jcstress`.
final class StressTest {
    private static final Path FOLDER = Path.of("target/jcstress").toAbsolutePath();
    private static final Pattern TALLY = Pattern.compile(
            "\\(Results: (\\d+) planned; (\\d+) passed, (\\d+) failed, (\\d+) soft errs, (\\d+) hard errs\\)");
    private static final Pattern FAILED = Pattern.compile("\\[FAILED] (\\S+)");
    private static final List<String> SHORT = List.of(
            "-m quick -f 1 -fsm 1 -iters 2 -time 100 -spinStyle THREAD_YIELD -sc false -af NONE -pth false -hs 64 -jvmArgs"
                    .split(" "));

    @Test
    void races_underStress_haveOnlyOutcomesThatAreListed() throws Exception {
        var output = run();

        assertThat(output).contains("RUN RESULTS");
        var failed = FAILED.matcher(output).results().map(match -> match.group(1));
        assertThat(failed.distinct())
                .as("all but the planted one pass: see the report in %s\n%s", FOLDER, tail(output))
                .containsExactly(PlantedStress.class.getName());
        var tally = last(TALLY, output);
        assertThat(tally.group(4) + tally.group(5))
                .as("errors\n%s", tail(output))
                .isEqualTo("00");
        assertThat(Long.parseLong(tally.group(1))).as("tests that ran").isGreaterThanOrEqualTo(listed());
        assertThat(Integer.parseInt(tally.group(2)) + Integer.parseInt(tally.group(3)))
                .as("tests that ended\n%s", tail(output))
                .isEqualTo(Integer.parseInt(tally.group(1)));
    }

    private static String run() throws IOException, InterruptedException {
        Files.createDirectories(FOLDER);
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "org.openjdk.jcstress.Main"));
        if (Boolean.getBoolean("weir.long")) {
            command.addAll(List.of("-m", "default", "-hs", "256"));
        } else {
            command.addAll(SHORT);
            command.add("-Xmx256m -XX:+UseSerialGC");
        }
        var log = FOLDER.resolve("output.txt");
        var process = new ProcessBuilder(command)
                .directory(FOLDER.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(process.waitFor(4, TimeUnit.HOURS)).isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return Files.readString(log);
    }

    private static long listed() throws IOException {
        try (var list = Objects.requireNonNull(StressTest.class.getResourceAsStream("/META-INF/TestList"))) {
            return new String(list.readAllBytes(), UTF_8).lines().count();
        }
    }

    private static MatchResult last(Pattern pattern, String text) {
        return pattern.matcher(text).results().reduce((before, after) -> after).orElseThrow();
    }

    private static String tail(String output) {
        return output.substring(Math.max(0, output.length() - 4000));
    }
}
