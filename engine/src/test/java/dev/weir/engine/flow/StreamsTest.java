package dev.weir.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.engine.Reading;
import dev.weir.engine.stage.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Windows and the streams they make.
class StreamsTest {
    private final Collector out = new Collector();
    private final Collector behind = new Collector();

    private FlowRig windowed(int workers) {
        var rig = new FlowRig().sink("out", out).sink("behind", behind);
        var results = FlowRig.schema("w");
        var draft = rig.draft("p").workers(workers, 64, Overflow.BLOCK).stage("window", new Windowing(results, 3));
        draft.windows.add(results);
        var next = rig.draft("q");
        next.from = List.of("w");
        next.to = List.of("behind");
        return rig.add(next).add(draft);
    }

    @Test
    void window_result_goesToSinksRulesAndPipelinesOfItsStream() throws Exception {
        try (var rig = windowed(1)) {
            var seen = new ConcurrentLinkedQueue<Long>();
            rig.rules.put("w", List.of(reading -> seen.add(reading.whole(0))));
            rig.start();
            for (int i = 1; i <= 3; i++) {
                rig.send("a", Integer.toString(i));
            }
            rig.flush();
            assertThat(out.readings()).extracting(Reading::stream).containsExactlyInAnyOrder("p", "p", "p", "w");
            assertThat(behind.readings()).singleElement().satisfies(reading -> {
                assertThat(reading.stream()).isEqualTo("q");
                assertThat(reading.whole(0)).isEqualTo(6);
            });
            assertThat(seen).containsExactly(6L);
            assertThat(rig.line("w")).returns(1L, Ledger.StreamLine::accepted).returns(true, Ledger.StreamLine::window);
            assertThat(rig.line("q")).returns(1L, Ledger.StreamLine::completed);
        }
    }

    @Test
    void closeWindows_withOpenWindows_closesEachOnceAfterAllThatWasSent() throws Exception {
        for (int workers : new int[] {1, 2, 7}) {
            try (var rig = windowed(workers).start()) {
                int before = behind.readings().size();
                for (int device = 0; device < 10; device++) {
                    rig.send("d" + device, "1");
                    rig.send("d" + device, "1");
                }
                rig.flow().closeWindows("p").get(20, TimeUnit.SECONDS);
                assertThat(behind.readings()).hasSize(before + 10);
                assertThat(behind.readings()).extracting(reading -> reading.whole(0)).containsOnly(2L);
            }
        }
    }

    @Test
    void finished_source_closesWindowsAndCompletesWhatIsBehind() throws Exception {
        try (var rig = windowed(2).start()) {
            rig.send("a", "5");
            rig.inlet().finished();
            rig.flow().finished("q").get(20, TimeUnit.SECONDS);
            assertThat(rig.flow().finished("p")).isCompleted();
            assertThat(behind.numbers("a")).containsExactly(5L);
        }
    }

    @Test
    void finish_ofStages_runsOnceInTheirOrder() throws Exception {
        var order = new ConcurrentLinkedQueue<String>();
        try (var rig = new FlowRig().sink("out", out)) {
            var draft = rig.draft("p").workers(5, 50, Overflow.BLOCK);
            for (String name : new String[] {"first", "second", "third"}) {
                draft.stage(name, new Stage() {
                    @Override
                    public Verdict apply(Reading reading, Emitter emitter) {
                        return Verdict.PASS;
                    }

                    @Override
                    public void finish(Emitter emitter) {
                        order.add(name);
                    }
                });
            }
            rig.add(draft).start();
            rig.flow().closeWindows("p").get(20, TimeUnit.SECONDS);
            assertThat(order).containsExactly("first", "second", "third");
        }
    }

    @Test
    void closeWindows_askedByManyAtOnce_doesNotDeadlock() throws Exception {
        try (var rig = windowed(7).start()) {
            var all = new ArrayList<java.util.concurrent.CompletableFuture<Void>>();
            for (int i = 0; i < 30; i++) {
                rig.send("d" + i, "1");
                all.add(i % 2 == 0 ? rig.flow().closeWindows("p") : rig.flow().closeWindows());
            }
            for (var one : all) {
                one.get(20, TimeUnit.SECONDS);
            }
            assertThat(behind.readings()).hasSize(30);
        }
    }

    @Test
    void closeWindows_ofUnknownPipeline_fails() throws Exception {
        try (var rig = windowed(1).start()) {
            assertThatThrownBy(() -> rig.flow().closeWindows("nobody").get())
                    .hasCauseInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void close_withOpenWindows_doesNotCloseThem() throws Exception {
        try (var rig = windowed(2).start()) {
            rig.send("a", "5");
            rig.stop(FlowRig.PATIENCE);
            assertThat(behind.readings()).isEmpty();
            assertThat(out.numbers("a")).containsExactly(5L);
            assertThat(rig.flow().flush()).isCompletedExceptionally();
        }
    }

    @Test
    void heldReadings_atClose_areCountedAsDropped() throws Exception {
        var held = new AtomicInteger();
        var rig = new FlowRig().sink("out", out);
        rig.add(rig.draft("p").stage("hold", (_, _) -> {
                    held.incrementAndGet();
                    return Stage.Verdict.HELD;
                }))
                .start();
        rig.send("a", "1");
        rig.flush();
        assertThat(rig.line("p")).returns(1L, Ledger.StreamLine::queued);
        rig.stop(FlowRig.PATIENCE);
        assertThat(rig.line("p").dropped()).containsEntry("shutdown", 1L);
    }
}
