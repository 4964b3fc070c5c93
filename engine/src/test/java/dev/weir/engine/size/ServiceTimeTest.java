package dev.weir.engine.size;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceTimeTest {
    private static final Erlang IDLE = Erlang.markov(1, 0, 1);

    /// Quantiles of chi-squared distributions, as tables print them; a gamma distribution of shape
    /// k / 2 and scale 2 is one with k degrees of freedom.
    @ParameterizedTest
    @CsvSource({"1, 3.841, 0.05", "2, 9.210, 0.01", "5, 11.070, 0.05", "10, 23.209, 0.01", "100, 124.342, 0.05"})
    void above_atQuantilesOfTheTables_isTheirShare(int freedom, double quantile, double share) {
        assertThat(GammaFunction.above(freedom / 2.0, quantile / 2)).isCloseTo(share, within(5e-5));
    }

    @ParameterizedTest
    @CsvSource({"0.3", "0.7", "1"})
    void respondsLaterThan_whereNobodyWaits_isTheServiceTimeItself(double cv) {
        ServiceTime service = ServiceTime.of(1, cv);
        double shape = 1 / (cv * cv);
        for (double x : new double[] {0.5, 1, 2}) {
            assertThat(service.respondsLaterThan(x, IDLE, 1))
                    .isCloseTo(GammaFunction.above(shape, shape * x), within(0.005));
        }
    }

    @ParameterizedTest
    @CsvSource({"0.01", "0.1", "0.5", "1", "1.5", "4", "10"})
    void of_anyVariation_hasThatMeanAndVariation(double cv) {
        ServiceTime service = ServiceTime.of(1, cv);
        double mean = 0;
        double squares = 0;
        double from = 0;
        for (double to = 1e-6; to < 1e5; to *= 1.002) {
            double later = service.respondsLaterThan((from + to) / 2, IDLE, 1);
            mean += later * (to - from);
            squares += later * (to * to - from * from);
            from = to;
        }
        assertThat(mean).isCloseTo(1, within(0.005));
        assertThat(Math.sqrt(Math.max(0, squares - mean * mean))).isCloseTo(cv, within(0.01 + cv * 0.02));
    }

    @Test
    void measured_ofManySamples_keepsMeanAndVariation() {
        Random random = new Random(7);
        double[] samples =
                random.doubles(50_000).map(u -> -0.003 * Math.log(1 - u)).toArray();
        ServiceTime service = ServiceTime.measured(samples);
        assertThat(service.meanSeconds()).isCloseTo(0.003, within(0.0001));
        assertThat(service.cv()).isCloseTo(1, within(0.03));
        assertThat(service.respondsLaterThan(0.003 * Math.log(100), IDLE, 1)).isCloseTo(0.01, within(0.002));
        assertThat(service.respondsLaterThan(0.006 * Math.log(100), IDLE, 2)).isCloseTo(0.01, within(0.002));
    }

    @Test
    void of_withNonsense_saysWhatIsAllowed() {
        assertThatThrownBy(() -> ServiceTime.of(0, 1)).hasMessageContaining("must be above 0");
        assertThatThrownBy(() -> ServiceTime.of(1, -1)).hasMessageContaining("between 0 and 10");
        assertThatThrownBy(() -> ServiceTime.measured(new double[0])).hasMessageContaining("above 0");
        assertThatThrownBy(() -> ServiceTime.measured(new double[] {-1, 3})).hasMessageContaining("from 0 on");
    }
}
