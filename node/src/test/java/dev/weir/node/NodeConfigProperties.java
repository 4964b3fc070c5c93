package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.config.Problem;
import dev.weir.engine.config.Shape;
import dev.weir.testkit.Fuzz;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Damage to valid files, whatever it is, is found and pointed at.
class NodeConfigProperties {
    private static final String[] PIECES = {
        ":",
        " ",
        "\n",
        "-",
        "{",
        "}",
        "[",
        "]",
        "\"",
        "'",
        "#",
        "*a",
        "&a",
        "!t",
        "|",
        ">",
        "\t",
        "${A}",
        "${",
        "$${",
        "null",
        "~",
        "? ",
        "<<: ",
        "---\n",
        "%YAML",
        "@",
        "`",
        "\u0000",
        "é",
        "\uD83D\uDE00",
        "1",
        "-1",
        "1e999",
        "10 sec",
        "hub",
        "store",
        "from: ",
        "  - ",
        ",",
        "\\",
        "\r",
        "\u2028",
        "window",
        "99999999999999999999d"
    };

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void load_withDamagedFile_neverThrowsAndPointsIntoTheFile() throws Exception {
        Shape shape = SampleShapes.file();
        Path file = folder.resolve("node.yaml");
        Fuzz.of("config")
                .seeds(sample("greenhouse"), sample("small"), sample("blocks"))
                .words(PIECES)
                .run(input -> {
                    Files.write(file, input);
                    return load(file, input, shape);
                });
    }

    private static Object load(Path file, byte[] input, Shape shape) {
        NodeConfig config = NodeConfig.load(file, Map.of("A", "x: y", "HOSTNAME", "h"), shape);

        String report = config.report().render();
        String text = new String(input, StandardCharsets.UTF_8);
        long lines = text.chars().filter(c -> c == '\n' || c == '\r').count() + 1;
        assertThat(config.problems().all()).allSatisfy(problem -> {
            assertThat(problem.location().file()).isEqualTo(file.toString());
            assertThat((long) problem.location().line()).isBetween(1L, lines);
            assertThat(problem.location().column()).isPositive();
            assertThat(report).contains(problem.location().toString());
        });
        assertThat(config.pipelines().keySet())
                .isSubsetOf(config.root().groups("pipelines").keySet());
        return config.problems().all().stream()
                .map(Problem::message)
                .findFirst()
                .orElse("good");
    }

    private static String sample(String name) throws IOException {
        return Files.readString(Path.of("src/test/resources/samples", name + ".yaml"));
    }
}
