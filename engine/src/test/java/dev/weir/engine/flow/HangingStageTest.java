package dev.weir.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.weir.engine.Reading;
import dev.weir.engine.stage.Stage;
import dev.weir.engine.stage.Stage.Verdict;
import dev.weir.runtime.Scheduler;
import dev.weir.runtime.supervise.Backoff;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a stage or rule does that never comes back, and what its neighbours notice.
@Timeout(60)
class HangingStageTest {
    private static final Vigilance SHORT = new Vigilance(Duration.ofMillis(50), Duration.ofMillis(50), Backoff.none());
    private static final long BAD = 13;

    private final Collector out = new Collector();
    private final Collector other = new Collector();
    private final CountDownLatch never = new CountDownLatch(1);
    private volatile boolean released;

    private FlowRig rig() {
        var rig = new FlowRig().sink("out", out).sink("other", other);
        rig.vigilance = SHORT;
        return rig;
    }

    @AfterEach
    void release() {
        released = true;
        never.countDown();
    }

    private static List<Long> numbers(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    private static List<Long> without(long bad, long to) {
        return LongStream.range(0, to).filter(n -> n != bad).boxed().toList();
    }

    private Verdict hang(Reading reading) {
        if (reading.whole(0) == BAD) {
            try {
                never.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted", e);
            }
        }
        return Verdict.PASS;
    }

    private Verdict spin(Reading reading) {
        while (reading.whole(0) == BAD && !released) {
            Thread.onSpinWait();
        }
        return Verdict.PASS;
    }

    private static Supervised supervised(FlowRig rig) {
        return rig.flow().state().pipelines().getFirst().segments().getFirst().supervised();
    }

    private static void send(FlowRig rig, String device, int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            rig.send(device, Integer.toString(i));
        }
    }

    @Test
    void stage_hangingInTheMiddleOfABatch_losesThatReadingAndKeepsTheOthersInOrder() throws Exception {
        try (var rig = rig()) {
            var neighbour = rig.draft("q");
            neighbour.to = List.of("other");
            rig.add(rig.draft("p").stage("hang", (reading, _) -> hang(reading)))
                    .add(neighbour)
                    .start();
            send(rig, "a", 60);
            rig.flush();
            assertThat(out.numbers("a")).isEqualTo(without(BAD, 60));
            assertThat(other.numbers("a")).isEqualTo(numbers(0, 60));
            assertThat(rig.line("p"))
                    .returns(Map.of("hung", 1L), Ledger.StreamLine::deadLettered)
                    .returns(59L, Ledger.StreamLine::completed);
            assertThat(rig.deadLetters.all()).singleElement().satisfies(letter -> {
                assertThat(letter.excerpt()).contains("\"n\":13");
                assertThat(letter.detail()).contains("missed 3 heartbeats", "STUCK");
            });
            assertThat(supervised(rig).lastFailure())
                    .hasValueSatisfying(trouble -> assertThat(trouble.where()).contains("HangingStageTest.hang"));
            assertThat(supervised(rig))
                    .returns(1L, Supervised::restarts)
                    .returns(0L, Supervised::abandoned)
                    .returns(Supervised.State.RUNNING, Supervised::state);
        }
    }

    @Test
    void stage_hangingForOneDevice_leavesDevicesOfOtherWorkersAlone() throws Exception {
        try (var rig = rig()) {
            rig.add(rig.draft("p").workers(4, 400, Overflow.BLOCK).stage("hang", (reading, _) -> hang(reading)))
                    .start();
            String far = device(3);
            send(rig, device(0), 40);
            for (int i = 100; i < 140; i++) {
                rig.send(far, Integer.toString(i));
            }
            FlowRig.await("the neighbour has all", () -> out.numbers(far).size() == 40);
            assertThat(out.numbers(far)).isEqualTo(numbers(100, 140));
            rig.flush();
            assertThat(out.numbers(device(0))).isEqualTo(without(BAD, 40));
        }
    }

    private static String device(int partition) {
        for (int i = 0; ; i++) {
            if (Workforce.partition("d" + i, 4) == partition) {
                return "d" + i;
            }
        }
    }

