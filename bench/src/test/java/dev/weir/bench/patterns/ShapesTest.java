package dev.weir.bench.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every shape does its work, which it checks itself, and says what it measured.
@Timeout(60)
final class ShapesTest {
    private static final int SOME = 3_000;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pool-unbounded",
                "pool-50",
                "stages-short-one",
                "stages-short-four",
                "stages-long-one",
                "stages-long-four",
                "risk-loop",
                "risk-1",
                "risk-8",
                "risk-100",
                "risk-150",
                "clients-lock",
                "clients-channels",
                "merge-1000",
                "merge-8"
            })
    void run_small_measuresARate(String name) throws Exception {
        assertThat(PatternCell.shape(name).run(SOME).get("rate")).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"stages-wait-one", "stages-wait-four"})
    void run_ofWhatWaits_measuresARate(String name) throws Exception {
        assertThat(PatternCell.shape(name).run(20).get("rate")).isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "buffers-256-fresh",
                "buffers-256-pooled",
                "buffers-4096-fresh",
                "buffers-4096-pooled",
                "buffers-65536-fresh",
                "buffers-65536-pooled"
            })
    void run_ofBuffers_measuresAllocationAndLatency(String name) throws Exception {
        Map<String, Double> values = PatternCell.shape(name).run(200);
        assertThat(values).containsKeys("alloc", "cpu", "p99");
        assertThat(values.get("p99")).isPositive();
    }

    @Test
    void shape_withUnknownName_namesIt() {
        assertThatThrownBy(() -> PatternCell.shape("pool-49"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'pool-49'");
    }
}
