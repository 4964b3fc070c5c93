package dev.weir.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.Actuator;
import dev.weir.engine.Command;
import dev.weir.engine.Meters;
import dev.weir.engine.Reading;
import dev.weir.engine.Sink;
import dev.weir.runtime.Lane;
import dev.weir.runtime.supervise.Backoff;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Sinks and actuators that do not come back from a call.
@Timeout(60)
class HangingSinkTest {
    private static final Vigilance SHORT = new Vigilance(Duration.ofMillis(50), Duration.ofMillis(50), Backoff.none());

    private final Collector out = new Collector();
    private final CountDownLatch never = new CountDownLatch(1);

    @AfterEach
    void release() {
        never.countDown();
    }

    /// Hangs in the first calls, with what it has written until then.
    private final class Hanging implements Sink {
        private final AtomicInteger calls = new AtomicInteger();
        private final List<Long> written = new ArrayList<>();
        private final int hanging;
        private final boolean deaf;

        Hanging(int hanging, boolean deaf) {
            this.hanging = hanging;
            this.deaf = deaf;
        }

        @Override
        public void open() {}

        @Override
        public void write(List<Reading> batch) throws InterruptedException {
            if (calls.incrementAndGet() <= hanging) {
                await();
            }
            synchronized (written) {
                batch.forEach(reading -> written.add(reading.whole(0)));
            }
        }

        private void await() throws InterruptedException {
            while (true) {
                try {
                    never.await();
                    return;
                } catch (InterruptedException e) {
                    if (!deaf) {
                        throw e;
                    }
                }
            }
        }

        List<Long> written() {
            synchronized (written) {
                return List.copyOf(written);
            }
        }

        @Override
        public Duration patience() {
            return Duration.ofMillis(1);
        }

        @Override
        public int batch() {
            return 8;
        }

        @Override
        public void close() {}
    }

    private FlowRig rig(Sink sink) throws Exception {
        var rig = new FlowRig().sink("hang", sink, 1, 64, Overflow.BLOCK).sink("out", out);
        rig.vigilance = SHORT;
        var draft = rig.draft("p");
        draft.to = List.of("hang", "out");
        return rig.add(draft).start();
    }

    private static Supervised supervised(FlowRig rig) {
        return rig.flow().state().sinks().getFirst().supervised();
    }

    private static List<Long> numbers(int to) {
        return LongStream.range(0, to).boxed().toList();
    }

    @Test
    void write_thatHangs_isInterruptedAndTheSameReadingsWrittenAgain() throws Exception {
        var sink = new Hanging(2, false);
        try (var rig = rig(sink)) {
            for (int i = 0; i < 40; i++) {
                rig.send("a", Integer.toString(i));
            }
            rig.flush();
            assertThat(sink.written()).isEqualTo(numbers(40));
            assertThat(out.numbers("a")).isEqualTo(numbers(40));
            assertThat(rig.line("p")).returns(40L, Ledger.StreamLine::completed);
            assertThat(supervised(rig))
                    .returns(2L, Supervised::restarts)
                    .returns(0L, Supervised::abandoned)
                    .returns(Supervised.State.RUNNING, Supervised::state);
        }
    }

    @Test
    void write_deafToInterruption_isLeftBehindAndItsLateReturnCountsNothing() throws Exception {
        var sink = new Hanging(1, true);
        try (var rig = rig(sink)) {
            for (int i = 0; i < 40; i++) {
                rig.send("a", Integer.toString(i));
            }
            rig.flush();
            assertThat(sink.written()).isEqualTo(numbers(40));
            assertThat(supervised(rig).threads()).containsExactly("weir-sink-hang/1 (abandoned)");
            never.countDown();
            FlowRig.await(
                    "the thread has ended", () -> supervised(rig).threads().isEmpty());
            assertThat(sink.written()).hasSizeGreaterThan(40);
            assertThat(rig.line("p")).returns(40L, Ledger.StreamLine::completed).returns(0L, Ledger.StreamLine::queued);
        }
    }

    @Test
    void write_deafForGood_endsAsFailedAndTheOtherSinkGoesOn() throws Exception {
        var rig = rig(new Hanging(Integer.MAX_VALUE, true));
        for (int i = 0; i < 200; i++) {
            rig.send("a", Integer.toString(i));
        }
        FlowRig.await("the other sink has all", () -> out.readings().size() == 200);
        rig.flush();
        assertThat(supervised(rig)).returns(Supervised.State.FAILED, Supervised::state);
        assertThat(rig.line("p").dropped()).isEqualTo(Map.of("sink-failed", 200L));
        assertThat(rig.stop(Duration.ofMillis(100))).contains("weir-sink-hang/1");
    }

    /// Fails the first call, hangs in the second, whatever happens, and then works.
    private final class FailsAndHangs implements Sink {
        private final AtomicInteger calls = new AtomicInteger();

        @Override
        public void open() {}

        @Override
        public void write(List<Reading> batch) throws IOException, InterruptedException {
            switch (calls.incrementAndGet()) {
                case 1 -> throw new IOException("told to fail");
                case 2 -> new Hanging(1, true).write(batch);
                default -> out.write(batch);
            }
        }

        @Override
        public Duration patience() {
            return Duration.ofMillis(1);
        }

        @Override
        public void close() {}
    }

    @Test
    void write_deafWhileTheBreakerProbes_countsAsFailedAndIsProbedAgain() throws Exception {
        var plan = new AttemptPlan(
                AttemptPlan.FOREVER.retry(),
                Optional.of(new AttemptPlan.Breaking(1, Duration.ofMillis(20), 1)),
                Optional.empty());
        var rig = new FlowRig().sink("out", new FailsAndHangs(), 64, Overflow.BLOCK, plan);
        rig.vigilance = SHORT;
        try (rig) {
            rig.add(rig.draft("p")).start();
            rig.send("a", "1");
            FlowRig.await("the reading is written", () -> out.numbers("a").equals(List.of(1L)));
            FlowRig.await(
                    "the breaker is closed",
                    () -> rig.flow().state().sinks().getFirst().breaker().equals("closed"));
            never.countDown();
        }
    }

    @Test
    void execute_thatHangs_failsThatCommandAndCarriesOutTheNext() throws Exception {
        var settled = new ConcurrentLinkedQueue<String>();
        var commands = new Commands(
                FlowClock.system(),
                Meters.none(),
                (command, outcome, detail) -> settled.add(command.id() + " " + outcome),
                SHORT);
        var actuator = new Actuator() {
            @Override
            public void execute(Command command) {
                while (command.id().equals("hangs") && never.getCount() > 0) {
                    Thread.onSpinWait();
                }
            }

            @Override
            public Duration patience() {
                return Duration.ofMillis(1);
            }
        };
        for (String id : List.of("first", "hangs", "next")) {
            commands.issue(
                    new Command(id, "rule", "d", "fan/set", "{}", Instant.now().plusSeconds(60), Lane.SAMPLE),
                    actuator);
        }
        commands.flush();
        assertThat(settled).containsExactly("first DONE", "hangs FAILED", "next DONE");
        assertThat(commands.line().failed()).isEqualTo(Map.of("hung", 1L));
        never.countDown();
        FlowRig.await(
                "the thread has ended", () -> commands.supervised().threads().isEmpty());
        assertThat(commands.close(FlowRig.PATIENCE.toNanos())).isEmpty();
        assertThat(commands.line()).returns(true, Commands.Line::balanced).returns(0L, Commands.Line::queued);
        assertThat(settled).hasSize(3);
    }
}
