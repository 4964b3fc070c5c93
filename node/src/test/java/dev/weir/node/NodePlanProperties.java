package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever stands in a file, putting a node together tells what is wrong and does not throw.
class NodePlanProperties {
    private static final int ROUNDS = Boolean.getBoolean("weir.long") ? 20_000 : 1_000;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void of_withRandomMistakes_neverThrows() throws IOException {
        long seed = Long.getLong("weir.seed", System.nanoTime());
        System.out.println("NodePlanProperties: " + ROUNDS + " rounds, -Dweir.seed=" + seed);
        Random random = new Random(seed);
        List<String> files = new ArrayList<>(List.of(Motes.config()));
        MistakesTest.planMistakes().forEach(mistake -> files.add(mistake.yaml()));
        List<String> words = files.stream()
                .flatMap(text -> List.of(text.split("(?<=\\W)|(?=\\W)")).stream())
                .filter(word -> !word.isBlank())
                .toList();
        for (int i = 0; i < ROUNDS; i++) {
            String yaml = mutated(files.get(random.nextInt(files.size())), words, random);
            Path file = Files.writeString(folder.resolve("node.yaml"), yaml);

            assertThatCode(() -> NodePlan.of(NodePlan.load(file, Map.of())))
                    .as(yaml)
                    .doesNotThrowAnyException();
        }
    }

    /// One to three words are replaced or left out.
    private static String mutated(String text, List<String> words, Random random) {
        List<String> parts = new ArrayList<>(List.of(text.split("(?<=\\W)|(?=\\W)")));
        for (int n = random.nextInt(3); n >= 0; n--) {
            int place = random.nextInt(parts.size());
            while (parts.get(place).isBlank()) {
                place = (place + 1) % parts.size();
            }
            parts.set(place, random.nextInt(3) == 0 ? "" : words.get(random.nextInt(words.size())));
        }
        return String.join("", parts);
    }
}