    @Test
    void stage_spinningAgainstInterruption_isAbandonedNamedAndCountedOnce() throws Exception {
        var rig = rig();
        rig.add(rig.draft("p").stage("spin", (reading, _) -> spin(reading))).start();
        send(rig, "a", 60);
        rig.flush();
        assertThat(out.numbers("a")).isEqualTo(without(BAD, 60));
        Supervised state = supervised(rig);
        assertThat(state.abandoned()).isOne();
        assertThat(state.threads()).containsExactly("weir-p/1 (abandoned)");
        assertThat(state.lastFailure()).hasValueSatisfying(trouble -> {
            assertThat(trouble.what()).contains("HOG");
            assertThat(trouble.where()).isNotEmpty();
        });
        released = true;
        FlowRig.await("the spinner has ended", () -> supervised(rig).threads().isEmpty());
        send(rig, "a", 3);
        rig.flush();
        assertThat(rig.line("p"))
                .returns(63L, Ledger.StreamLine::accepted)
                .returns(62L, Ledger.StreamLine::completed)
                .returns(Map.of("hung", 1L), Ledger.StreamLine::deadLettered);
        assertThat(rig.stop(FlowRig.PATIENCE)).isEmpty();
    }

    @Test
    void stage_spinningWithEveryReading_endsAsFailedAndItsNeighbourGoesOn() throws Exception {
        assumeThat(Scheduler.shared().isOwn())
                .as("on the JDK's scheduler, which nobody takes a processor from, hogs keep all of them")
                .isTrue();
        var rig = rig();
        var neighbour = rig.draft("q");
        neighbour.to = List.of("other");
        rig.add(rig.draft("p").workers(1, 4, Overflow.BLOCK).stage("spin", (reading, _) -> {
                    reading.set(0, BAD);
                    return spin(reading);
                }))
                .add(neighbour)
                .start();
        send(rig, "a", 60);
        FlowRig.await("the neighbour has all", () -> other.readings().size() == 60);
        rig.flush();
        assertThat(other.numbers("a")).isEqualTo(numbers(0, 60));
        assertThat(supervised(rig))
                .returns(Supervised.State.FAILED, Supervised::state)
                .returns(3L, Supervised::abandoned);
        assertThat(supervised(rig).complaint())
                .hasValueSatisfying(text -> assertThat(text).contains("pipeline p has failed"));
        assertThat(rig.line("p").deadLettered().get("hung")).isBetween(2L, 3L);
        assertThat(rig.line("p").dropped().get("failed")).isBetween(57L, 58L);
        assertThat(rig.stop(Duration.ofMillis(100))).contains("weir-p/1");
    }

    @Test
    void stage_spinningWithThreeReadings_worksAgainInOrderAfterItsFreshStart() throws Exception {
        assumeThat(Scheduler.shared().isOwn())
                .as("on the JDK's scheduler, which nobody takes a processor from, hogs keep all of them")
                .isTrue();
        var rig = rig();
        rig.vigilance =
                new Vigilance(Duration.ofMillis(50), Duration.ofMillis(50), Backoff.none(), Duration.ofMillis(200));
        rig.add(rig.draft("p").stage("spin", (reading, _) -> {
                    while (reading.whole(0) < 3 && !released) {
                        Thread.onSpinWait();
                    }
                    return Verdict.PASS;
                }))
                .start();
        send(rig, "a", 3);
        FlowRig.await("it has failed", () -> supervised(rig).state() == Supervised.State.FAILED);
        assertThat(supervised(rig).again()).isPresent();
        assertThat(supervised(rig).complaint())
                .hasValueSatisfying(text -> assertThat(text).contains("is started again at"));
        while (out.numbers("b").isEmpty()) {
            rig.send("b", "50");
            rig.flush();
        }
        for (int i = 100; i < 200; i++) {
            rig.send("a", Integer.toString(i));
        }
        rig.flush();
        assertThat(out.numbers("a")).isEqualTo(numbers(100, 200));
        assertThat(supervised(rig))
                .returns(Supervised.State.RUNNING, Supervised::state)
                .returns(3L, Supervised::abandoned);
        assertThat(supervised(rig).again()).isEmpty();
        // The stand-in takes the third over, and does not know why.
        assertThat(rig.line("p").deadLettered().values()).hasSizeBetween(1, 2);
        assertThat(rig.line("p").deadLettered().values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(3);
        released = true;
        FlowRig.await("the spinners have ended", () -> supervised(rig).threads().isEmpty());
        assertThat(rig.stop(FlowRig.PATIENCE)).isEmpty();
    }

    @Test
    void rule_hanging_losesThatReadingOnly() throws Exception {
        try (var rig = rig()) {
            rig.rules.put("p", List.of(this::hang));
            rig.add(rig.draft("p")).start();
            send(rig, "a", 30);
            rig.flush();
            assertThat(out.numbers("a")).isEqualTo(without(BAD, 30));
            assertThat(rig.line("p").deadLettered()).isEqualTo(Map.of("hung", 1L));
        }
    }

    @Test
    void worker_waitingForRoomInAQueue_isNotTakenToHang() throws Exception {
        out.shut();
        try (var rig = rig()) {
            var hanging = rig.draft("q").stage("hang", (reading, _) -> hang(reading));
            hanging.to = List.of("other");
            rig.add(rig.draft("p").workers(1, 64, Overflow.BLOCK)).add(hanging);
            rig.sinks.set(0, new SinkPlan("out", out, new Workforce(1, 1, Overflow.BLOCK)));
            rig.start();
            for (int i = 0; i < 5; i++) {
                rig.send("a", Integer.toString(i));
            }
            // Its neighbour's hangs tell the time.
            for (int i = 1; i <= 3; i++) {
                long restarts = i;
                rig.send("b", Long.toString(BAD));
                FlowRig.await(
                        "the neighbour was restarted",
                        () -> rig.flow()
                                        .state()
                                        .pipelines()
                                        .getLast()
                                        .segments()
                                        .getFirst()
                                        .supervised()
                                        .restarts()
                                >= restarts);
            }
            assertThat(supervised(rig)).returns(0L, Supervised::restarts);
            out.reopen();
            rig.flush();
            assertThat(out.numbers("a")).isEqualTo(numbers(0, 5));
        }
    }

    @Test
    void finish_hanging_letsTheOtherPartitionsGoOn() throws Exception {
        Stage stage = new Stage() {
            @Override
            public Verdict apply(Reading reading, Emitter emitter) {
                return Verdict.PASS;
            }

            @Override
            public void finish(Emitter emitter) {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException("interrupted", e);
                }
            }
        };
        try (var rig = rig()) {
            rig.add(rig.draft("p").workers(4, 400, Overflow.BLOCK).stage("hang", stage))
                    .start();
            var closing = rig.flow().closeWindows();
            for (int i = 0; i < 4; i++) {
                send(rig, device(i), 20);
            }
            rig.flush();
            assertThat(out.readings()).hasSize(80);
            assertThat(closing).isDone();
        }
    }

