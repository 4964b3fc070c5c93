package dev.weir.engine.expression;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Runs all conformance cases of CEL. Each either passes, or [Exemptions] says why it does not,
/// and then it has to be as said.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConformanceTest {
    private final Map<Outcome, List<String>> outcomes = new EnumMap<>(Outcome.class);

    enum Outcome {
        PASSED,
        REFUSED,
        EXEMPT,
        FAILED
    }

    @BeforeAll
    void runAllCases() {
        for (ConformanceCase each : ConformanceCase.all()) {
            String result = each.failure();
            Outcome outcome = result.isEmpty() ? Outcome.PASSED : Exemptions.outcome(each, result);
            cases(outcome).add(each.id() + "  " + each.expression() + "\n      " + result);
        }
        outcomes.forEach((outcome, cases) -> System.out.println("CEL conformance: " + cases.size() + " " + outcome));
        Exemptions.report().forEach(line -> System.out.println("CEL conformance:   " + line));
    }

    private List<String> cases(Outcome outcome) {
        return outcomes.computeIfAbsent(outcome, _ -> new ArrayList<>());
    }

    @Test
    void compile_ofEveryCase_passesOrIsExemptForAReason() {
        assertThat(cases(Outcome.FAILED)).isEmpty();
    }

    @Test
    void compile_ofTheCoreSections_passesAlmostAll() {
        assertThat(cases(Outcome.PASSED)).hasSizeGreaterThan(1_490);
    }

    @Test
    void exemptions_thatAreListed_areNeeded() {
        assertThat(Exemptions.unused()).isEmpty();
    }
}
