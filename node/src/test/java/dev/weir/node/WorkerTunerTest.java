package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.Message;
import dev.weir.engine.Meters;
import dev.weir.engine.Reading;
import dev.weir.engine.Schema;
import dev.weir.engine.Sink;
import dev.weir.engine.Tracer;
import dev.weir.engine.config.Location;
import dev.weir.engine.config.Problems;
import dev.weir.engine.flow.Commands;
import dev.weir.engine.flow.DeadLetters;
import dev.weir.engine.flow.Flow;
import dev.weir.engine.flow.FlowClock;
import dev.weir.engine.flow.FlowParts;
import dev.weir.engine.flow.FlowPlan;
import dev.weir.engine.flow.FlowState.SegmentState;
import dev.weir.engine.flow.LastValues;
import dev.weir.engine.flow.Live;
import dev.weir.engine.flow.Overflow;
import dev.weir.engine.flow.PipelinePlan;
import dev.weir.engine.flow.SinkPlan;
import dev.weir.engine.flow.SourcePlan;
import dev.weir.engine.flow.StagePlan;
import dev.weir.engine.flow.TopicPattern;
import dev.weir.engine.flow.Workforce;
import dev.weir.engine.stage.Stage;
import dev.weir.runtime.Lane;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The tuner over a flow whose stage waits, as nothing in a node's config does yet.
@Timeout(60)
class WorkerTunerTest {
    private static final FlowClock CLOCK = FlowClock.system();

    private static Flow flow() {
        var pattern = TopicPattern.parse("t/{device}", new Location("test", 1, 1), new Problems());
        var pipeline = new PipelinePlan(
                new Schema("p"),
                List.of("in"),
                pattern,
                (_, out) -> out.accept(out.blank()),
                List.of(StagePlan.of("wait", (_, _) -> {
                    LockSupport.parkNanos(1_000_000);
                    return Stage.Verdict.PASS;
                })),
                Workforce.adaptive(2, 256, Overflow.BLOCK),
                PipelinePlan.MAX_READING,
                Optional.empty(),
                List.of(),
                List.of("out"));
        var parts = new FlowParts(
                CLOCK,
                Meters.none(),
                new LastValues(LastValues.DEVICES),
                new DeadLetters(CLOCK, 10, 1 << 20, _ -> {}),
                new Commands(CLOCK, Meters.none(), (_, _, _) -> {}),
                new Live(),
                Tracer.none());
        return new Flow(
                new FlowPlan(
                        1,
                        List.of(new SourcePlan("in", Lane.SAMPLE)),
                        List.of(pipeline),
                        List.of(SinkPlan.of("out", new Nowhere())),
                        Map.of()),
                parts);
    }

    private static final class Nowhere implements Sink {
        @Override
        public void open() {}

        @Override
        public void write(List<Reading> batch) {}

        @Override
        public void close() {}
    }

    private static SegmentState segment(Flow flow) {
        return flow.state().pipelines().getFirst().segments().getFirst();
    }

    @Test
    void tuner_whileTheQueueIsFull_takesMoreWorkersAndSaysWhy() throws Exception {
        Flow flow = flow();
        flow.start();
        var tuner = new WorkerTuner(flow, CLOCK, Meters.none(), 2, Duration.ofMillis(200));
        Thread sender = Thread.ofVirtual().start(() -> {
            try {
                for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
                    flow.inlet("in").accept(Message.of("t/d" + i % 50, new byte[0]), _ -> {});
                }
            } catch (InterruptedException end) {
                Thread.currentThread().interrupt();
            }
        });
        NodeRig.await("there are more workers", () -> segment(flow).workers() > 2);
        sender.interrupt();
        sender.join();
        assertThat(segment(flow).resized()).hasValueSatisfying(change -> {
            assertThat(change.to()).isBetween(3, 8);
            assertThat(change.why()).contains("/s of");
        });
        tuner.close();
        assertThat(flow.close(Duration.ofSeconds(20))).isEmpty();
        assertThat(flow.ledger().balanced()).isTrue();
    }
}
