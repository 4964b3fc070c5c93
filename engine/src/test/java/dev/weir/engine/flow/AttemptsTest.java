package dev.weir.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.Reading;
import dev.weir.engine.Sink;
import dev.weir.engine.flow.AttemptPlan.Breaking;
import dev.weir.engine.flow.AttemptPlan.Retry;
import dev.weir.engine.flow.FlowState.SinkState;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AttemptsTest {
    private static final Duration SHORT = Duration.ofMillis(1);
    private static final Duration NEVER = Duration.ofHours(1);

    private final Collector out = new Collector();

    private static AttemptPlan retrying(OptionalInt attempts, Duration delay, OptionalDouble budget) {
        return new AttemptPlan(new Retry(attempts, delay, delay, budget), Optional.empty(), Optional.empty());
    }

    private static AttemptPlan breaking(int failures, Duration open) {
        return new AttemptPlan(
                new Retry(OptionalInt.empty(), SHORT, SHORT, OptionalDouble.empty()),
                Optional.of(new Breaking(failures, open, 1)),
                Optional.empty());
    }

    private FlowRig start(Sink sink, int queue, Overflow overflow, AttemptPlan attempts) throws Exception {
        var rig = new FlowRig().sink("out", sink, queue, overflow, attempts);
        return rig.add(rig.draft("p")).start();
    }

    private static SinkState state(FlowRig rig) {
        return rig.flow().state().sinks().getFirst();
    }

    @Test
    void write_failingMoreOftenThanAllowed_makesDeadLettersAndGoesOn() throws Exception {
        out.failing(3);
        try (var rig = start(out, 64, Overflow.BLOCK, retrying(OptionalInt.of(3), SHORT, OptionalDouble.empty()))) {
            rig.send("a", "1");
            rig.flush();
            rig.send("a", "2");
            rig.flush();

            assertThat(out.numbers("a")).containsExactly(2L);
            assertThat(out.attempts()).isEqualTo(4);
            assertThat(rig.line("p").deadLettered()).isEqualTo(Map.of("gave-up", 1L));
            assertThat(rig.deadLetters.all())
                    .singleElement()
                    .extracting(DeadLetter::detail)
                    .asString()
                    .contains("sink out: attempt 3: ", "told to fail");
            assertThat(state(rig)).returns(2L, SinkState::retries).returns("", SinkState::trouble);
        }
    }

    @Test
    void write_failingWithinWhatIsAllowed_losesNothing() throws Exception {
        out.failing(2);
        try (var rig = start(out, 64, Overflow.BLOCK, retrying(OptionalInt.of(3), SHORT, OptionalDouble.empty()))) {
            rig.send("a", "1");
            rig.flush();

            assertThat(out.numbers("a")).containsExactly(1L);
        }
    }

    @Test
    void write_overBudget_isGivenUpAtOnce() throws Exception {
        int readings = 20;
        out.failing(Integer.MAX_VALUE);
        var plan = retrying(OptionalInt.of(6), SHORT, OptionalDouble.of(0.05));
        try (var rig = start(out, 64, Overflow.BLOCK, plan)) {
            for (int i = 0; i < readings; i++) {
                rig.send("a", Integer.toString(i));
                rig.flush();
            }

            // Ten in reserve, and one for twenty writes.
            assertThat(out.attempts()).isEqualTo(readings + RetryBudget.RESERVE);
            assertThat(rig.line("p").deadLettered()).isEqualTo(Map.of("gave-up", 2L, "retry-budget", 18L));
        }
    }

    @Test
    void refused_isNeverTriedAgain() throws Exception {
        try (var rig = start(out, 64, Overflow.BLOCK, retrying(OptionalInt.of(3), NEVER, OptionalDouble.empty()))) {
            rig.send("a", "-1");
            rig.flush();

            assertThat(out.attempts()).isEqualTo(1);
            assertThat(rig.line("p").deadLettered()).isEqualTo(Map.of("refused", 1L));
        }
    }

    @Test
    void close_duringPause_endsAtOnce() throws Exception {
        out.failing(1);
        var rig = start(out, 64, Overflow.BLOCK, retrying(OptionalInt.empty(), NEVER, OptionalDouble.empty()));
        rig.send("a", "1");
        FlowRig.await("the sink has failed", () -> state(rig).retries() == 1);

        assertThat(rig.stop(Duration.ZERO)).isEmpty();
        assertThat(rig.line("p").dropped()).isEqualTo(Map.of("shutdown", 1L));
    }

    @Test
    void breaker_afterFailuresInARow_leavesTheSinkAloneAndItsQueueOverflows() throws Exception {
        out.failing(Integer.MAX_VALUE);
        var rig = start(out, 4, Overflow.DROP_OLDEST, breaking(3, NEVER));
        rig.send("a", "0");
        FlowRig.await("the breaker opens", () -> state(rig).breaker().equals("open"));
        for (int i = 1; i <= 100; i++) {
            rig.send("a", Integer.toString(i));
        }
        FlowRig.await("all but what the queue holds are dropped", () -> dropped(rig) == 96);

        assertThat(out.attempts()).isEqualTo(3);
        assertThat(state(rig).queued()).isEqualTo(4);
        assertThat(rig.stop(Duration.ZERO)).isEmpty(); // though it would be left alone for an hour
    }

    private static long dropped(FlowRig rig) {
        return rig.line("p").dropped().getOrDefault("sink-overflow", 0L);
    }

    @Test
    void breaker_whenProbesWork_closesAndLosesNothing() throws Exception {
        out.failing(5);
        try (var rig = start(out, 64, Overflow.BLOCK, breaking(3, Duration.ofMillis(20)))) {
            for (int i = 0; i < 30; i++) {
                rig.send("a", Integer.toString(i));
            }
            FlowRig.await("the breaker opens", () -> !state(rig).breaker().equals("closed"));
            rig.flush();

            assertThat(state(rig)).returns("closed", SinkState::breaker).returns("", SinkState::trouble);
            assertThat(out.numbers("a"))
                    .isEqualTo(LongStream.range(0, 30).boxed().toList());
        }
    }

    @Test
    void breaker_whenTheProbeIsRefused_closesSinceTheOtherSideAnswers() throws Exception {
        out.failing(3);
        try (var rig = start(out, 64, Overflow.BLOCK, breaking(3, Duration.ofMillis(20)))) {
            rig.send("a", "-1");
            rig.flush();

            assertThat(state(rig).breaker()).isEqualTo("closed");
            assertThat(rig.line("p").deadLettered()).isEqualTo(Map.of("refused", 1L));
        }
    }

    /// Hangs in the first attempt at each reading until it is interrupted, or fails then when it
    /// is told to.
    private static final class HangsFirst implements Sink {
        private final CountDownLatch secondBegan = new CountDownLatch(1);
        private final AtomicInteger attempts = new AtomicInteger();
        private final List<Long> taken = new ArrayList<>();
        private final boolean firstFails;
        private final boolean secondFails;

        HangsFirst(boolean firstFails, boolean secondFails) {
            this.firstFails = firstFails;
            this.secondFails = secondFails;
        }

        @Override
        public void open() {}

        @Override
        public void write(List<Reading> batch) throws IOException, InterruptedException {
            switch (attempts.incrementAndGet()) {
                case 1 -> {
                    if (!firstFails) {
                        new CountDownLatch(1).await();
                    }
                    secondBegan.await();
                    throw new IOException("first");
                }
                case 2 -> {
                    secondBegan.countDown();
                    if (secondFails) {
                        throw new IOException("second");
                    }
                }
                default -> {}
            }
            synchronized (taken) {
                batch.forEach(reading -> taken.add(reading.whole(0)));
            }
        }

        @Override
        public void close() {}
    }

    private void hedged(HangsFirst sink, int attempts, long retries) throws Exception {
        var plan = new AttemptPlan(
                new Retry(OptionalInt.empty(), SHORT, SHORT, OptionalDouble.empty()),
                Optional.empty(),
                Optional.of(Duration.ofMillis(5)));
        try (var rig = start(sink, 64, Overflow.BLOCK, plan)) {
            for (int i = 0; i < 5; i++) {
                rig.send("a", Integer.toString(i));
                rig.flush();
            }
            assertThat(sink.taken).containsExactly(0L, 1L, 2L, 3L, 4L);
            assertThat(sink.attempts.get()).isEqualTo(attempts);
            assertThat(state(rig).retries()).isEqualTo(retries);
        }
    }

    @Test
    void hedge_whenTheFirstHangs_takesTheSecondAnswer() throws Exception {
        hedged(new HangsFirst(false, false), 6, 0);
    }

    @Test
    void hedge_whenTheFirstFailsWhileTheSecondIsUnderWay_takesTheSecondAnswer() throws Exception {
        hedged(new HangsFirst(true, false), 6, 0);
    }

    @Test
    void hedge_whenBothFail_isRetried() throws Exception {
        hedged(new HangsFirst(true, true), 7, 1);
    }

    @Test
    void close_whileBothHang_endsAtOnce() throws Exception {
        out.shut();
        var plan = new AttemptPlan(AttemptPlan.FOREVER.retry(), Optional.empty(), Optional.of(SHORT));
        var rig = start(out, 64, Overflow.BLOCK, plan);
        rig.send("a", "1");
        FlowRig.await("both attempts are under way", () -> out.attempts() == 2);

        assertThat(rig.stop(Duration.ZERO)).isEmpty();
        assertThat(rig.line("p").dropped()).isEqualTo(Map.of("shutdown", 1L));
    }
}
