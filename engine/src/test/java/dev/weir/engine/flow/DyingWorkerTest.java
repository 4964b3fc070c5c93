package dev.weir.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.engine.Reading;
import dev.weir.engine.Sink;
import dev.weir.engine.stage.Stage;
import dev.weir.engine.stage.Stage.Verdict;
import dev.weir.runtime.supervise.Backoff;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Workers and writers that an error ends where nobody expects one: not in a call of a stage or
/// sink, but in what lies around it. All readings are in one batch, but for the first.
@Timeout(60)
class DyingWorkerTest {
    private static final Vigilance AT_ONCE =
            new Vigilance(Duration.ofSeconds(10), Duration.ofSeconds(2), Backoff.none());
    private static final int COUNT = 60;
    private static final long BAD = 13;

    private final Collector out = new Collector();
    private final CountDownLatch gate = new CountDownLatch(1);

    /// Whoever wants to report it fails too: as when there is no memory left for a line in the log.
    private static final class Unspeakable extends Error {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new InternalError("there are no words");
        }
    }

    private FlowRig rig() {
        var rig = new FlowRig().sink("out", out);
        rig.vigilance = AT_ONCE;
        return rig;
    }

    private Verdict passGate(Reading reading, Stage.Emitter emitter) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
        return Verdict.PASS;
    }

    /// Sends all, and then lets the worker at them.
    private void send(FlowRig rig) throws Exception {
        send(rig, 0);
    }

    private void send(FlowRig rig, int first) throws Exception {
        for (int i = first; i < COUNT; i++) {
            rig.send("a", Integer.toString(i));
        }
        gate.countDown();
    }

    private static List<Long> numbers(long without) {
        return LongStream.range(0, COUNT).filter(n -> n != without).boxed().toList();
    }

    private static List<Long> numbers() {
        return numbers(-1);
    }

    private static Supervised worker(FlowRig rig) {
        return rig.flow().state().pipelines().getFirst().segments().getFirst().supervised();
    }

    private static Supervised writer(FlowRig rig) {
        return rig.flow().state().sinks().getFirst().supervised();
    }

    /// Of stream `p` only.
    private static void throwAtBad(FlowRig rig, Error error) {
        rig.live.subscribe(1, event -> {
            if (event instanceof LiveEvent.Passed(Reading reading)
                    && reading.stream().equals("p")
                    && reading.whole(0) == BAD) {
                throw error;
            }
            return false;
        });
    }

    @Test
    void worker_killedWhilePassingAReadingOn_losesThatOneAndKeepsTheOthersInOrder() throws Exception {
        try (var rig = rig()) {
            rig.add(rig.draft("p").stage("gate", this::passGate)).start();
            throwAtBad(rig, new Unspeakable());
            send(rig);
            rig.flush();
            assertThat(out.numbers("a")).isEqualTo(numbers(BAD));
            assertThat(rig.line("p"))
                    .returns(Map.of("engine-error", 1L), Ledger.StreamLine::deadLettered)
                    .returns(COUNT - 1L, Ledger.StreamLine::completed)
                    .returns(0L, Ledger.StreamLine::queued);
            assertThat(worker(rig)).returns(1L, Supervised::restarts);
        }
    }

    @Test
    void successor_killedWhileItTakesOver_leavesTheBatchToTheNext() throws Exception {
        var never = new CountDownLatch(1);
        try (var rig = rig()) {
            rig.vigilance = new Vigilance(Duration.ofMillis(50), Duration.ofMillis(50), Backoff.none());
            rig.buried = _ -> {
                throw new InternalError("made up");
            };
            rig.add(rig.draft("p").stage("hang", (reading, _) -> {
                        while (reading.whole(0) == BAD && never.getCount() > 0) {
                            LockSupport.parkNanos(1_000_000);
                        }
                        return Verdict.PASS;
                    }))
                    .start();
            send(rig);
            rig.flush();
            never.countDown();
            assertThat(out.numbers("a")).isEqualTo(numbers(BAD));
            assertThat(rig.line("p"))
                    .returns(Map.of("hung", 1L), Ledger.StreamLine::deadLettered)
                    .returns(COUNT - 1L, Ledger.StreamLine::completed)
                    .returns(0L, Ledger.StreamLine::queued);
            assertThat(worker(rig)).returns(2L, Supervised::restarts);
        }
    }

    @Test
    void worker_killedAtABarrier_givesTheBarrierUpAndGoesOn() throws Exception {
        try (var rig = rig()) {
            rig.add(rig.draft("p").stage("gate", new Stage() {
                        @Override
                        public Verdict apply(Reading reading, Emitter emitter) {
                            return passGate(reading, emitter);
                        }

                        @Override
                        public void finish(Emitter emitter) {
                            throw new Unspeakable();
                        }
                    }))
                    .start();
            rig.send("a", "0");
            var closing = rig.flow().closeWindows("p");
            send(rig, 1);
            assertThatThrownBy(() -> closing.get(FlowRig.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .hasRootCauseInstanceOf(IllegalStateException.class);
            rig.flush();
            assertThat(out.numbers("a")).isEqualTo(numbers());
            assertThat(worker(rig)).returns(1L, Supervised::restarts);
        }
    }

    @Test
    void resumedReading_withWhichTheEngineFails_isLostAlone() throws Exception {
        Reading[] kept = new Reading[1];
        try (var rig = rig()) {
            rig.add(rig.draft("p").stage("gate", this::passGate).stage("hold", (reading, emitter) -> {
                        if (reading.whole(0) == BAD) {
                            kept[0] = reading;
                            return Verdict.HELD;
                        }
                        if (reading.whole(0) == BAD + 1) {
                            emitter.resume(kept[0]);
                        }
                        return Verdict.PASS;
                    }))
                    .start();
            throwAtBad(rig, new InternalError("made up"));
            send(rig);
            rig.flush();
            assertThat(out.numbers("a")).isEqualTo(numbers(BAD));
            assertThat(rig.line("p"))
                    .returns(Map.of("engine-error", 1L), Ledger.StreamLine::deadLettered)
                    .returns(0L, Ledger.StreamLine::queued);
            assertThat(worker(rig)).returns(0L, Supervised::restarts);
        }
    }

    @Test
    void result_withWhichTheEngineFails_isLostAlone() throws Exception {
        try (var rig = rig()) {
            var results = FlowRig.schema("w");
            var draft = rig.draft("p").stage("gate", this::passGate).stage("window", new Windowing(results, COUNT));
            draft.windows.add(results);
            rig.add(draft).start();
            rig.live.subscribe(1, event -> {
                if (event instanceof LiveEvent.Passed(Reading reading)
                        && reading.stream().equals("w")) {
                    throw new InternalError("made up");
                }
                return false;
            });
            send(rig);
            rig.flush();
            assertThat(out.numbers("a")).isEqualTo(numbers());
            assertThat(rig.line("w"))
                    .returns(1L, Ledger.StreamLine::accepted)
                    .returns(Map.of("engine-error", 1L), Ledger.StreamLine::deadLettered);
        }
    }

    @Test
    void rule_whoseDeadLetterCannotBeShown_countsItOnce() throws Exception {
        try (var rig = rig()) {
            rig.rules.put("p", List.of(reading -> {
                if (reading.whole(0) == BAD) {
                    throw new IllegalStateException("made up");
                }
            }));
            rig.buried = _ -> {
                throw new InternalError("made up");
            };
            rig.add(rig.draft("p").stage("gate", this::passGate)).start();
            send(rig);
            rig.flush();
            assertThat(out.numbers("a")).isEqualTo(numbers(BAD));
            assertThat(rig.line("p").deadLettered()).isEqualTo(Map.of("engine-error", 1L));
        }
    }

    @Test
    void spans_failingBeforeAStage_loseTheirReadingAlone() throws Exception {
        var tracer = new FaultyTracer("queue p", BAD + 1);
        try (var rig = rig()) {
            rig.tracer = tracer;
            rig.add(rig.draft("p").stage("gate", this::passGate)).start();
            send(rig);
            rig.flush();
            assertThat(tracer).returns(true, FaultyTracer::hasFailed);
            assertThat(out.numbers("a")).isEqualTo(numbers(BAD));
            assertThat(rig.line("p").deadLettered()).isEqualTo(Map.of("engine-error", 1L));
            assertThat(worker(rig)).returns(0L, Supervised::restarts);
        }
    }

    @Test
    void spans_failingAtTheEnd_changeNoOutcome() throws Exception {
        var tracer = new FaultyTracer("end of pipeline p", 1);
        try (var rig = new FlowRig()) {
            rig.tracer = tracer;
            var draft = rig.draft("p").stage("gate", this::passGate);
            draft.to = List.of();
            rig.add(draft).start();
            send(rig);
            rig.flush();
            assertThat(rig.line("p"))
                    .returns((long) COUNT, Ledger.StreamLine::completed)
                    .returns(Map.of(), Ledger.StreamLine::deadLettered);
            assertThat(worker(rig)).returns(0L, Supervised::restarts);
        }
        assertThat(tracer).returns(true, FaultyTracer::hasFailed);
    }

    @Test
    void writer_killedBeforeItWrites_isSucceededByOneWhoWritesAllOnce() throws Exception {
        var tracer = new FaultyTracer("queue out", BAD + 1);
        try (var rig = rig()) {
            rig.tracer = tracer;
            out.shut();
            rig.add(rig.draft("p")).start();
            send(rig);
            out.reopen();
            rig.flush();
            assertThat(tracer).returns(true, FaultyTracer::hasFailed);
            assertThat(out.numbers("a")).isEqualTo(numbers());
            assertThat(rig.line("p"))
                    .returns((long) COUNT, Ledger.StreamLine::completed)
                    .returns(0L, Ledger.StreamLine::queued);
            assertThat(writer(rig)).returns(1L, Supervised::restarts);
        }
    }

    @Test
    void writer_killedAfterItHasWritten_hasConfirmedAllOfIt() throws Exception {
        var tracer = new FaultyTracer("end of sink out", BAD + 1);
        try (var rig = rig()) {
            rig.tracer = tracer;
            out.shut();
            rig.add(rig.draft("p")).start();
            send(rig);
            out.reopen();
            rig.flush();
            assertThat(tracer).returns(true, FaultyTracer::hasFailed);
            assertThat(out.numbers("a")).isEqualTo(numbers());
            assertThat(rig.line("p"))
                    .returns((long) COUNT, Ledger.StreamLine::completed)
                    .returns(0L, Ledger.StreamLine::queued);
            assertThat(writer(rig)).returns(1L, Supervised::restarts);
        }
    }

    @Test
    void writer_killedByADeadLetter_leavesTheOthersToItsSuccessor() throws Exception {
        out.shut();
        try (var rig = rig()) {
            rig.buried = _ -> {
                throw new InternalError("made up");
            };
            rig.add(rig.draft("p")).start();
            for (int i = 0; i < COUNT; i++) {
                rig.send("a", i == BAD ? "-1" : Integer.toString(i));
            }
            out.reopen();
            rig.flush();
            assertThat(out.numbers("a")).isEqualTo(numbers(BAD));
            assertThat(rig.line("p"))
                    .returns(Map.of("refused", 1L), Ledger.StreamLine::deadLettered)
                    .returns(COUNT - 1L, Ledger.StreamLine::completed)
                    .returns(0L, Ledger.StreamLine::queued);
            assertThat(writer(rig)).returns(1L, Supervised::restarts);
        }
    }

    @Test
    void writer_killedWhileItReportsAFailure_leavesTheOthersToItsSuccessor() throws Exception {
        var written = new ConcurrentLinkedQueue<Long>();
        var sink = new Sink() {
            @Override
            public void open() {}

            @Override
            public void write(List<Reading> batch) throws InterruptedException {
                gate.await();
                if (batch.stream().anyMatch(reading -> reading.whole(0) == BAD)) {
                    throw new Unspeakable();
                }
                batch.forEach(reading -> written.add(reading.whole(0)));
            }

            @Override
            public void close() {}
        };
        var rig = new FlowRig().sink("out", sink);
        rig.vigilance = AT_ONCE;
        try (rig) {
            rig.add(rig.draft("p")).start();
            send(rig);
            rig.flush();
            assertThat(written).containsExactlyElementsOf(numbers(BAD));
            assertThat(rig.line("p"))
                    .returns(Map.of("sink-error", 1L), Ledger.StreamLine::deadLettered)
                    .returns(COUNT - 1L, Ledger.StreamLine::completed)
                    .returns(0L, Ledger.StreamLine::queued);
            assertThat(writer(rig)).returns(1L, Supervised::restarts);
        }
    }
}
