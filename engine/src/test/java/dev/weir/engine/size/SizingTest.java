package dev.weir.engine.size;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.weir.engine.size.SizeChart.Measured;
import dev.weir.engine.size.Sizing.Load;
import dev.weir.engine.size.Sizing.Row;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SizingTest {
    private static Load load(double rate, double cv, Scalability law, Queueing queueing) {
        return new Load(rate, 1, ServiceTime.of(0.005, cv), law, queueing, OptionalInt.empty());
    }

    private static Row row(Sizing sizing, int workers) {
        return sizing.rows().get(workers - 1);
    }

    @Test
    void of_oneExponentialServer_hasExponentialResponse() {
        Row row = row(Sizing.of(load(120, 1, Scalability.LINEAR, Queueing.SHARED), 1), 1);
        double mean = 0.005 / 0.4;
        assertThat(row.utilisation()).isCloseTo(0.6, within(1e-9));
        assertThat(row.meanSeconds()).isCloseTo(mean, within(1e-9));
        assertThat(row.p50Seconds()).isCloseTo(mean * Math.log(2), within(mean * 0.01));
        assertThat(row.p99Seconds()).isCloseTo(mean * Math.log(100), within(mean * 0.02));
    }

    @Test
    void of_workersWithQueuesOfTheirOwn_isManyOfOneServer() {
        Row alone = row(Sizing.of(load(120, 1, Scalability.LINEAR, Queueing.SHARED), 1), 1);
        Row ten = row(Sizing.of(load(1200, 1, Scalability.LINEAR, Queueing.BY_DEVICE), 10), 10);
        assertThat(ten.p99Seconds()).isCloseTo(alone.p99Seconds(), within(1e-6));
        Row shared = row(Sizing.of(load(1200, 1, Scalability.LINEAR, Queueing.SHARED), 10), 10);
        assertThat(shared.p99Seconds()).isLessThan(ten.p99Seconds());
    }

    @Test
    void of_anyLoadWithoutCoherency_fallsAndThenStaysFlat() {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            Queueing queueing = random.nextBoolean() ? Queueing.SHARED : Queueing.BY_DEVICE;
            Load load = load(20 + random.nextInt(1500), random.nextDouble() * 2, Scalability.LINEAR, queueing);
            Sizing sizing = Sizing.of(load, 64);
            Row before = null;
            for (Row row : sizing.rows()) {
                assertThat(row.stable()).as("seed %d, %s", seed, row).isEqualTo(row.utilisation() < 1);
                if (before != null && before.stable()) {
                    assertThat(row.p99Seconds())
                            .as("seed %d, %s", seed, row)
                            .isLessThanOrEqualTo(before.p99Seconds() * 1.0001);
                    assertThat(row.meanSeconds()).isLessThanOrEqualTo(before.meanSeconds() * 1.0001);
                }
                before = row;
            }
            int sweet = sizing.sweetSpot().orElseThrow();
            assertThat(row(sizing, sweet).p99Seconds())
                    .isLessThanOrEqualTo(row(sizing, 64).p99Seconds() * 1.05);
            sizing.plateau().ifPresent(plateau -> {
                assertThat(plateau).isGreaterThanOrEqualTo(sweet);
                assertThat(row(sizing, 64).p99Seconds())
                        .isGreaterThan(row(sizing, plateau).p99Seconds() * 0.98);
            });
        }
    }

    @Test
    void of_loadAboveCapacity_isUnstableWithoutNumbers() {
        Sizing sizing = Sizing.of(load(1000, 1, Scalability.LINEAR, Queueing.SHARED), 8);
        assertThat(row(sizing, 5).utilisation()).isEqualTo(1);
        assertThat(row(sizing, 5).stable()).isFalse();
        assertThat(row(sizing, 5).p99Seconds()).isNaN();
        assertThat(row(sizing, 6).stable()).isTrue();
        Sizing none = Sizing.of(load(1000, 1, Scalability.LINEAR, Queueing.SHARED), 5);
        assertThat(none.sweetSpot()).isEmpty();
        assertThat(none.plateau()).isEmpty();
    }

    @Test
    void of_workersThatKeepEachOtherInStep_risesBehindTheSweetSpot() {
        Sizing sizing = Sizing.of(load(600, 1, new Scalability(0.01, 0.001), Queueing.SHARED), 64);
        int sweet = sizing.sweetSpot().orElseThrow();
        assertThat(sweet).isLessThan(20);
        assertThat(sizing.plateau().orElseThrow()).isLessThan(20);
        Row last = row(sizing, 64);
        assertThat(!last.stable() || last.p99Seconds() > 2 * row(sizing, sweet).p99Seconds())
                .isTrue();
    }

    @Test
    void of_fewDevices_isWorseThanMany() {
        Load many = load(1000, 0.5, Scalability.LINEAR, Queueing.BY_DEVICE);
        Load few = new Load(1000, 1, many.service(), Scalability.LINEAR, Queueing.BY_DEVICE, OptionalInt.of(20));
        Row row = row(Sizing.of(few, 16), 16);
        assertThat(row.busiest()).isGreaterThan(row.utilisation());
        assertThat(!row.stable()
                        || row.p99Seconds() > row(Sizing.of(many, 16), 16).p99Seconds())
                .isTrue();
        Load one = new Load(300, 1, many.service(), Scalability.LINEAR, Queueing.BY_DEVICE, OptionalInt.of(1));
        assertThat(Sizing.of(one, 64).sweetSpot()).isEmpty();
    }

    /// A queue simulated arrival by arrival (Lindley's recursion, with the earliest free server).
    @Test
    void of_simulatedQueue_hasItsMeanAndTail() {
        int servers = 6;
        double rate = 1000;
        Random random = new Random(42);
        double[] free = new double[servers];
        double[] responses = new double[400_000];
        double now = 0;
        for (int i = 0; i < responses.length; i++) {
            now -= Math.log(1 - random.nextDouble()) / rate;
            int first = 0;
            for (int s = 1; s < servers; s++) {
                first = free[s] < free[first] ? s : first;
            }
            double service = 0.0025 - 0.0025 * Math.log(1 - random.nextDouble());
            free[first] = Math.max(free[first], now) + service;
            responses[i] = free[first] - now;
        }
        double mean = java.util.Arrays.stream(responses).average().orElseThrow();
        java.util.Arrays.sort(responses);
        Row row = row(Sizing.of(load(rate, 0.5, Scalability.LINEAR, Queueing.SHARED), servers), servers);
        assertThat(row.meanSeconds()).isCloseTo(mean, within(mean * 0.06));
        assertThat(row.p99Seconds()).isCloseTo(responses[396_000], within(responses[396_000] * 0.1));
    }

    @Test
    void svg_hasBothCurvesAndMarksAndNoInfinity() {
        Sizing sizing = Sizing.of(load(1000, 1, Scalability.LINEAR, Queueing.SHARED), 32);
        String svg = SizeChart.svg("a < b", sizing, List.of(new Measured(8, 0.006, 0.03)));
        assertThat(svg)
                .startsWith("<svg ")
                .endsWith("</svg>\n")
                .contains("a &lt; b", "workers", "sweet spot: ", "plateau from ", "<circle", "10 ms")
                .doesNotContain("NaN", "Infinity");
        Sizing overloaded = Sizing.of(load(9000, 1, Scalability.LINEAR, Queueing.SHARED), 4);
        assertThat(SizeChart.svg("t", overloaded, List.of())).doesNotContain("NaN", "Infinity", "sweet spot");
    }

    @Test
    void of_nonsense_saysWhatIsAllowed() {
        assertThatThrownBy(() -> load(0, 1, Scalability.LINEAR, Queueing.SHARED))
                .hasMessageContaining("rate must be above 0");
        Load load = load(1, 1, Scalability.LINEAR, Queueing.SHARED);
        assertThatThrownBy(() -> Sizing.of(load, 0)).hasMessageContaining("between 1 and 1024");
    }
}
