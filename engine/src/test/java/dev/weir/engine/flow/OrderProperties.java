package dev.weir.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.stage.Stage;
import dev.weir.engine.stage.Stage.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Order by device and an exact ledger, whatever the stages do and however many workers there
/// are. A failing case prints its seed, which replays it.
class OrderProperties {
    private static final int DEVICES = 23;
    private static final int READINGS = 120;

    private final long seed = Long.getLong("weir.seed", System.nanoTime());

    /// Holds a reading back until the next of its device, as far as `hold` says.
    private static Stage holding(Random random) {
        Map<String, List<dev.weir.engine.Reading>> held = new ConcurrentHashMap<>();
        boolean[] coin = new boolean[1024];
        for (int i = 0; i < coin.length; i++) {
            coin[i] = random.nextBoolean();
        }
        return new Stage() {
            @Override
            public Verdict apply(dev.weir.engine.Reading reading, Emitter emitter) {
                var mine = held.computeIfAbsent(reading.device(), _ -> new ArrayList<>());
                mine.forEach(emitter::resume);
                mine.clear();
                if (coin[(int) (reading.whole(0) % coin.length)]) {
                    mine.add(reading);
                    return Verdict.HELD;
                }
                return Verdict.PASS;
            }

            @Override
            public void finish(Emitter emitter) {
                held.values().forEach(mine -> {
                    mine.forEach(emitter::resume);
                    mine.clear();
                });
            }
        };
    }

    private static Stage failing(int salt) {
        return (reading, _) -> switch ((int) ((reading.whole(0) + salt) % 17)) {
            case 3 -> Verdict.FILTERED;
            case 5 -> Verdict.DUPLICATE;
            case 7 -> throw new IllegalStateException("made up");
            default -> Verdict.PASS;
        };
    }

    private static StagePlan own(StagePlan plan, Random random) {
        if (random.nextInt(3) > 0) {
            return plan;
        }
        int workers = 1 + random.nextInt(4);
        return new StagePlan(
                plan.name(),
                plan.stage(),
                Optional.of(new Workforce(workers, workers * (1 + random.nextInt(8)), Overflow.BLOCK)),
                random.nextBoolean() ? Optional.of(Duration.ofSeconds(30)) : Optional.empty());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void pipeline_withRandomStages_keepsOrderByDeviceAndBalances(int workers) throws Exception {
        var random = new Random(seed);
        for (int round = 0; round < 5; round++) {
            var out = new Collector().failing(random.nextInt(3));
            var other = new Collector();
            try (var rig = new FlowRig()
                    .sink("out", out, 1 + random.nextInt(3), 8 + random.nextInt(100), Overflow.BLOCK)
                    .sink("other", other)) {
                var draft = rig.draft("p").workers(workers, workers + random.nextInt(200), Overflow.BLOCK);
                draft.to = List.of("out", "other");
                for (int i = random.nextInt(5); i >= 0; i--) {
                    Stage stage = random.nextInt(3) == 0 ? holding(random) : failing(random.nextInt(17));
                    draft.stages.add(own(StagePlan.of("s" + i, stage), random));
                }
                rig.add(draft).start();
                sendFromManyThreads(rig);
                rig.flow().closeWindows().get();
                assertOrder(out);
                assertOrder(other);
                rig.awaitBalance();
                assertThat(rig.line("p"))
                        .as("seed " + seed)
                        .returns((long) DEVICES * READINGS, Ledger.StreamLine::accepted)
                        .returns(0L, Ledger.StreamLine::queued)
                        .returns((long) out.readings().size(), Ledger.StreamLine::completed);
            }
        }
    }

    private static void sendFromManyThreads(FlowRig rig) throws InterruptedException {
        var threads = new ArrayList<Thread>();
        for (int first = 0; first < 4; first++) {
            int mine = first;
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < READINGS; i++) {
                        for (int device = mine; device < DEVICES; device += 4) {
                            rig.send("d" + device, Integer.toString(i));
                        }
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void assertOrder(Collector sink) {
        for (int device = 0; device < DEVICES; device++) {
            assertThat(sink.numbers("d" + device))
                    .as("device " + device + ", seed " + seed)
                    .isSorted()
                    .doesNotHaveDuplicates();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void close_inTheMiddleOfEverything_balancesExactly(int workers) throws Exception {
        var random = new Random(seed);
        for (int round = 0; round < 6; round++) {
            var out = new Collector();
            if (round % 2 == 0) {
                out.shut();
            }
            Overflow policy = Overflow.values()[round % 3];
            var rig = new FlowRig().sink("out", out, 1, 16, Overflow.values()[random.nextInt(3)]);
            var window = FlowRig.schema("w");
            var behind = rig.draft("q").stage("fail", failing(4));
            behind.from = List.of("w");
            var draft = rig.draft("p").workers(workers, 24, policy).stage("hold", holding(random));
            draft.stages.add(StagePlan.of("window", new Windowing(window, 3)));
            draft.windows.add(window);
            draft.stages.add(own(StagePlan.of("fail", failing(round)), random));
            rig.add(draft).add(behind).start();
            var senders = Thread.ofVirtual().start(() -> {
                try {
                    sendFromManyThreads(rig);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            FlowRig.await("it has begun", () -> rig.line("p").accepted() > random.nextInt(50));
            assertThat(rig.flow().close(Duration.ofMillis(random.nextInt(30)))).isEmpty();
            senders.join();
            assertThat(rig.flow().ledger())
                    .as("seed " + seed + ": " + rig.flow().ledger())
                    .returns(true, Ledger::balanced);
            assertThat(rig.flow().ledger().streams()).allSatisfy(line -> assertThat(line.queued())
                    .isZero());
        }
    }
}
