package dev.weir.runtime.pattern;

import static dev.weir.runtime.Running.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.runtime.CancelledException;
import dev.weir.runtime.Channel;
import dev.weir.runtime.Context;
import dev.weir.runtime.SendOnClosedException;
import dev.weir.runtime.TaskFailedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class PipelineTest {
    private static final int MANY = 20_000;

    private final Context context = Context.background();
    private final List<Integer> results = Collections.synchronizedList(new ArrayList<>());

    private Pipeline.Plan<Integer> numbers(int count) {
        return Pipeline.from("numbers", (context, out) -> {
            for (int i = 0; i < count; i++) {
                out.send(i, context);
            }
        });
    }

    private void run(Pipeline.Plan<Integer> plan) throws InterruptedException {
        try (var pipeline = plan.start(context, (_, number) -> results.add(number))) {
            pipeline.await();
        }
    }

    private static Stage<Integer, Integer> increment(int workers) {
        return Stage.map("increment", (Context _, Integer number) -> number + 1).workers(workers);
    }

    @Test
    void stages_withOneWorkerEach_keepTheOrder() throws Exception {
        run(numbers(MANY).then(increment(1)).then(Stage.filter("even", number -> number % 2 == 0)));
        assertThat(results)
                .isEqualTo(IntStream.rangeClosed(1, MANY / 2)
                        .map(i -> 2 * i)
                        .boxed()
                        .toList());
    }

    @Test
    void stage_withSeveralWorkers_handlesEveryElementOnce() throws Exception {
        run(numbers(MANY).then(increment(4)));
        assertThat(results).hasSize(MANY).doesNotHaveDuplicates();
    }

    @Test
    void orderedStage_withSeveralWorkers_keepsTheOrder() throws Exception {
        run(numbers(MANY).then(increment(4).ordered().capacity(64)));
        assertThat(results).isEqualTo(IntStream.rangeClosed(1, MANY).boxed().toList());
    }

    @Test
    void orderedStage_whoseFirstElementIsSlow_worksOnTheOthersMeanwhile() throws Exception {
        var others = new CountDownLatch(2);
        run(numbers(3)
                .then(Stage.map("slow", (Context _, Integer number) -> {
                            if (number == 0) {
                                others.await();
                            } else {
                                others.countDown();
                            }
                            return number;
                        })
                        .workers(3)
                        .batch(1)
                        .ordered()));
        assertThat(results).containsExactly(0, 1, 2);
    }

    @Test
    void partitionedStage_withSeveralWorkers_keepsTheOrderOfEachKey() throws Exception {
        var threads = new ConcurrentHashMap<Integer, String>();
        run(numbers(MANY)
                .then(Stage.map("by-key", (Context _, Integer number) -> {
                            var thread = Thread.currentThread().getName();
                            assertThat(threads.merge(number % 10, thread, (first, _) -> first))
                                    .isEqualTo(thread);
                            return number;
                        })
                        .workers(4)
                        .partitionedBy(number -> number % 10)));
        for (int key = 0; key < 10; key++) {
            int wanted = key;
            assertThat(results.stream().filter(number -> number % 10 == wanted))
                    .isSorted()
                    .hasSize(MANY / 10);
        }
        assertThat(threads.values().stream().distinct().count()).isGreaterThan(1);
    }

    @Test
    void workers_ofSlowStage_shareWhatIsThere() throws Exception {
        var together = new CountDownLatch(4);
        run(numbers(4)
                .then(Stage.map("together", (Context _, Integer number) -> {
                            together.countDown();
                            together.await(); // only if each worker has one
                            return number;
                        })
                        .workers(4)));
        assertThat(results).hasSize(4);
    }

    @Test
    void flatMap_makesAnyNumberOfElements() throws Exception {
        run(numbers(4).then(Stage.flatMap("times", (_, number) -> Collections.nCopies(number, number))));
        assertThat(results).containsExactly(1, 2, 2, 3, 3, 3);
    }

    @Test
    void batches_moveAsBatches() throws Exception {
        Channel<Integer> source = Channel.bounded(64);
        source.sendAll(IntStream.range(0, 50).boxed().toList());
        source.close();
        var sizes = Collections.synchronizedList(new ArrayList<Integer>());
        run(Pipeline.from("batches", source).then(Stage.batches("sizes", (Context _, List<Integer> batch) -> {
            sizes.add(batch.size());
            return List.copyOf(batch);
        })));
        assertThat(sizes).containsExactly(50);
        assertThat(results).hasSize(50);
    }

    @Test
    void stage_thatThrows_endsAllAndIsNamed() throws Exception {
        var endless = Pipeline.<Integer>from("endless", (context, out) -> {
            for (int i = 0; true; i++) {
                out.send(i, context);
            }
        });
        var broken = new IllegalStateException("number 1000");
        try (var pipeline = endless.then(increment(3).ordered())
                .then(Stage.map("breaks", (Context _, Integer number) -> {
                    if (number == 1000) {
                        throw broken;
                    }
                    return number;
                }))
                .start(context, (_, number) -> results.add(number))) {
            assertThatThrownBy(pipeline::await)
                    .isInstanceOf(TaskFailedException.class)
                    .hasMessageContaining("-breaks-1 failed")
                    .hasCause(broken);
        }
    }

    @Test
    void source_thatSendsWithoutContext_isEndedByAFailure() throws Exception {
        var ended = new CountDownLatch(1);
        try (var pipeline = Pipeline.<Integer>from("deaf", (_, out) -> {
                    try {
                        while (true) {
                            out.send(1);
                        }
                    } catch (SendOnClosedException _) {
                        ended.countDown();
                    }
                })
                .start(context, (_, _) -> {
                    throw new IllegalStateException("no more");
                })) {
            assertThatThrownBy(pipeline::await).hasRootCauseMessage("no more");
        }
        ended.await();
    }

    @Test
    void context_thatIsCancelled_endsThePipeline() throws Exception {
        try (var parent = context.withCancel();
                var pipeline = Pipeline.from("waits", Channel.<Integer>bounded(1))
                        .then(increment(2).ordered())
                        .then(increment(2).partitionedBy(number -> number))
                        .start(parent, (_, number) -> results.add(number))) {
            parent.cancel();
            assertThatThrownBy(pipeline::await).isInstanceOf(CancelledException.class);
        }
    }

    @Test
    void into_atTheEndOfTheSource_closesTheChannel() throws Exception {
        Channel<Integer> out = Channel.bounded(4);
        try (var pipeline = numbers(100).then(increment(2)).into(context, out)) {
            assertThat(out).hasSize(100);
            pipeline.await();
        }
    }

    @Test
    void into_afterAFailure_closesTheChannel() throws Exception {
        Channel<Integer> out = Channel.bounded(4);
        try (var pipeline = numbers(100)
                .then(Stage.map("breaks", (Context _, Integer number) -> 1 / (number - 50)))
                .into(context, out)) {
            for (var _ : out) {}
            assertThatThrownBy(pipeline::await).hasRootCauseInstanceOf(ArithmeticException.class);
        }
    }

    @Test
    void stats_tellWhereItIsSlow() throws Exception {
        var gate = new CountDownLatch(1);
        var taken = new AtomicInteger();
        try (var pipeline = numbers(1000)
                .then(increment(1).capacity(8))
                .then(Stage.map("slow", (Context _, Integer number) -> {
                            taken.incrementAndGet();
                            gate.await();
                            return number;
                        })
                        .capacity(8)
                        .batch(1))
                .start(context, (_, number) -> results.add(number))) {
            until(() -> taken.get() == 1
                    && pipeline.stats().stream().limit(2).allMatch(stage -> stage.queued() == stage.capacity()));
            gate.countDown();
            pipeline.await();
            var stats = pipeline.stats();
            assertThat(stats).extracting(StageStats::name).containsExactly("increment", "slow", "sink");
            assertThat(stats).extracting(StageStats::in).containsOnly(1000L);
            assertThat(stats.getFirst().blocked()).isPositive();
            assertThat(stats.getLast().starved()).isPositive();
        }
    }

    @Test
    void stage_withNumbersOutOfBounds_isRefused() {
        assertThatThrownBy(() -> increment(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("workers of stage increment must be 1 to 1024, but was 0");
        assertThatThrownBy(() -> increment(1).capacity(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> increment(1).batch(2000)).isInstanceOf(IllegalArgumentException.class);
    }
}
