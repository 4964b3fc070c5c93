package dev.weir.engine.size;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErlangTest {
    /// Loads at which 1 % of the calls are lost, as tables of formula B print them.
    @ParameterizedTest
    @CsvSource({"1, 0.0101", "2, 0.153", "5, 1.36", "10, 4.46", "20, 12.0", "50, 37.9", "100, 84.1"})
    void lost_atLoadsOfTheTables_isOnePercent(int servers, double erlangs) {
        assertThat(Erlang.lost(servers, erlangs)).isCloseTo(0.01, within(0.0003));
    }

    @ParameterizedTest
    @CsvSource({
        // one server: the utilisation itself; two: u² * 2 / (1 + u)
        "1, 0.5, 0.5",
        "1, 0.9, 0.9",
        "2, 1, 0.333333",
        "2, 1.5, 0.642857",
        // by the sum of the definition, in fractions
        "3, 2, 0.444444",
        "5, 4, 0.554113",
        "10, 8, 0.409180"
    })
    void waiting_ofKnownQueues_isFormulaC(int servers, double erlangs, double expected) {
        assertThat(Erlang.markov(servers, erlangs, 1).waiting()).isCloseTo(expected, within(1e-5));
    }

    @Test
    void waiting_ofManyServers_neitherOverflowsNorVanishes() {
        double waiting = Erlang.markov(10_000, 9_900, 1).waiting();
        assertThat(waiting).isBetween(0.2, 0.3);
        assertThat(Erlang.lost(100_000, 50_000)).isZero();
    }

    @Test
    void meanResponse_ofOneServer_isServiceOverIdleShare() {
        Erlang queue = Erlang.markov(1, 80, 0.01);
        assertThat(queue.meanResponseSeconds()).isCloseTo(0.05, within(1e-12));
        assertThat(queue.waitsLongerThan(0.05)).isCloseTo(0.8 * Math.exp(-1), within(1e-12));
    }

    @Test
    void meanWait_ofConstantService_isHalfOfExponential() {
        double constant = new Erlang(1, 50, 0.01, 1, 0).meanWaitSeconds();
        assertThat(constant).isCloseTo(Erlang.markov(1, 50, 0.01).meanWaitSeconds() / 2, within(1e-12));
    }

    @ParameterizedTest
    @CsvSource({"1, 100, 0.01", "4, 500, 0.01"})
    void meanWait_atOrAboveCapacity_isInfinite(int servers, double rate, double seconds) {
        Erlang queue = Erlang.markov(servers, rate, seconds);
        assertThat(queue.stable()).isFalse();
        assertThat(queue.waiting()).isEqualTo(1);
        assertThat(queue.meanWaitSeconds()).isInfinite();
        assertThat(queue.waitsLongerThan(1e9)).isEqualTo(1);
    }

    @Test
    void meanWait_withoutArrivals_isZero() {
        assertThat(Erlang.markov(3, 0, 1).meanWaitSeconds()).isZero();
    }

    @Test
    void new_withNonsense_saysWhatIsAllowed() {
        assertThatThrownBy(() -> Erlang.markov(0, 1, 1)).hasMessageContaining("servers must be between 1 and 100000");
        assertThatThrownBy(() -> Erlang.markov(1, Double.NaN, 1)).hasMessageContaining("arrivalRate");
        assertThatThrownBy(() -> Erlang.markov(1, 1, 0)).hasMessageContaining("serviceSeconds must be above 0");
    }
}
