package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ChaosScriptTest {
    private static final Map<String, List<String>> FAULTS =
            Map.of("stage", List.of("throw", "hang", "spin"), "sink", List.of("stall", "reset"));

    private static final Set<String> LASTING = Set.of("spin");

    @Test
    void of_theSameSeed_isTheSameScript() {
        Duration minute = Duration.ofMinutes(1);

        assertThat(ChaosScript.of(7, FAULTS, LASTING, minute)).isEqualTo(ChaosScript.of(7, FAULTS, LASTING, minute));
        assertThat(ChaosScript.of(7, FAULTS, LASTING, minute)).isNotEqualTo(ChaosScript.of(8, FAULTS, LASTING, minute));
    }

    @Test
    void of_anySeed_hasEveryFaultInTurnsAndHealsAtTheEnd() {
        for (long seed = 0; seed < 50; seed++) {
            ChaosScript script = ChaosScript.of(seed, FAULTS, LASTING, Duration.ofSeconds(20));
            FAULTS.forEach((part, faults) -> {
                List<String> own = script.steps().stream()
                        .filter(step -> step.part().equals(part))
                        .map(ChaosScript.Step::fault)
                        .collect(Collectors.toList());
                assertThat(own).containsAll(faults).endsWith(ChaosScript.HEALED);
                for (int i = 0; i < own.size(); i++) {
                    assertThat(own.get(i).equals(ChaosScript.HEALED)).isEqualTo(i % 2 == 1);
                }
            });
            assertThat(script.steps()).isSortedAccordingTo((a, b) -> Long.compare(a.atMillis(), b.atMillis()));
        }
    }
}
