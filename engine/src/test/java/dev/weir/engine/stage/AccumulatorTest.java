package dev.weir.engine.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class AccumulatorTest {
    private static Object result(Accumulator accumulator, double... numbers) {
        for (int i = 0; i < numbers.length; i++) {
            accumulator.add(numbers[i], null, i);
        }
        Object result = accumulator.result();
        return result == null ? "none" : result;
    }

    @Test
    void sum_numbersOfVeryDifferentSize_keepsTheSmallOnes() {
        assertThat(result(new Accumulator.Sum(false), 1e16, 1, 1, -1e16)).isEqualTo(2.0);
    }

    @Test
    void mean_aMillionTenths_isExactToTheLastDigits() {
        Accumulator mean = new Accumulator.Sum(true);
        for (int i = 0; i < 1_000_000; i++) {
            mean.add(0.1, null, i);
        }
        assertThat(mean.result()).isEqualTo(0.1);
    }

    @Test
    void deviation_largeMean_doesNotLoseTheDigits() {
        double offset = 1e9;
        Object deviation = result(new Accumulator.Deviation(), offset + 4, offset + 7, offset + 13, offset + 16);
        assertThat((Double) deviation).isEqualTo(Math.sqrt(30), within(1e-9));
    }

    @Test
    void deviation_singleValue_isNone() {
        assertThat(result(new Accumulator.Deviation(), 5)).isEqualTo("none");
    }

    @Test
    void extreme_withNotANumber_leavesItOut() {
        assertThat(result(new Accumulator.Extreme(true), Double.NaN, 1, Double.NaN, 3))
                .isEqualTo(3.0);
        assertThat(result(new Accumulator.Extreme(false), Double.NaN)).isEqualTo("none");
    }

    @Test
    void sum_infinite_isInfinite() {
        assertThat(result(new Accumulator.Sum(false), 1, Double.POSITIVE_INFINITY))
                .isEqualTo(Double.POSITIVE_INFINITY);
    }

    @Test
    void edge_outOfOrder_goesByEventTime() {
        Accumulator first = new Accumulator.Edge(false);
        Accumulator last = new Accumulator.Edge(true);
        for (Accumulator edge : new Accumulator[] {first, last}) {
            edge.add(0, "b", 5);
            edge.add(0, "a", 1);
            edge.add(0, "c", 5);
            edge.add(0, null, 9);
        }
        assertThat(first.result()).isEqualTo("a");
        assertThat(last.result()).isEqualTo("c");
    }
}
