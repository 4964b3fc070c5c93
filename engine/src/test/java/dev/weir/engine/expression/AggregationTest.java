package dev.weir.engine.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AggregationTest {
    private static final Map<String, Aggregation.Function> FUNCTIONS = Map.of(
            "mean", new Aggregation.Function("mean", 1, Scalar.DOUBLE, Scalar.DOUBLE),
            "max", new Aggregation.Function("max", 1, Scalar.DOUBLE, Scalar.DOUBLE),
            "min", new Aggregation.Function("min", 1, Scalar.DOUBLE, Scalar.DOUBLE),
            "count", new Aggregation.Function("count", 0, Scalar.DYN, Scalar.INT));

    private final Fields fields = new Fields()
            .declare("temperature", Scalar.DOUBLE, 20.0)
            .dynamic("humidity", 60.0)
            .declare("seq", Scalar.INT, 4L)
            .declare("device", Scalar.STRING, "gh-1");

    private Aggregation compile(String source) {
        return Aggregation.compile(source, fields, FUNCTIONS);
    }

    @Test
    void compile_ofFormula_takesCallsApart() {
        Aggregation spread = compile("max(temperature) - min(temperature) + max( temperature )");
        assertThat(spread.calls()).extracting(call -> call.function().name()).containsExactly("max", "min");
        assertThat(spread.calls()).extracting(Aggregation.Call::slot).containsExactly(0, 1);
        Fields results = new Fields().declare("@0", Scalar.DOUBLE, 25.0).declare("@1", Scalar.DOUBLE, 5.0);
        assertThat(spread.formula().type()).isEqualTo(Scalar.DOUBLE);
        assertThat(spread.formula().real(results)).isEqualTo(45.0);
    }

    @Test
    void compile_ofArgument_isAnExpressionOverTheReading() {
        Aggregation mean = compile("mean(temperature * 2 + humidity)");
        Expression argument = mean.calls().getFirst().arguments().getFirst();
        assertThat(argument.real(fields)).isEqualTo(100.0);
        assertThat(argument.variables()).extracting(Variable::name).containsExactly("temperature", "humidity");
        assertThat(compile("mean(seq)")
                        .calls()
                        .getFirst()
                        .arguments()
                        .getFirst()
                        .real(fields))
                .isEqualTo(4.0);
    }

    @Test
    void compile_ofCallWithoutArguments_isInt() {
        Aggregation count = compile("count()");
        assertThat(count.formula().type()).isEqualTo(Scalar.INT);
        assertThat(count.calls().getFirst().arguments()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mean(max(temperature)) | 1:6: max() stands inside of another aggregate",
                "mean(temperature) > humidity | 1:21: the field 'humidity' stands outside of an aggregate",
                "mean(temprature) | 1:6: unknown name 'temprature', did you mean 'temperature'?",
                "mean() | 1:1: mean() takes 1 arguments, but has 0",
                "mean(device) | 1:6: expected an expression of type double, but this is string",
                "mea(temperature) + 1 | 1:1: unknown function 'mea'",
            })
    void compile_ofWrongFormula_tellsPlace(String source, String message) {
        assertThatThrownBy(() -> compile(source))
                .isInstanceOf(ExpressionException.class)
                .hasMessageContaining(message);
    }
}
