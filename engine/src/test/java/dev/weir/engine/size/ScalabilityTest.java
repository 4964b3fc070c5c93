package dev.weir.engine.size;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.weir.engine.size.Scalability.Fit;
import dev.weir.engine.size.Scalability.Throughput;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScalabilityTest {
    private static List<Throughput> planted(Scalability law, double single, double noise, Random random) {
        List<Throughput> points = new ArrayList<>();
        for (int workers : new int[] {1, 2, 4, 8, 12, 16, 24, 32, 48, 64}) {
            double error = 1 + noise * random.nextGaussian();
            points.add(new Throughput(workers, error * single * workers / law.stretch(workers)));
        }
        return points;
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "0.05, 0", "0, 0.0005", "0.03, 0.0002", "0.3, 0.01"})
    void fit_ofExactThroughput_findsThePlantedLaw(double contention, double coherency) {
        Fit fit = Scalability.fit(planted(new Scalability(contention, coherency), 800, 0, new Random(1)));
        assertThat(fit.law().contention()).isCloseTo(contention, within(1e-6));
        assertThat(fit.law().coherency()).isCloseTo(coherency, within(1e-8));
        assertThat(fit.single()).isCloseTo(800, within(1e-3));
        assertThat(fit.worstError()).isLessThan(1e-6);
    }

    @Test
    void fit_ofNoisyThroughput_findsNearlyThePlantedLaw() {
        for (int seed = 0; seed < 50; seed++) {
            Fit fit = Scalability.fit(planted(new Scalability(0.05, 0.0004), 800, 0.02, new Random(seed)));
            assertThat(fit.law().contention()).as("seed %d", seed).isCloseTo(0.05, within(0.02));
            assertThat(fit.law().coherency()).as("seed %d", seed).isCloseTo(0.0004, within(0.0002));
            assertThat(fit.rmsError()).as("seed %d", seed).isBetween(0.003, 0.04);
            assertThat(fit.worstError()).as("seed %d", seed).isGreaterThanOrEqualTo(fit.rmsError());
        }
    }

    @Test
    void fit_ofThroughputThatGrowsFasterThanWorkers_isLinear() {
        Fit fit = Scalability.fit(
                List.of(new Throughput(1, 90), new Throughput(2, 200), new Throughput(4, 410), new Throughput(8, 830)));
        assertThat(fit.law()).isEqualTo(Scalability.LINEAR);
        assertThat(fit.rmsError()).isBetween(0.02, 0.1);
    }

    @Test
    void fit_ofTwoPoints_isRefused() {
        List<Throughput> two = List.of(new Throughput(1, 1), new Throughput(2, 2), new Throughput(2, 2.1));
        assertThatThrownBy(() -> Scalability.fit(two)).hasMessageContaining("three different numbers of workers");
    }

    @Test
    void new_withNonsense_saysWhatIsAllowed() {
        assertThatThrownBy(() -> new Scalability(-0.1, 0)).hasMessageContaining("between 0 and 1");
        assertThatThrownBy(() -> new Throughput(1, 0)).hasMessageContaining("a rate above 0");
    }
}
