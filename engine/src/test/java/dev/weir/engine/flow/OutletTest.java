package dev.weir.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.Reading;
import dev.weir.engine.Sink;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class OutletTest {
    private final Collector out = new Collector();

    private static Sink hanging(CountDownLatch never) {
        return new Sink() {
            @Override
            public void open() {}

            @Override
            public void write(List<Reading> batch) {
                boolean waiting = true;
                while (waiting) {
                    try {
                        never.await();
                        waiting = false;
                    } catch (InterruptedException e) {
                        // a sink that does not listen
                    }
                }
            }

            @Override
            public void close() {}
        };
    }

    @Test
    void write_thatFailsForAWhile_isRetriedInOrder() throws Exception {
        out.failing(3);
        try (var rig = new FlowRig().sink("out", out)) {
            rig.add(rig.draft("p")).start();
            for (int i = 0; i < 50; i++) {
                rig.send("a", Integer.toString(i));
            }
            rig.flush();
            assertThat(out.numbers("a"))
                    .isEqualTo(LongStream.range(0, 50).boxed().toList());
            assertThat(rig.flow().state().sinks().getFirst())
                    .returns(3L, FlowState.SinkState::retries)
                    .returns("", FlowState.SinkState::trouble);
        }
    }

    @Test
    void write_refusingSome_makesDeadLettersOfTheseAlone() throws Exception {
        out.shut();
        try (var rig = new FlowRig().sink("out", out)) {
            rig.add(rig.draft("p")).start();
            for (int i = 0; i < 20; i++) {
                rig.send("a", i % 7 == 3 ? "-" + i : Integer.toString(i));
            }
            out.reopen();
            rig.flush();
            assertThat(out.numbers("a")).hasSize(17).isSorted();
            assertThat(rig.line("p").deadLettered()).isEqualTo(Map.of("refused", 3L));
            assertThat(rig.deadLetters.all()).extracting(DeadLetter::reason).containsOnly("refused");
        }
    }

    @Test
    void twoSinks_oneRefusing_countTheReadingOnce() throws Exception {
        var other = new Collector();
        try (var rig = new FlowRig().sink("out", out).sink("other", other)) {
            var draft = rig.draft("p");
            draft.to = List.of("out", "other");
            rig.add(draft).start();
            rig.send("a", "-1");
            rig.send("a", "2");
            rig.flush();
            assertThat(rig.line("p"))
                    .returns(1L, Ledger.StreamLine::completed)
                    .returns(Map.of("refused", 1L), Ledger.StreamLine::deadLettered);
        }
    }

    @Test
    void dropOldest_atSinkThatHangs_doesNotBlockOthers() throws Exception {
        var slow = new Collector().shut();
        try (var rig = new FlowRig().sink("out", out).sink("slow", slow, 1, 4, Overflow.DROP_OLDEST)) {
            var draft = rig.draft("p");
            draft.to = List.of("slow", "out");
            rig.add(draft).start();
            for (int i = 0; i < 500; i++) {
                rig.send("a", Integer.toString(i));
            }
            FlowRig.await("the other sink has all", () -> out.readings().size() == 500);
            slow.reopen();
            rig.flush();
            long dropped = rig.line("p").dropped().getOrDefault("sink-overflow", 0L);
            assertThat(slow.readings()).hasSize(500 - (int) dropped);
            assertThat(slow.numbers("a")).isSorted().contains(499L);
        }
    }

    @Test
    void close_withSinkThatHangsForEver_endsAndNamesItsThread() throws Exception {
        var never = new CountDownLatch(1);
        var rig = new FlowRig().sink("hang", hanging(never)).sink("out", out);
        var draft = rig.draft("p").workers(1, 4, Overflow.BLOCK);
        draft.to = List.of("hang", "out");
        rig.add(draft).start();
        rig.send("a", "1");
        FlowRig.await(
                "the sink hangs", () -> rig.flow().state().sinks().getFirst().inHand() == 1);
        assertThat(rig.stop(Duration.ofMillis(100))).containsExactly("weir-sink-hang/1");
        assertThat(out.isClosed()).isTrue();
        never.countDown();
    }

    @Test
    void close_withTime_writesEverythingFirst() throws Exception {
        var rig = new FlowRig().sink("out", out);
        rig.add(rig.draft("p").workers(3, 600, Overflow.BLOCK)).start();
        for (int i = 0; i < 500; i++) {
            rig.send("d" + i % 10, Integer.toString(i));
        }
        assertThat(rig.stop(FlowRig.PATIENCE)).isEmpty();
        assertThat(out.readings()).hasSize(500);
        assertThat(out.isClosed()).isTrue();
        assertThat(rig.send("a", "1")).isEqualTo(dev.weir.engine.Receipt.OVERLOADED);
        assertThat(rig.source().rejected()).isEqualTo(Map.of("shutdown", 1L));
    }

    @Test
    void close_withoutTime_countsWhatIsLeftAsDropped() throws Exception {
        out.shut();
        var rig = new FlowRig().sink("out", out, 1, 4, Overflow.BLOCK);
        rig.add(rig.draft("p").workers(1, 600, Overflow.BLOCK)).start();
        for (int i = 0; i < 500; i++) {
            rig.send("a", Integer.toString(i));
        }
        assertThat(rig.stop(Duration.ZERO)).isEmpty();
        assertThat(rig.line("p"))
                .returns(Map.of("shutdown", 500L), Ledger.StreamLine::dropped)
                .returns(0L, Ledger.StreamLine::queued);
    }
}
