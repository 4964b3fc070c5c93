package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.config.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The table of mistakes in `mistakes.txt`: each file with exactly the problems that it must give.
class MistakesTest {
    private static final Map<String, String> ENVIRONMENT =
            Map.of("TOKEN", "s3cr3t", "PORT", "1884", "BAD_PORT", "s3cr3t-port", "EMPTY", "");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    /// A file and what is expected of it.
    record Mistake(String name, String yaml, List<String> expected) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Mistake> mistakes() throws IOException {
        return mistakes("/mistakes.txt");
    }

    static List<Mistake> planMistakes() throws IOException {
        return mistakes("/plan-mistakes.txt");
    }

    private static List<Mistake> mistakes(String table) throws IOException {
        try (InputStream in = Objects.requireNonNull(MistakesTest.class.getResourceAsStream(table))) {
            String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Stream.of(all.split("(?m)^=== "))
                    .skip(1)
                    .map(MistakesTest::mistake)
                    .toList();
        }
    }

    private static Mistake mistake(String text) {
        int end = text.indexOf('\n');
        List<String> yaml = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (String line : text.substring(end + 1).split("\n", -1)) {
            if (line.startsWith(">>> ")) {
                expected.add(line.substring(4));
            } else {
                yaml.add(line);
            }
        }
        String content = String.join("\n", yaml).stripTrailing() + "\n";
        return new Mistake(text.substring(0, end), content.replace("→", "\t").replace("␇", "\u0007"), expected);
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void load_withMistakes_tellsEachWithItsPlaceAndNothingElse(Mistake mistake) throws IOException {
        Path file = Files.writeString(folder.resolve("node.yaml"), mistake.yaml());

        check(mistake, NodeConfig.load(file, ENVIRONMENT, SampleShapes.file()));
    }

    /// What only shows when the real parts are put together: expressions, topics, templates,
    /// actions, the budget.
    @ParameterizedTest
    @MethodSource("planMistakes")
    void of_withMistakes_tellsEachWithItsPlaceAndNothingElse(Mistake mistake) throws IOException {
        Path file = Files.writeString(folder.resolve("node.yaml"), mistake.yaml());

        check(mistake, NodePlan.of(NodePlan.load(file, ENVIRONMENT)).config());
    }

    private static void check(Mistake mistake, NodeConfig config) {
        List<String> found =
                config.problems().all().stream().map(MistakesTest::line).toList();
        assertThat(String.join("\n", found)).isEqualTo(String.join("\n", mistake.expected()));
        assertThat(config.report().render()).doesNotContain("s3cr3t");
        boolean errors = mistake.expected().stream().anyMatch(line -> line.contains(": error: "));
        assertThat(config.report().exitCode()).isEqualTo(errors ? 1 : 0);
    }

    @Test
    void mistakes_areManyAndDifferent() throws IOException {
        List<Mistake> mistakes = mistakes();

        assertThat(mistakes).hasSizeGreaterThanOrEqualTo(40);
        assertThat(mistakes.stream().map(Mistake::name).collect(Collectors.toSet()))
                .hasSameSizeAs(mistakes);
    }

    private static String line(Problem problem) {
        return problem.location().line() + ":" + problem.location().column() + ": "
                + problem.severity().name().toLowerCase(Locale.ROOT) + ": " + problem.message();
    }
}