    @Test
    void close_withSpinningStage_endsAndCountsWhatItHadInHand() throws Exception {
        var rig = rig();
        rig.vigilance = Vigilance.standard();
        rig.add(rig.draft("p").stage("spin", (reading, _) -> spin(reading))).start();
        send(rig, "a", 60);
        FlowRig.await("it has come to the one", () -> out.readings().size() == BAD);
        assertThat(rig.stop(Duration.ofMillis(100))).containsExactly("weir-p/1");
        assertThat(rig.line("p"))
                .returns(Map.of("shutdown", 47L), Ledger.StreamLine::dropped)
                .returns(0L, Ledger.StreamLine::queued);
    }

    @Test
    void stageThatKeepsAReadingAfterAll_whenItWasGivenUp_balances() throws Exception {
        var rig = rig();
        Reading[] kept = new Reading[1];
        rig.add(rig.draft("p").stage("hold", (reading, emitter) -> {
                    long n = reading.whole(0);
                    if (n == BAD) {
                        spin(reading);
                        kept[0] = reading;
                        return Verdict.HELD;
                    }
                    if (n == 99) {
                        emitter.resume(kept[0]);
                    }
                    return Verdict.PASS;
                }))
                .start();
        send(rig, "a", 20);
        rig.flush();
        released = true;
        FlowRig.await("the spinner has ended", () -> supervised(rig).threads().isEmpty());
        rig.send("a", "99");
        rig.flush();
        assertThat(out.numbers("a")).hasSize(21).endsWith(BAD, 99L);
        assertThat(rig.stop(FlowRig.PATIENCE)).isEmpty();
    }

    @Test
    void finished_whenItsBarrierWasGivenUp_failsInsteadOfWaitingForEver() throws Exception {
        try (var rig = rig()) {
            rig.add(rig.draft("p").stage("hang", new Stage() {
                        @Override
                        public Verdict apply(Reading reading, Emitter emitter) {
                            return Verdict.PASS;
                        }

                        @Override
                        public void finish(Emitter emitter) {
                            while (!released) {
                                Thread.onSpinWait();
                            }
                        }
                    }))
                    .start();
            var closing = rig.flow().closeWindows("p");
            try {
                closing.get(FlowRig.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                assertThat(e).hasRootCauseInstanceOf(IllegalStateException.class);
            }
            assertThat(closing).isDone();
            released = true;
        }
    }
}
