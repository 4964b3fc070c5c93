package dev.weir.engine.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegexTest {
    private static final String[] PIECES = {
        "a", "b", "c", ".", "^", "$", "*", "+", "?", "|", "(", ")", "(?:", "[ab]", "[^a]", "[a-c]", "\\d", "\\w", "\\b",
        "\\s", "{2}", "{1,2}", "{0,}", "B", "é", "\\.", "\\A", "\\z"
    };

    @ParameterizedTest
    @CsvSource({
        "gh-[0-9]+, gh-12, true",
        "^gh-[0-9]+$, xgh-12, false",
        "(?i)GH, gh, true",
        "'a{2,3}b', aab, true",
        "^(a|ab)(c|bcd)$, abcd, true",
        "\\bfan\\b, the fan on, true",
        "\\x41\\x{1F600}, A😀, true",
        "[^a-y], xyz, true",
        "[]x], ], true",
    })
    void find_ofPattern_isAsInRe2(String pattern, String text, boolean found) {
        assertThat(Regex.compile(pattern).find(text)).isEqualTo(found);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a",
                "a)",
                "*",
                "a**",
                "[a",
                "\\1",
                "(?=a)",
                "(?<!a)",
                "\\",
                "a{3,2}",
                "[b-a]",
                "\\pL",
                "(?z)",
                "((a{1000}){1000}){1000}",
                "(((){1000}){1000}){1000}["
            })
    void compile_ofWrongOrUnboundedPattern_isRefused(String pattern) {
        assertThatThrownBy(() -> Regex.compile(pattern)).isInstanceOf(EvaluationException.class);
    }

    @Test
    void find_ofPatternThatBacktracks_isLinear() {
        assertThat(Regex.compile("^(a+)+$").find("a".repeat(50_000) + "b")).isFalse();
        assertThatThrownBy(() -> Regex.compile("(x+x+){100}y").find("x".repeat(60_000)))
                .hasMessageContaining("more work");
    }

    /// `(?i)+`: RE2/J lets flags be repeated, RE2 itself and we refuse it.
    private static final Pattern REPEATED_FLAGS = Pattern.compile("\\(\\?[a-z]*\\)[*+?{]");

    @Test
    void find_ofRandomPattern_isThatOfRe2() {
        long seed = Long.getLong("weir.seed", System.nanoTime());
        System.out.println("RegexTest: -Dweir.seed=" + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder pattern = new StringBuilder(random.nextInt(4) == 0 ? "(?i)a" : "");
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(8); n >= 0; n--) {
                pattern.append(PIECES[random.nextInt(PIECES.length)]);
                text.append("abcBé1 .\n".charAt(random.nextInt(9)));
            }
            compare(pattern.toString(), text.toString());
        }
    }

    private static void compare(String pattern, String text) {
        if (REPEATED_FLAGS.matcher(pattern).find()) {
            return;
        }
        boolean expected;
        try {
            expected = Pattern.compile(pattern).matcher(text).find();
        } catch (PatternSyntaxException _) {
            assertThatThrownBy(() -> Regex.compile(pattern), pattern).isInstanceOf(EvaluationException.class);
            return;
        }
        assertThat(Regex.compile(pattern).find(text))
                .as(pattern + " in " + text)
                .isEqualTo(expected);
    }
}
