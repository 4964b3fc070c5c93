package dev.weir.engine.stage;

import dev.weir.engine.Reading;
import dev.weir.engine.expression.EvaluationException;
import dev.weir.engine.expression.Expression;

/// Makes a dead letter (`invalid`) of a reading for which a condition does not hold.
record Validate(Expression condition) implements Stage {
    @Override
    public Verdict apply(Reading reading, Emitter emitter) {
        boolean holds;
        try {
            holds = condition.test(reading);
        } catch (EvaluationException e) {
            throw Formulas.failed(condition, e, reading);
        }
        if (!holds) {
            throw new StageException(
                    "invalid",
                    "'" + condition.source() + "' does not hold" + Formulas.values(condition.variables(), reading));
        }
        return Verdict.PASS;
    }
}
