package dev.weir.engine.expression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Compares with Google's implementation for Java on random expressions: the same value, or an
/// error from both.
class SecondOpinionProperties {
    private static final int EXPRESSIONS = 400;
    private static final String ERROR = "error";

    private final long seed = Long.getLong("weir.seed", System.nanoTime());
    private final CelCompiler compiler = CelCompilerFactory.standardCelCompilerBuilder()
            .addVar("t", SimpleType.DOUBLE)
            .addVar("h", SimpleType.DOUBLE)
            .addVar("n", SimpleType.INT)
            .addVar("m", SimpleType.INT)
            .addVar("s", SimpleType.STRING)
            .addVar("b", SimpleType.BOOL)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .build();
    private final CelRuntime runtime =
            CelRuntimeFactory.legacyCelRuntimeBuilder().build();
    private final List<Map<String, Object>> inputs = List.of(
            Map.of("t", 31.5, "h", -0.25, "n", 3L, "m", -7L, "s", "gh-1", "b", true),
            Map.of("t", 0.0, "h", 1e300, "n", 0L, "m", Long.MIN_VALUE, "s", "", "b", false),
            Map.of(
                    "t",
                    Double.NaN,
                    "h",
                    Double.NEGATIVE_INFINITY,
                    "n",
                    Long.MAX_VALUE,
                    "m",
                    1L,
                    "s",
                    "é😀",
                    "b",
                    true));

    @Test
    void value_ofRandomExpression_isThatOfCelJava() throws CelValidationException {
        System.out.println("SecondOpinionProperties: -Dweir.seed=" + seed);
        RandomSource sources = new RandomSource(new Random(seed));
        for (int i = 0; i < EXPRESSIONS; i++) {
            Type type = List.of(Scalar.BOOL, Scalar.DOUBLE, Scalar.INT, Scalar.STRING)
                    .get(i % 4);
            String source = sources.of(type, 1 + i % 4);
            if (source.length() < 1000) {
                compare(source);
            }
        }
    }

    private void compare(String source) throws CelValidationException {
        var ast = compiler.compile(source).getAst();
        for (Map<String, Object> input : inputs) {
            Object expected;
            try {
                expected = runtime.createProgram(ast).eval((String name) -> fresh(input.get(name)));
            } catch (CelEvaluationException _) {
                expected = ERROR;
            }
            String with = source + " with " + input;
            assertThat(ours(source, input, true)).as(with).isEqualTo(expected);
            assertThat(ours(source, input, false)).as("undeclared: " + with).isEqualTo(expected);
        }
    }

    /// Another object with each look: cel-java takes what is the same object for equal, even NaN,
    /// which the language does not.
    private static Optional<Object> fresh(@Nullable Object value) {
        return Optional.ofNullable(value instanceof Double number ? Double.valueOf(number.doubleValue()) : value);
    }

    private static Object ours(String source, Map<String, Object> input, boolean declared) {
        Fields fields = new Fields();
        input.forEach((name, value) -> fields.declare(name, declared ? Type.of(value) : Scalar.DYN, value));
        try {
            return fields.evaluate(source);
        } catch (EvaluationException _) {
            return ERROR;
        }
    }
}
