package dev.weir.engine.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.engine.expression.EvaluationException.Reason;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Any source ends in an expression or an [ExpressionException], and any evaluation in a value or
/// an [EvaluationException].
class HostileSourceProperties {
    private static final String[] TOKENS = {
        "t",
        "n",
        "s",
        "b",
        "x",
        "1",
        "2.5",
        "3u",
        "'a'",
        "r'\\'",
        "b'\\xff'",
        "\"\"\"",
        "'",
        "true",
        "null",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        ".",
        "?",
        "+",
        "-",
        "*",
        "/",
        "%",
        "!",
        "&&",
        "||",
        "==",
        "<",
        ">=",
        "in",
        "has",
        "size",
        ".map(x,",
        ".all(x,",
        ".matches(",
        "'(a+)+$'",
        "math.abs",
        "type",
        "duration",
        "'1h'",
        "\\",
        "\n",
        "//",
        "é",
        "\uD83D",
        "`",
        "@0",
        "cel.bind"
    };

    private final long seed = Long.getLong("weir.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Fields fields = new Fields()
            .declare("t", Scalar.DOUBLE, 31.5)
            .declare("h", Scalar.DOUBLE, 0.5)
            .declare("n", Scalar.INT, 3L)
            .declare("m", Scalar.INT, 3L)
            .dynamic("s", "text")
            .dynamic("b", true);

    private void compileAndEvaluate(String source) {
        Expression expression;
        try {
            expression = Expression.compile(source, fields, Scalar.DYN);
        } catch (ExpressionException e) {
            assertThat(e.problems()).isNotEmpty();
            assertThat(e.formatted()).contains("^");
            return;
        }
        try {
            assertThat(expression.value(fields)).isNotNull();
        } catch (EvaluationException e) {
            assertThat(e.offset()).isBetween(0, source.length());
        }
    }

    @Test
    void compile_ofTokenSoup_endsInExpressionOrProblem() {
        System.out.println("HostileSourceProperties: -Dweir.seed=" + seed);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder soup = new StringBuilder();
            for (int n = random.nextInt(20); n >= 0; n--) {
                soup.append(TOKENS[random.nextInt(TOKENS.length)]).append(random.nextBoolean() ? " " : "");
            }
            compileAndEvaluate(soup.toString());
        }
    }

    @Test
    void compile_ofMutatedExpression_endsInExpressionOrProblem() {
        System.out.println("HostileSourceProperties: -Dweir.seed=" + seed);
        RandomSource sources = new RandomSource(random);
        for (int i = 0; i < 5_000; i++) {
            StringBuilder source = new StringBuilder(sources.of(Scalar.BOOL, 1 + i % 4));
            for (int n = random.nextInt(4); n >= 0 && source.length() > 1; n--) {
                int at = random.nextInt(source.length());
                switch (random.nextInt(3)) {
                    case 0 -> source.deleteCharAt(at);
                    case 1 -> source.insert(at, TOKENS[random.nextInt(TOKENS.length)]);
                    default -> source.setCharAt(at, (char) random.nextInt(128));
                }
            }
            compileAndEvaluate(source.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(",
                "[",
                "{1:",
                "-",
                "!",
                "a.",
                "f(",
                "1+(",
                "true?",
                "true?1:",
                "[1].map(x,",
                "x.y",
                "b'",
                "1||(",
                "1+1+(1+1+"
            })
    void compile_ofDeepNesting_isRefused(String piece) {
        for (int times : List.of(65, 2000, 4000)) {
            String source = piece.repeat(Math.min(times, Limits.SOURCE / piece.length()));
            assertThatThrownBy(() -> Expression.compile(source, fields, Scalar.DYN))
                    .isInstanceOf(ExpressionException.class);
        }
    }

    @Test
    void compile_ofChains_isBoundedOnlyWhereItNests() {
        assertThat(Expression.compile("b || ".repeat(1500) + "b", fields, Scalar.BOOL)
                        .test(fields))
                .isTrue();
        assertThat(fields.evaluate("1" + " + 1".repeat(100))).isEqualTo(101L);
        assertThatThrownBy(() -> fields.evaluate("1" + "+1".repeat(3000))).hasMessageContaining("operators in a row");
        assertThatThrownBy(() -> fields.evaluate(
                        "(((n" + "+n".repeat(120) + ")" + "+n".repeat(120) + ")" + "+n".repeat(120) + ")"))
                .hasMessageContaining("levels of operators");
    }

    @Test
    void compile_ofLongSource_isRefused() {
        assertThatThrownBy(() -> fields.evaluate(" ".repeat(Limits.SOURCE) + "1"))
                .hasMessageContaining("at most 8192");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lists.range(200).all(x, lists.range(200).all(y, x + y >= 0))",
                "[1].map(x, lists.range(999) + lists.range(999)).map(x, x + x).map(x, x + x).map(x, x + x)",
                "[[1]].map(a,[a,a]).map(a,[a,a]).map(a,[a,a]).map(a,[a,a]).map(a,[a,a]).map(a,[a,a]).map(a,[a,a]).map(a,[a,a])"
                        + ".map(a,[a,a]).map(a,[a,a]).map(a,[a,a]).map(a,[a,a]).map(a,[a,a]).map(a,[a,a]).map(a,[a,a]).map(a,[a,a])",
                "['0123456789012345'].map(x, x.replace('', x)).map(x, x.replace('', x)).map(x, x.replace('', x)).size() > 0",
                "s.replace('', s).replace('', s + 'aaaaaaaaaaaa').replace('', 'bbbbbbbbbbbbbbbbbb').replace('', s + s + s + s + s)"
                        + ".replace('', s + s + s + s + s + s + s)",
                "lists.range(1000).map(x, lists.range(1000)) == []",
                "lists.range(1000000000) == []",
            })
    void value_ofTooMuchWork_isStopped(String source) {
        assertThatThrownBy(() -> fields.evaluate(source))
                .isInstanceOfSatisfying(
                        EvaluationException.class, e -> assertThat(e.reason()).isEqualTo(Reason.LIMIT));
    }
}
