package dev.weir.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.Message;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class DeadLettersTest {
    private final ArrayList<DeadLetter> told = new ArrayList<>();

    private DeadLetters letters(int count, long bytes) {
        return new DeadLetters(FlowClock.system(), count, bytes, told::add);
    }

    private static void add(DeadLetters letters, byte[] payload) {
        letters.add("p", "in", "d", Message.of("t/d", payload), "malformed", "why", null);
    }

    @Test
    void add_beyondTheCount_forgetsTheOldestButTellsOfAll() {
        var letters = letters(3, 1 << 20);
        for (int i = 0; i < 5; i++) {
            add(letters, new byte[] {(byte) ('0' + i)});
        }
        assertThat(letters.all()).extracting(DeadLetter::excerpt).containsExactly("2", "3", "4");
        assertThat(told).hasSize(5);
    }

    @Test
    void add_beyondTheBytes_forgetsTheOldest() {
        var letters = letters(1000, 10_000);
        for (int i = 0; i < 100; i++) {
            add(letters, new byte[5000]);
        }
        assertThat(letters.all()).hasSizeBetween(1, 10);
    }

    @Test
    void add_longText_isCutBetweenCharacters() {
        var letters = letters(3, 1 << 20);
        add(letters, ("x" + "é".repeat(2000)).getBytes(StandardCharsets.UTF_8));
        assertThat(letters.all().getFirst().excerpt())
                .startsWith("xé")
                .endsWith("é")
                .hasSize(1 + (DeadLetters.EXCERPT - 1) / 2);
    }

    @Test
    void add_bytesThatAreNoText_areShownInHexadecimal() {
        var letters = letters(3, 1 << 20);
        add(letters, new byte[] {(byte) 0xC0, 0, 1});
        assertThat(letters.all().getFirst().excerpt()).isEqualTo("0xc00001");
    }

    @Test
    void add_listenerThatThrows_isContained() {
        var letters = new DeadLetters(FlowClock.system(), 3, 1 << 20, _ -> {
            throw new IllegalStateException("listener");
        });
        add(letters, new byte[1]);
        assertThat(letters.all()).hasSize(1);
    }
}
