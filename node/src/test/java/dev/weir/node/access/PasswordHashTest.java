package dev.weir.node.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.testkit.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordHashTest {
    @TempDir
    Path folder;

    /// A vector of jBCrypt's tests.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i",
                "$2b$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i",
                "$2y$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i"
            })
    void matches_ofEachBcryptVersion_knowsThePassword(String text) {
        PasswordHash hash = PasswordHash.parse(text).orElseThrow();

        assertThat(hash.matches("abc".getBytes(UTF_8))).isTrue();
        assertThat(hash.matches("abd".getBytes(UTF_8))).isFalse();
        assertThat(hash.matches("".getBytes(UTF_8))).isFalse();
    }

    @Test
    void make_ofAPassword_isAHashThatMatchesIt() {
        String text = PasswordHash.make("correct horse".getBytes(UTF_8));
        PasswordHash hash = PasswordHash.parse(text).orElseThrow();

        assertThat(text).startsWith("$2b$10$");
        assertThat(hash.matches("correct horse".getBytes(UTF_8))).isTrue();
        assertThat(hash.matches("correct hors".getBytes(UTF_8))).isFalse();
        assertThat(PasswordHash.parse("$2y" + text.substring(3)).orElseThrow().matches("correct horse".getBytes(UTF_8)))
                .isTrue();
    }

    @Test
    void matches_ofMosquittosHash_knowsThePassword() throws Exception {
        Tool tool = Tool.require("mosquitto_passwd", "mosquitto");
        Path file = folder.resolve("passwd");
        Process process = tool.start("-b", "-c", file.toString(), "ann", "grüße");
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        String text = Files.readString(file).strip().substring("ann:".length());

        PasswordHash hash = PasswordHash.parse(text).orElseThrow();

        assertThat(text).startsWith("$7$");
        assertThat(hash.matches("grüße".getBytes(UTF_8))).isTrue();
        assertThat(hash.matches("grusse".getBytes(UTF_8))).isFalse();
        assertThat(hash.matches(new byte[] {(byte) 0xff, 1})).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "secret",
                "$2b$",
                "$2x$10$abcdefghijklmnopqrstuuZ0xPSNnZo8ozWGKOWfV4GCtQ6T8.zWi",
                "$2b$15$abcdefghijklmnopqrstuuZ0xPSNnZo8ozWGKOWfV4GCtQ6T8.zWi",
                "$2b$03$abcdefghijklmnopqrstuuZ0xPSNnZo8ozWGKOWfV4GCtQ6T8.zWi",
                "$6$abcd$abcd",
                "$7$9999999$AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="
            })
    void parse_ofWhatIsNoHash_orTakesTooLong_isEmpty(String text) {
        assertThat(PasswordHash.parse(text)).isEmpty();
    }

    @Test
    void make_ofWhatBcryptCutsOff_refuses() {
        assertThatThrownBy(() -> PasswordHash.make(new byte[0])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PasswordHash.make("x".repeat(73).getBytes(UTF_8)))
                .hasMessageContaining("72")
                .hasMessageContaining("73");
        assertThatThrownBy(() -> PasswordHash.make("a\0b".getBytes(UTF_8))).hasMessageContaining("NUL");
    }
}
