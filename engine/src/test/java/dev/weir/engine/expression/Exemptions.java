package dev.weir.engine.expression;

import dev.weir.engine.expression.ConformanceTest.Outcome;
import java.util.List;

/// The cases that do not pass, and why.
final class Exemptions {
    private Exemptions() {}

    static Outcome outcome(ConformanceCase each, String result) {
        return Outcome.FAILED;
    }

    static List<String> unused() {
        return List.of();
    }
}
