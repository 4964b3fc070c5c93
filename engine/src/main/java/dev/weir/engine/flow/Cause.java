package dev.weir.engine.flow;

import dev.weir.engine.expression.EvaluationException;
import dev.weir.engine.stage.Formulas;
import dev.weir.engine.stage.StageException;

/// What a stage or rule has thrown, in words.
final class Cause {
    /// For what nobody has foreseen.
    static final String STAGE_ERROR = "stage-error";

    private Cause() {}

    /// The counted word.
    static String reason(Throwable thrown) {
        return switch (thrown) {
            case StageException e -> e.reason();
            case EvaluationException e -> Formulas.word(e);
            default -> STAGE_ERROR;
        };
    }

    /// For people.
    static String detail(Throwable thrown) {
        return reason(thrown).equals(STAGE_ERROR) ? thrown.toString() : String.valueOf(thrown.getMessage());
    }
}
