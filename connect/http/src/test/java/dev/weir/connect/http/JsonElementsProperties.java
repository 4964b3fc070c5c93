package dev.weir.connect.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.ReadingJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Random lists are split into what they were made of, and damaged ones never into nonsense. A
/// failing seed replays with `-Dweir.seed=N`.
class JsonElementsProperties {
    private static final int ROUNDS = 20_000;
    private static final String LETTERS = "{}[]\",:\\\n ä€a1";

    private final long seed = Long.getLong("weir.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);

    @Test
    void split_randomList_givesItsElements() throws Exception {
        System.out.println("JsonElements: seed " + seed);
        for (int round = 0; round < ROUNDS; round++) {
            List<String> elements = new ArrayList<>();
            StringBuilder list = new StringBuilder(blank() + "[");
            int count = random.nextInt(1, 6);
            for (int i = 0; i < count; i++) {
                String element = object(3);
                elements.add(element);
                list.append(i == 0 ? "" : ",").append(blank()).append(element).append(blank());
            }
            list.append(']').append(blank());
            assertThat(split(list.toString()))
                    .as("seed %d round %d", seed, round)
                    .isEqualTo(elements);
        }
    }

    @Test
    void split_damagedList_givesRefusalOrObjects() {
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = ("[" + object(2) + "," + object(2) + "]").getBytes(StandardCharsets.UTF_8);
            int at = random.nextInt(bytes.length);
            bytes[at] = (byte) LETTERS.charAt(random.nextInt(9));
            int length = random.nextBoolean() ? bytes.length : random.nextInt(bytes.length);
            int[] last = {0};
            try {
                JsonElements.scan(bytes, length, (from, to) -> {
                    assertThat(bytes[from]).isEqualTo((byte) '{');
                    assertThat(from).isGreaterThanOrEqualTo(last[0]);
                    assertThat(to).isBetween(from + 1, length);
                    last[0] = to;
                });
            } catch (Refusal refused) {
                assertThat(refused.status).as("seed %d round %d", seed, round).isEqualTo(400);
            }
        }
    }

    private static List<String> split(String text) throws Refusal {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        List<String> parts = new ArrayList<>();
        JsonElements.scan(
                bytes,
                bytes.length,
                (from, to) -> parts.add(new String(bytes, from, to - from, StandardCharsets.UTF_8)));
        return parts;
    }

    private String blank() {
        return " \n\t\r".substring(0, random.nextInt(5));
    }

    private String object(int depth) {
        StringBuilder out = new StringBuilder("{");
        int fields = random.nextInt(4);
        for (int i = 0; i < fields; i++) {
            out.append(i == 0 ? "" : ",").append(text()).append(':').append(value(depth));
        }
        return out.append('}').toString();
    }

    private String value(int depth) {
        return switch (random.nextInt(depth > 0 ? 6 : 4)) {
            case 0 -> text();
            case 1 -> String.valueOf(random.nextDouble());
            case 2 -> "null";
            case 3 -> "true";
            case 4 -> object(depth - 1);
            default -> "[" + value(depth - 1) + "," + text() + "]";
        };
    }

    private String text() {
        StringBuilder raw = new StringBuilder();
        int length = random.nextInt(6);
        for (int i = 0; i < length; i++) {
            raw.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        StringBuilder out = new StringBuilder();
        ReadingJson.quote(out, raw.toString());
        return out.toString();
    }
}
