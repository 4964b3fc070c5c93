package dev.weir.engine.stage;

import dev.weir.engine.Reading;
import dev.weir.engine.config.Location;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section.Located;
import dev.weir.engine.expression.EvaluationException;
import dev.weir.engine.expression.Expression;
import dev.weir.engine.expression.ExpressionException;
import dev.weir.engine.expression.Problem;
import dev.weir.engine.expression.Scope;
import dev.weir.engine.expression.Type;
import dev.weir.engine.expression.Variable;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// Expressions of a configuration file: compiled with every mistake noted where it stands, and
/// evaluated with every failure as a [StageException].
public final class Formulas {
    private Formulas() {}

    /// Compiles an expression; empty when it has mistakes, which are then in `problems`.
    ///
    /// @param expected the type it must have; [Type#DYN] for any
    public static Optional<Expression> compile(Located<String> formula, Scope scope, Type expected, Problems problems) {
        try {
            return Optional.of(Expression.compile(formula.value(), scope, expected));
        } catch (ExpressionException e) {
            report(formula, e, problems);
            return Optional.empty();
        }
    }

    /// Notes every mistake of an expression at its place in the file.
    static void report(Located<String> formula, ExpressionException mistakes, Problems problems) {
        for (Problem problem : mistakes.problems()) {
            Location place = formula.location()
                    .inside(formula.value(), problem.position().offset());
            problems.error(place, problem.message());
        }
    }

    /// What an evaluation that failed makes of its reading.
    public static StageException failed(Expression expression, EvaluationException failure, Reading reading) {
        return failed(expression.source(), expression.variables(), failure, reading);
    }

    static StageException failed(
            String source, List<Variable> variables, EvaluationException failure, Reading reading) {
        return new StageException(
                word(failure), "'" + source + "': " + failure.getMessage() + values(variables, reading));
    }

    /// The counted word for a failure: `no-such-field`, `overflow`, …
    public static String word(EvaluationException failure) {
        return switch (failure.reason()) {
            case NO_SUCH_FIELD -> "no-such-field";
            case NO_SUCH_OVERLOAD -> "wrong-type";
            case NO_SUCH_KEY, INDEX, OVERFLOW, DIVISION_BY_ZERO, INVALID, LIMIT ->
                failure.reason().name().toLowerCase(Locale.ROOT).replace('_', '-');
        };
    }

    /// ` (temperature = 91.5, device = m-1)`: what the expression read, for people.
    static String values(List<Variable> variables, Reading reading) {
        if (variables.isEmpty()) {
            return "";
        }
        return variables.stream()
                .map(variable -> variable.name()
                        + (reading.has(variable.slot())
                                ? " = " + shortened(String.valueOf(reading.value(variable.slot())))
                                : " is absent"))
                .collect(Collectors.joining(", ", " (", ")"));
    }

    private static String shortened(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }
}
