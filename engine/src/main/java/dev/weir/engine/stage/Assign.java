package dev.weir.engine.stage;

import dev.weir.engine.Reading;
import dev.weir.engine.Schema;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section.Located;
import dev.weir.engine.expression.EvaluationException;
import dev.weir.engine.expression.Expression;
import dev.weir.engine.expression.Scalar;
import dev.weir.engine.expression.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Sets fields of a reading from expressions (`map`), one after the other, so that a later one
/// sees what an earlier one has set.
///
/// When an expression fails the reading becomes a dead letter; what was set before it stays set.
final class Assign implements Stage {
    private final List<Assignment> assignments;

    private record Assignment(int slot, Type declared, Expression expression) {}

    private Assign(List<Assignment> assignments) {
        this.assignments = List.copyOf(assignments);
    }

    /// Compiles the assignments and declares the fields that are new, with the type of their
    /// expression, so that what follows in the pipeline can be checked against it.
    static Optional<Stage> compile(Map<String, Located<String>> formulas, StreamScope scope, Problems problems) {
        List<Assignment> assignments = new ArrayList<>();
        formulas.forEach(
                (name, formula) -> compile(name, formula, scope, problems).ifPresent(assignments::add));
        return assignments.size() == formulas.size() ? Optional.of(new Assign(assignments)) : Optional.empty();
    }

    private static Optional<Assignment> compile(
            String name, Located<String> formula, StreamScope scope, Problems problems) {
        Optional<String> objection = StreamScope.objection(name);
        if (objection.isPresent()) {
            problems.error(formula.location(), objection.get());
            return Optional.empty();
        }
        Schema schema = scope.schema();
        Type declared = schema.slot(name) == Schema.NONE ? Scalar.DYN : typeOf(name, scope);
        Optional<Expression> compiled = Formulas.compile(formula, scope, declared, problems);
        if (compiled.isEmpty()) {
            return Optional.empty();
        }
        Expression expression = compiled.get();
        if (!StreamScope.fits(expression.type())) {
            problems.error(
                    formula.location(),
                    "a field holds a double, int, bool or string, but this is " + expression.type());
            return Optional.empty();
        }
        if (schema.slot(name) == Schema.NONE && schema.size() < Schema.MAX_FIELDS) {
            schema.declare(new Schema.Field(name, StreamScope.fieldType(expression.type()), null));
        }
        int slot = schema.slot(name);
        if (slot == Schema.NONE) {
            problems.error(
                    formula.location(),
                    "stream '" + schema.stream() + "' has " + Schema.MAX_FIELDS + " fields already, which is the most");
            return Optional.empty();
        }
        return Optional.of(new Assignment(slot, declared, expression));
    }

    private static Type typeOf(String name, StreamScope scope) {
        var variable = scope.find(name);
        return variable == null ? Scalar.DYN : variable.type();
    }

    @Override
    public Verdict apply(Reading reading, Emitter emitter) {
        for (Assignment assignment : assignments) {
            try {
                set(reading, assignment);
            } catch (EvaluationException e) {
                throw Formulas.failed(assignment.expression, e, reading);
            }
        }
        return Verdict.PASS;
    }

    private static void set(Reading reading, Assignment assignment) {
        Expression expression = assignment.expression;
        int slot = assignment.slot;
        Type type = assignment.declared == Scalar.DYN ? expression.type() : assignment.declared;
        if (type == Scalar.DOUBLE) {
            reading.set(slot, expression.real(reading));
        } else if (type == Scalar.INT) {
            reading.set(slot, expression.whole(reading));
        } else if (type == Scalar.BOOL) {
            reading.set(slot, expression.test(reading));
        } else if (type == Scalar.STRING) {
            reading.set(slot, expression.text(reading));
        } else {
            Fields.set(reading, slot, expression.value(reading), expression.source());
        }
    }
}
