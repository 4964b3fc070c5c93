package dev.weir.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The frame finds what it is for.
class FuzzTest {
    private static final AtomicReference<byte[]> KEPT = new AtomicReference<>();

    @Test
    void run_readerThatThrows_isFoundWithItsInput() {
        assertThatThrownBy(() -> Fuzz.of("self-throws").seeds("abcdef").run(input -> {
                    if (input.length > 2 && input[1] != 'b') {
                        throw new IllegalStateException("a defect");
                    }
                    return "fine";
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContainingAll("a defect", "-Dweir.seed=", "target/fuzz/self-throws");
    }

    @Test
    void run_readerThatTakesWhatIsAnnounced_isFound() {
        assertThatThrownBy(() -> Fuzz.of("self-grows")
                        .seeds("9")
                        .allocating(100_000, 10)
                        .run(input -> {
                            KEPT.set(new byte[input.length > 3 ? 1_000_000 : 1]);
                            return input.length;
                        }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("bytes of memory, the limit is");
    }

    @Test
    void keep_ofWhatWasFound_isReadBack(@TempDir Path folder) throws Exception {
        FuzzCorpus corpus = new FuzzCorpus(folder, "self");
        Files.createDirectories(folder.resolve("self"));
        Files.write(folder.resolve("self/what-failed.bin"), new byte[] {9});

        corpus.keep(List.of(new byte[] {1, 2}, new byte[] {(byte) 0xff}, new byte[4096]));
        corpus.keep(List.of(new byte[] {1, 2}, new byte[] {3}));

        assertThat(corpus.read())
                .containsExactly(new byte[] {9}, new byte[] {(byte) 0xff}, new byte[] {1, 2}, new byte[] {3});
    }
}
