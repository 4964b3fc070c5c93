package dev.weir.engine.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegexTest {
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
                "[a",
                "\\1",
                "(?=a)",
                "(?<!a)",
                "\\",
                "a{3,2}",
                "[b-a]",
                "(?z)",
                "a{1001}",
                "(a{1000}){1000}",
                "((a{1000}){1000}){1000}",
                "(((){1000}){1000}){1000}["
            })
    void compile_ofWrongOrUnboundedPattern_isRefused(String pattern) {
        assertThatThrownBy(() -> Regex.compile(pattern)).isInstanceOf(EvaluationException.class);
    }

    @Test
    void compile_ofLongPattern_isRefused() {
        assertThatThrownBy(() -> Regex.compile("a".repeat(Limits.PATTERN_SOURCE + 1)))
                .hasMessageContaining("at most " + Limits.PATTERN_SOURCE + " characters");
    }

    @Test
    void find_ofPatternThatBacktracks_isLinear() {
        assertThat(Regex.compile("^(a+)+$").find("a".repeat(50_000) + "b")).isFalse();
        assertThatThrownBy(() -> Regex.compile("(x+x+){100}y").find("x".repeat(60_000)))
                .hasMessageContaining("more work");
    }
}
