package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.config.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random damage to valid files. `-Dweir.seed=N` replays a run.
class NodeConfigProperties {
    private static final int ROUNDS = Integer.getInteger("weir.rounds", 1000);
    private static final List<String> PIECES = List.of(
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
            "99999999999999999999d");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void load_withDamagedFile_neverThrowsAndPointsIntoTheFile() throws IOException {
        long seed = Long.getLong("weir.seed", System.nanoTime());
        System.out.println("NodeConfigProperties: weir.seed=" + seed + " weir.rounds=" + ROUNDS);
        Random random = new Random(seed);
        Shape shape = SampleShapes.file();
        List<String> samples = List.of(sample("greenhouse"), sample("small"), sample("blocks"));
        for (int round = 0; round < ROUNDS; round++) {
            String text = damaged(samples.get(random.nextInt(samples.size())), random);
            Path file = folder.resolve("node.yaml");
            Files.write(file, bytes(text, random));

            NodeConfig config = NodeConfig.load(file, Map.of("A", "x: y", "HOSTNAME", "h"), shape);

            String report = config.report().render();
            long lines = text.chars().filter(c -> c == '\n' || c == '\r').count() + 1;
            assertThat(config.problems().all())
                    .as("seed %d, round %d:%n%s", seed, round, text)
                    .allSatisfy(problem -> {
                        assertThat(problem.location().file()).isEqualTo(file.toString());
                        assertThat((long) problem.location().line()).isBetween(1L, lines);
                        assertThat(problem.location().column()).isBetween(1, 1000);
                        assertThat(report).contains(problem.location().toString());
                    });
            assertThat(config.pipelines().keySet())
                    .isSubsetOf(config.root().groups("pipelines").keySet());
        }
    }

    private static String sample(String name) throws IOException {
        return Files.readString(Path.of("src/test/resources/samples", name + ".yaml"));
    }

    private static String damaged(String text, Random random) {
        StringBuilder out = new StringBuilder(text);
        for (int i = random.nextInt(4) + 1; i > 0 && !out.isEmpty(); i--) {
            int at = random.nextInt(out.length());
            int end = Math.min(out.length(), at + random.nextInt(12));
            switch (random.nextInt(5)) {
                case 0 -> out.delete(at, end);
                case 1 -> out.insert(at, PIECES.get(random.nextInt(PIECES.size())));
                case 2 -> out.replace(at, end, PIECES.get(random.nextInt(PIECES.size())));
                case 3 -> out.insert(random.nextInt(out.length()), out.substring(at, end));
                default -> out.setLength(Math.max(at, 1));
            }
        }
        return out.toString();
    }

    /// Now and then with a byte that is no UTF-8.
    private static byte[] bytes(String text, Random random) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 0 && random.nextInt(20) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }
}
