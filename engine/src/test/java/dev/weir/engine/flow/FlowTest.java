package dev.weir.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.engine.Message;
import dev.weir.engine.Reading;
import dev.weir.engine.Receipt;
import dev.weir.engine.stage.Stage.Verdict;
import dev.weir.engine.stage.StageException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class FlowTest {
    private final Collector out = new Collector();

    private static Verdict onlyEven(Reading reading) {
        if (reading.whole(0) == 13) {
            throw new StageException("invalid", "13 is not wanted");
        }
        return reading.whole(0) % 2 == 0 ? Verdict.PASS : Verdict.FILTERED;
    }

    @Test
    void accept_matchingMessage_reachesSinkAndIsCompleted() throws Exception {
        try (var rig = new FlowRig().sink("out", out)) {
            rig.add(rig.draft("p")).start();
            assertThat(rig.send("a", "7")).isEqualTo(Receipt.ACCEPTED);
            rig.flush();
            assertThat(out.numbers("a")).containsExactly(7L);
            assertThat(rig.line("p")).returns(1L, Ledger.StreamLine::completed).returns(0L, Ledger.StreamLine::queued);
            assertThat(rig.source()).returns(1L, Ledger.SourceLine::accepted);
            assertThat(rig.latest.find("p", "a"))
                    .map(reading -> reading.whole(0))
                    .contains(7L);
        }
    }

    @Test
    void accept_unmatchedAddress_isRejectedAndCounted() throws Exception {
        try (var rig = new FlowRig().sink("out", out)) {
            rig.add(rig.draft("p")).start();
            assertThat(rig.send(Message.of("other/a", new byte[0]))).isEqualTo(Receipt.UNMATCHED);
            assertThat(rig.source()).returns(Map.of("unmatched", 1L), Ledger.SourceLine::rejected);
        }
    }

    @Test
    void accept_undecodableMessage_becomesDeadLetterWithPayload() throws Exception {
        try (var rig = new FlowRig().sink("out", out)) {
            rig.add(rig.draft("p")).start();
            assertThat(rig.send("a", "x")).isEqualTo(new Receipt.Undecodable("malformed", "'x' is no number"));
            assertThat(rig.line("p")).returns(Map.of("malformed", 1L), Ledger.StreamLine::deadLettered);
            assertThat(rig.deadLetters.all())
                    .singleElement()
                    .returns("x", DeadLetter::excerpt)
                    .returns("t/a", DeadLetter::address)
                    .returns("a", DeadLetter::device);
        }
    }

    @Test
    void accept_payloadOverMaxReading_isDeadLetterBeforeDecoding() throws Exception {
        try (var rig = new FlowRig().sink("out", out)) {
            var draft = rig.draft("p");
            draft.maxReading = 8;
            draft.decoder = (_, _) -> {
                throw new AssertionError("must not be decoded");
            };
            rig.add(draft).start();
            assertThat(rig.send("a", "123456789")).isInstanceOf(Receipt.Undecodable.class);
            assertThat(rig.line("p")).returns(Map.of("too-large", 1L), Ledger.StreamLine::deadLettered);
        }
    }

    @Test
    void accept_messageWithSeveralReadings_givesEachAKeyOfItsOwn() throws Exception {
        try (var rig = new FlowRig().sink("out", out)) {
            rig.add(rig.draft("p")).start();
            rig.send("a", "1,2,3");
            rig.send("a", "4");
            rig.flush();
            assertThat(out.readings())
                    .extracting(Reading::sequence)
                    .doesNotHaveDuplicates()
                    .isSorted();
        }
    }

    @Test
    void accept_partlyUndecodableMessage_keepsWhatCouldBeDecoded() throws Exception {
        try (var rig = new FlowRig().sink("out", out)) {
            rig.add(rig.draft("p")).start();
            assertThat(rig.send("a", "1,2,x")).isEqualTo(Receipt.ACCEPTED);
            rig.flush();
            assertThat(out.numbers("a")).containsExactly(1L, 2L);
            assertThat(rig.line("p")).returns(3L, Ledger.StreamLine::accepted);
        }
    }

    @Test
    void accept_twoPipelinesForAddress_bothGetReadingsOfTheirOwn() throws Exception {
        try (var rig = new FlowRig().sink("out", out)) {
            rig.add(rig.draft("p")).add(rig.draft("q")).start();
            rig.send("a", "7");
            rig.flush();
            assertThat(out.readings()).extracting(Reading::stream).containsExactlyInAnyOrder("p", "q");
        }
    }

    @Test
    void stages_filterAndFail_areCountedAndNeverReachSink() throws Exception {
        try (var rig = new FlowRig().sink("out", out)) {
            rig.add(rig.draft("p").stage("even", (reading, _) -> onlyEven(reading)))
                    .start();
            for (int i = 10; i < 15; i++) {
                rig.send("a", "" + i);
            }
            rig.flush();
            assertThat(out.numbers("a")).containsExactly(10L, 12L, 14L);
            assertThat(rig.line("p"))
                    .returns(1L, Ledger.StreamLine::filtered)
                    .returns(Map.of("invalid", 1L), Ledger.StreamLine::deadLettered);
            assertThat(rig.deadLetters.all())
                    .singleElement()
                    .satisfies(letter -> assertThat(letter.excerpt()).contains("\"n\":13"));
        }
    }

    @Test
    void stages_throwingError_isContainedAndWorkerGoesOn() throws Exception {
        try (var rig = new FlowRig().sink("out", out)) {
            rig.add(rig.draft("p").stage("boom", (reading, _) -> {
                        if (reading.whole(0) == 1) {
                            throw new StackOverflowError("made up");
                        }
                        return Verdict.PASS;
                    }))
                    .start();
            rig.send("a", "1");
            rig.send("a", "2");
            rig.flush();
            assertThat(out.numbers("a")).containsExactly(2L);
            assertThat(rig.line("p")).returns(Map.of("stage-error", 1L), Ledger.StreamLine::deadLettered);
        }
    }

    @Test
    void rules_throwing_makeDeadLetterThatNoSinkSees() throws Exception {
        try (var rig = new FlowRig().sink("out", out)) {
            rig.rules.put("p", List.of(reading -> {
                throw new IllegalStateException("broken rule");
            }));
            rig.add(rig.draft("p")).start();
            rig.send("a", "1");
            rig.flush();
            assertThat(out.readings()).isEmpty();
            assertThat(rig.line("p")).returns(Map.of("rule-error", 1L), Ledger.StreamLine::deadLettered);
        }
    }

    @Test
    void timeout_ofSlowStage_interruptsItAndMakesDeadLetter() throws Exception {
        var never = new CountDownLatch(1);
        try (var rig = new FlowRig().sink("out", out)) {
            var draft = rig.draft("p");
            draft.stages.add(new StagePlan(
                    "slow",
                    (reading, _) -> {
                        if (reading.whole(0) == 1) {
                            try {
                                never.await();
                            } catch (InterruptedException e) {
                                return Verdict.PASS;
                            }
                        }
                        return Verdict.PASS;
                    },
                    Optional.empty(),
                    Optional.of(Duration.ofMillis(20))));
            rig.add(draft).start();
            rig.send("a", "1");
            rig.send("a", "2");
            rig.flush();
            assertThat(out.numbers("a")).containsExactly(2L);
            assertThat(rig.line("p")).returns(Map.of("timeout", 1L), Ledger.StreamLine::deadLettered);
        }
    }

    @Test
    void timeout_whileSinkBlocksBehindWindow_doesNotCountAgainstStage() throws Exception {
        var window = FlowRig.schema("w");
        var emitted = new AtomicBoolean();
        out.shut();
        try (var rig = new FlowRig().sink("out", out, 1, 1, Overflow.BLOCK)) {
            var draft = rig.draft("p");
            draft.windows.add(window);
            draft.to = List.of("out");
            draft.stages.add(new StagePlan(
                    "window",
                    (reading, emitter) -> {
                        emitter.emit(Windowing.result(window, reading, reading.whole(0)));
                        emitted.set(true);
                        return Verdict.FILTERED;
                    },
                    Optional.empty(),
                    Optional.of(Duration.ofMillis(5))));
            rig.add(draft).start();
            for (int i = 0; i < 5; i++) {
                rig.send("a", "" + i);
            }
            FlowRig.await("the window emits", emitted::get);
            assertThat(new CountDownLatch(1).await(60, TimeUnit.MILLISECONDS)).isFalse();
            out.reopen();
            rig.flush();
            assertThat(rig.line("p")).returns(Map.of(), Ledger.StreamLine::deadLettered);
            assertThat(rig.line("w")).returns(5L, Ledger.StreamLine::completed);
        }
    }

    @Test
    void newFlow_withCycleOfStreams_isRefusedWithThePath() {
        var rig = new FlowRig();
        var p = rig.draft("p");
        p.from = List.of("q");
        var q = rig.draft("q");
        q.from = List.of("p");
        rig.add(p).add(q).sink("out", out);
        assertThatThrownBy(rig::start)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("p → q → p");
    }

    @Test
    void worstCase_namesEveryQueue() throws Exception {
        try (var rig = new FlowRig().sink("out", out)) {
            rig.add(rig.draft("p").workers(2, 64, Overflow.BLOCK)).start();
            assertThat(rig.flow().worstCase())
                    .extracting(QueueBound::name)
                    .contains("pipeline p", "sink out", "dead letters");
            assertThat(rig.flow().worstCase().getFirst().count()).isEqualTo(128);
        }
    }
}
