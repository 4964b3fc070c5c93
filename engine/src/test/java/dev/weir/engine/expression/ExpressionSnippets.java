package dev.weir.engine.expression;

import java.util.List;
import java.util.Map;

/// The examples of the package's documentation.
final class ExpressionSnippets {
    private ExpressionSnippets() {}

    static boolean tooHot(Bindings reading) {
        // @start region="expression"
        Scope fields = Scope.of(
                new Variable("temperature", Scalar.DOUBLE, 0), // declared
                new Variable("valve", Scalar.DYN, 1)); // known when a reading comes
        Expression tooHot = Expression.compile("temperature > 30 && valve == 'open'", fields, Scalar.BOOL);
        return tooHot.test(reading);
        // @end
    }

    static List<Expression> spread(Scope fields) {
        // @start region="aggregation"
        Map<String, Aggregation.Function> functions = Map.of(
                "max", new Aggregation.Function("max", 1, Scalar.DOUBLE, Scalar.DOUBLE),
                "min", new Aggregation.Function("min", 1, Scalar.DOUBLE, Scalar.DOUBLE));
        Aggregation spread = Aggregation.compile("max(temperature) - min(temperature)", fields, functions);
        // Slot 0 of the bindings of spread.formula() is the result of max, slot 1 that of min.
        return spread.calls().stream()
                .flatMap(call -> call.arguments().stream())
                .toList();
        // @end
    }
}
