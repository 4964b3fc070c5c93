package dev.weir.engine.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.engine.expression.EvaluationException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionTest {
    private final Fields fields = new Fields()
            .declare("temperature", Scalar.DOUBLE, 31.5)
            .declare("count", Scalar.INT, 7L)
            .declare("device", Scalar.STRING, "gh-3")
            .declare("open", Scalar.BOOL, true)
            .absent("humidity", Scalar.DOUBLE)
            .dynamic("raw", 12.5)
            .dynamic("serial", 5L)
            .dynamic("label", "north")
            .dynamic("gone", 1.0);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "temperature > 30 | true",
                "30 < temperature | true",
                "temperature * 2 == 63 | true",
                "temperature - 1 / 2 | 31.5",
                "raw * 2 | 25.0",
                "raw > 12 && raw < 13 | true",
                "2 + raw / 5 | 4.5",
                "serial / 2 | 2",
                "serial > 4.5 | true",
                "count < 7.5 | true",
                "count == 7.0 | true",
                "-raw | -12.5",
                "-serial + 1 | -4",
                "label + '!' | north!",
                "has(humidity) | false",
                "has(temperature) | true",
                "has(humidity) ? humidity : temperature | 31.5",
                "open && temperature > 30.0 | true",
                "math.abs(0 - raw) | 12.5",
                "math.greatest(temperature, 40) | 40.0",
                "math.greatest(raw, 4) | 12.5",
                "double(count) + raw | 19.5",
                "raw in [1, 12.5] | true",
            })
    void value_ofExpression_isAsExpected(String source, String expected) {
        assertThat(Text.of(fields.evaluate(source)))
                .isEqualTo(expected.endsWith(".0") ? expected.substring(0, expected.length() - 2) : expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "humidity > 3.0 | NO_SUCH_FIELD | 0",
                "1 + count * 9223372036854775807 | OVERFLOW | 10",
                "count / (count - 7) | DIVISION_BY_ZERO | 6",
                "label > 3 | NO_SUCH_OVERLOAD | 6",
                "raw % 2 | NO_SUCH_OVERLOAD | 4",
                "serial * 2.5 | NO_SUCH_OVERLOAD | 0",
                "[1, 2][count] | INDEX | 6",
                "{'a': 1}[label] | NO_SUCH_KEY | 8",
                "int(label) | INVALID | 0",
            })
    void value_thatDoesNotExist_tellsReasonAndPlace(String source, Reason reason, int offset) {
        assertThatThrownBy(() -> fields.evaluate(source)).isInstanceOfSatisfying(EvaluationException.class, e -> {
            assertThat(e.reason()).isEqualTo(reason);
            assertThat(e.offset()).isEqualTo(offset);
            assertThat(e.getStackTrace()).isEmpty();
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "humidity > 3.0 || open",
                "open || humidity > 3.0",
                "!(!open && humidity > 3.0)",
                "!(humidity > 3.0 && !open)"
            })
    void test_ofTermThatFailsBesideOneThatDecides_isDecided(String source) {
        assertThat(fields.evaluate(source)).isEqualTo(true);
    }

    @Test
    void test_ofPredicate_readsWithoutBoxing() {
        Expression expression = Expression.compile("temperature > 30 && raw < 20", fields, Scalar.BOOL);
        assertThat(expression.test(fields)).isTrue();
        assertThat(expression.variables()).extracting(Variable::name).containsExactly("temperature", "raw");
    }

    @Test
    void real_ofIntegerExpression_converts() {
        assertThat(Expression.compile("30", fields, Scalar.DOUBLE).real(fields)).isEqualTo(30.0);
        assertThat(Expression.compile("count + 1", fields, Scalar.DOUBLE).real(fields))
                .isEqualTo(8.0);
    }

    /// A field beside a constant is compiled to a range; it has to be what comparing says.
    @Test
    void test_ofFieldBesideConstant_isTheComparison() {
        double[] numbers = {
            Double.NaN,
            Double.NEGATIVE_INFINITY,
            -1.5,
            -Double.MIN_VALUE,
            -0.0,
            0.0,
            Double.MIN_VALUE,
            1.5,
            Double.MAX_VALUE,
            Double.POSITIVE_INFINITY
        };
        for (Comparison operator : Comparison.values()) {
            for (double constant : numbers) {
                Field field = new Field(new Variable("x", Scalar.DOUBLE, 0), 0);
                Node node = Compare.of(operator, field, new Constant(constant, Scalar.DOUBLE, 0), 0);
                Node swapped = Compare.of(operator, new Constant(constant, Scalar.DOUBLE, 0), field, 0);
                for (double value : numbers) {
                    Fields reading = new Fields().declare("x", Scalar.DOUBLE, value);
                    String shown = value + " " + operator.sign + " " + constant;
                    assertThat(node.flag(reading)).as(shown).isEqualTo(operator.test(value, constant));
                    assertThat(swapped.flag(reading)).as("swapped " + shown).isEqualTo(operator.test(constant, value));
                }
            }
        }
    }
}
