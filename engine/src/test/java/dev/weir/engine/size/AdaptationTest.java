package dev.weir.engine.size;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.size.Adaptation.Change;
import dev.weir.engine.size.Adaptation.Limits;
import dev.weir.engine.size.Adaptation.Look;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AdaptationTest {
    private static final long WINDOW = 10_000_000_000L;

    private final Random random = new Random(7);
    private final Adaptation adaptation = new Adaptation(new Limits(2, 8, 2, WINDOW));
    private int workers = 2;
    private final List<Change> changes = new ArrayList<>();

    // what has been until now
    private long nanos;
    private long arrived;
    private long samples;
    private double sum;
    private double squares;

    /// Lets windows pass under a load whose figures differ by chance, as measured ones do.
    private void pass(int windows, double perSecond, double serviceNanos, double stageShare, boolean crowded) {
        for (int i = 0; i < windows; i++) {
            look(stageShare * serviceNanos, crowded);
            nanos += WINDOW;
            arrived += Math.round(perSecond * 10 * (1 + 0.03 * random.nextGaussian()));
            for (int sample = 0; sample < 200; sample++) {
                double time = serviceNanos * (0.5 + random.nextDouble());
                samples++;
                sum += time;
                squares += time * time;
            }
        }
        look(stageShare * serviceNanos, crowded);
    }

    private void look(double stageNanos, boolean crowded) {
        double mean = samples == 0 ? 0 : sum / samples;
        double deviation = samples < 2 ? 0 : Math.sqrt(Math.max(0, squares - samples * mean * mean) / (samples - 1));
        Optional<Change> change =
                adaptation.look(new Look(nanos, workers, arrived, crowded, samples, mean, deviation, stageNanos));
        change.ifPresent(made -> {
            workers = made.workers();
            changes.add(made);
        });
    }

    @Test
    void look_underAConstantLoad_findsItsNumberAndStaysThere() {
        for (double busy : new double[] {0.3, 0.9, 1.5, 2.2, 3.7, 5.1}) {
            // A load of so many erlangs, for five minutes until it has settled and then an hour.
            pass(30, busy * 200, 5_000_000, 0.95, false);
            int settled = workers;
            changes.clear();
            pass(360, busy * 200, 5_000_000, 0.95, false);
            assertThat(changes).as("changes at %s erlangs", busy).isEmpty();
            assertThat(settled).as("workers at %s erlangs", busy).isGreaterThan((int) busy);
        }
    }

    @Test
    void look_whenTheLoadRisesAndFalls_followsIt() {
        pass(10, 100, 5_000_000, 0.95, false);
        assertThat(workers).isEqualTo(2);
        pass(6, 800, 5_000_000, 0.95, false);
        assertThat(workers).isBetween(5, 8);
        pass(10, 100, 5_000_000, 0.95, false);
        assertThat(workers).isBetween(2, 3);
        assertThat(changes).extracting(Change::why).allMatch(why -> why.contains("/s of 5"));
    }

    @Test
    void look_whenThoseThereCannotDoIt_takesMoreAtOnce() {
        pass(1, 1_000, 5_000_000, 0.95, true);
        assertThat(workers).isGreaterThan(2);
        assertThat(changes.getFirst().why()).startsWith("those there cannot do it");
    }

    @Test
    void look_ofWorkThatComputes_staysWithTheProcessors() {
        pass(20, 300_000, 20_000, 0.95, true);
        assertThat(workers).isEqualTo(2);
    }

    @Test
    void look_whenTheTimeGoesIntoWaitingForTheSink_changesNothing() {
        pass(20, 1_000, 5_000_000, 0.1, true);
        assertThat(changes).isEmpty();
    }

    @Test
    void look_withoutSamples_changesNothing() {
        for (int i = 0; i < 100; i++) {
            nanos += WINDOW;
            arrived += 1_000_000;
            look(0, true);
        }
        assertThat(changes).isEmpty();
    }

    @Test
    void look_withinAWindow_changesNothing() {
        pass(1, 1_000, 5_000_000, 0.95, true);
        int before = workers;
        for (int i = 0; i < 9; i++) {
            nanos += WINDOW / 10;
            arrived += 10_000;
            samples += 100;
            sum += 100 * 5e6;
            squares += 100 * 25e12;
            look(5_000_000, true);
        }
        assertThat(workers).isEqualTo(before);
    }
}
