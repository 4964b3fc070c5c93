package dev.weir.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.engine.stage.Stage;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

class ServiceSamplesTest {
    private final ServiceSamples samples = new ServiceSamples(new LongAdder(), new LongAdder());

    @Test
    void state_ofNothing_isZero() {
        assertThat(samples.state("s")).isEqualTo(new FlowState.Sampled("s", 0, 0, 0));
    }

    @Test
    void state_ofTimes_isTheirMeanAndDeviation() {
        for (long nanos :
                new long[] {2_000_000, 4_000_000, 4_000_000, 4_000_000, 5_000_000, 5_000_000, 7_000_000, 9_000_000}) {
            samples.add(nanos);
        }
        FlowState.Sampled state = samples.state("s");
        assertThat(state.readings()).isEqualTo(8);
        assertThat(state.meanNanos()).isEqualTo(5e6);
        assertThat(state.deviationNanos()).isCloseTo(Math.sqrt(32.0 / 7) * 1e6, within(1e-3));
    }

    @Test
    void flow_thatHasWorked_knowsTheTimesOfSegmentAndStages() throws Exception {
        try (var rig = new FlowRig()) {
            rig.sink("out", new Collector());
            rig.add(rig.draft("p")
                            .stage("first", (_, _) -> Stage.Verdict.PASS)
                            .stage("second", (_, _) -> Stage.Verdict.PASS))
                    .start();
            // 64 batches of at most 64, one of which is measured.
            for (int i = 0; i < 64 * 64; i++) {
                rig.send("a", "" + i);
            }
            rig.flush();
            FlowState.SegmentState segment =
                    rig.flow().state().pipelines().getFirst().segments().getFirst();
            long measured = segment.service().readings();
            assertThat(measured).isBetween(1L, 64L * 64 / 8);
            assertThat(segment.stageTimes()).hasSize(2).allSatisfy(stage -> {
                assertThat(stage.readings()).isEqualTo(measured);
                assertThat(stage.meanNanos())
                        .isPositive()
                        .isLessThan(segment.service().meanNanos());
            });
        }
    }
}
