package dev.weir.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.runtime.Lane;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ReadingJsonTest {
    private final Schema schema = new Schema("climate");
    private final long time = Instant.parse("2010-05-10T12:34:56Z").getEpochSecond() * 1_000_000_000L;

    private Reading reading() {
        return new Reading(schema, "mote-1", time + 500_000_000, time, "devices", 1, 1, Lane.SAMPLE);
    }

    @Test
    void text_withAllTypes_isOneObject() {
        Reading reading = reading();
        reading.set(schema.slotFor("temperature"), 27.97);
        reading.set(schema.slotFor("seq"), 7L);
        reading.set(schema.slotFor("on"), true);
        reading.set(schema.slotFor("note"), "a \"b\"");
        assertThat(ReadingJson.text(reading))
                .isEqualTo("{\"stream\":\"climate\",\"device\":\"mote-1\",\"time\":\"2010-05-10T12:34:56.5Z\","
                        + "\"received\":\"2010-05-10T12:34:56Z\",\"source\":\"devices\",\"fields\":{\"temperature\":27.97,\"seq\":7,"
                        + "\"on\":true,\"note\":\"a \\\"b\\\"\"}}");
    }

    @Test
    void text_withEmptySlots_leavesThemOut() {
        schema.slotFor("a");
        schema.slotFor("b");
        Reading reading = reading();
        reading.set(1, 1.0);
        assertThat(ReadingJson.text(reading)).endsWith("\"fields\":{\"b\":1.0}}");
    }

    @Test
    void text_withNumbersJsonCannotSay_hasNull() {
        Reading reading = reading();
        reading.set(schema.slotFor("a"), Double.NaN);
        reading.set(schema.slotFor("b"), Double.NEGATIVE_INFINITY);
        assertThat(ReadingJson.text(reading)).endsWith("{\"a\":null,\"b\":null}}");
    }

    @Test
    void bytes_ofSeveral_isAnArray() {
        String text = new String(ReadingJson.bytes(List.of(reading(), reading())), StandardCharsets.UTF_8);
        assertThat(text).startsWith("[{").contains("},{").endsWith("}]");
        assertThat(ReadingJson.bytes(List.of())).isEqualTo("[]".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void quote_withControlsAndSurrogates_isValidJson() {
        StringBuilder out = new StringBuilder();
        ReadingJson.quote(out, "\u0000\u001f\t\n\r\\\"é😀\ud800x\udc00\ud83d");
        assertThat(out).hasToString("\"\\u0000\\u001f\\t\\n\\r\\\\\\\"é😀\uFFFDx\uFFFD\uFFFD\"");
    }

    @Test
    void time_ofAnyNanosecond_isReadBackByTheJdk() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 200_000; i++) {
            long nanos = random.nextLong();
            StringBuilder out = new StringBuilder();
            ReadingJson.time(out, nanos);
            Instant back = Instant.parse(out);
            assertThat(back.getEpochSecond() * 1_000_000_000L + back.getNano())
                    .as("seed %d, %s", seed, out)
                    .isEqualTo(nanos);
        }
    }
}
