package dev.weir.engine.stage;

import dev.weir.engine.Reading;
import dev.weir.engine.expression.EvaluationException;
import dev.weir.engine.expression.Expression;

/// Lets readings pass for which a condition holds; the others end here.
record Filter(Expression condition) implements Stage {
    @Override
    public Verdict apply(Reading reading, Emitter emitter) {
        try {
            return condition.test(reading) ? Verdict.PASS : Verdict.FILTERED;
        } catch (EvaluationException e) {
            throw Formulas.failed(condition, e, reading);
        }
    }
}
