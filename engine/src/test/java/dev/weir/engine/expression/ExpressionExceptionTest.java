package dev.weir.engine.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionExceptionTest {
    private final Scope scope = Scope.of(
            new Variable("temperature", Scalar.DOUBLE, 0),
            new Variable("device", Scalar.STRING, 1),
            new Variable("serial_number", Scalar.INT, 2));

    private ExpressionException failure(String source, Type expected) {
        return catchThrowableOfType(ExpressionException.class, () -> Expression.compile(source, scope, expected));
    }

    @Test
    void formatted_ofSeveralProblems_showsEachWithItsLineAndCaret() {
        ExpressionException e = failure("temprature > 30 &&\n  devise == 'a' && size(1) > 0", Scalar.BOOL);
        assertThat(e.problems()).hasSize(3);
        assertThat(e.formatted()).isEqualTo("""
                1:1: unknown name 'temprature', did you mean 'temperature'?
                  | temprature > 30 &&
                  | ^
                2:3: unknown name 'devise', did you mean 'device'?
                  |   devise == 'a' && size(1) > 0
                  |   ^
                2:20: no size for (int), expected size(string), size(bytes), size(list(dyn)), size(map(dyn, dyn))
                  |   devise == 'a' && size(1) > 0
                  |                    ^""");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "temperature > 'hot' | 1:13: no operator '>' for double and string",
                "temperature + serial_number | 1:13: no operator '+' for double and int, convert one, as in double(x)",
                "device + 1 | 1:8: no operator '+' for string and int, convert one, as in string(x)",
                "temperature && true | 1:1: expected a condition (bool), but this is double",
                "device.startWith('a') | 1:8: unknown function 'startWith' of string, did you mean 'startsWith'?",
                "startsWith(device, 'a') | 1:1: unknown function 'startsWith', write it after its text or list: x.startsWith(…)",
                "serial-numbr | 1:1: unknown name 'serial'",
                "temperature = 3 | 1:13: unexpected character '=', equality is ==",
                "device == 'gh | 1:11: this string has no closing '",
                "temperature > | 1:14: expected a value, found the end",
                "device.matches('(') | 1:16: the pattern '(' is invalid: missing closing )",
                "Point{x: 1} == 1 | 1:6: protobuf messages are not part of the language here",
                "device.?name | 1:8: optional values are not part of the language here, use has()",
                "cel.bind(x, 1, x) | 1:5: cel.bind() is not part of the language here",
                "99999999999999999999 | 1:1: the number 99999999999999999999 does not fit an int",
                "temperature | 1:1: expected an expression of type bool, but this is double",
            })
    void message_ofWrongSource_saysWhereAndWhat(String source, String message) {
        assertThat(failure(source, Scalar.BOOL)).hasMessageContaining(message);
    }

    @Test
    void problems_ofHopelessSource_areBounded() {
        assertThat(failure("[" + "x,".repeat(1000) + "x]", Scalar.DYN).problems())
                .hasSize(Limits.PROBLEMS);
    }

    @Test
    void of_namesThatAreNear_findsTheNearest() {
        var names = java.util.List.of("temperature", "humidity", "dew_point", "max-queue");
        assertThat(NearestName.of("temprature", names)).contains("temperature");
        assertThat(NearestName.of("hmuidity", names)).contains("humidity");
        assertThat(NearestName.of("Dew-Point", names)).contains("dew_point");
        assertThat(NearestName.of("pressure", names)).isEmpty();
        assertThat(NearestName.hint("max_queue", names)).isEqualTo(", did you mean 'max-queue'?");
    }
}
