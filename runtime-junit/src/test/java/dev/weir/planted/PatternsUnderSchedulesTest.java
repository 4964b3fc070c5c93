package dev.weir.planted;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.runtime.Channel;
import dev.weir.runtime.Context;
import dev.weir.runtime.ContextException;
import dev.weir.runtime.junit.Bubble;
import dev.weir.runtime.junit.Interleaved;
import dev.weir.runtime.pattern.AdaptiveLimit;
import dev.weir.runtime.pattern.Broadcast;
import dev.weir.runtime.pattern.Dispatcher;
import dev.weir.runtime.pattern.Overflow;
import dev.weir.runtime.pattern.Pipeline;
import dev.weir.runtime.pattern.RefusedException;
import dev.weir.runtime.pattern.SlowReceiver;
import dev.weir.runtime.pattern.Stage;
import dev.weir.runtime.pattern.StealingPool;
import dev.weir.runtime.pattern.StealingPool.Shape;
import dev.weir.runtime.pattern.StealingPool.Turn;
import dev.weir.runtime.pattern.WorkerPool;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The patterns, rewritten, under seeded schedules: nothing is lost, and nobody waits for ever.
@Timeout(60)
final class PatternsUnderSchedulesTest {
    private static final String PATTERN = "dev.weir.runtime.pattern";
    private static final int SCHEDULES = 300;

    private final Context context = Context.background();
    private final Queue<Integer> handled = new ConcurrentLinkedQueue<>();

    @Interleaved(rewrite = PATTERN, schedules = SCHEDULES)
    @Test
    void pool_thatIsResizedWhileItWorks_handlesEveryElement() throws Exception {
        try (var pool = WorkerPool.io("pool", (Context _, Integer element) -> handled.add(element))
                .workers(2)
                .queue(1)
                .start(context)) {
            Threads.run(
                    () -> {
                        for (int i = 0; i < 4; i++) {
                            pool.submit(context, i);
                        }
                    },
                    () -> {
                        pool.resize(3);
                        pool.resize(1);
                    });
            assertThat(pool.drain(context).isEmpty()).isTrue();
            assertThat(handled).containsExactlyInAnyOrder(0, 1, 2, 3);
        }
    }

    @Interleaved(rewrite = PATTERN, schedules = SCHEDULES)
    @Test
    void pool_thatIsCancelledWhileItWorks_accountsForEveryElement() throws Exception {
        var dropped = new AtomicInteger();
        var submitted = new AtomicInteger();
        try (var parent = context.withCancel();
                var pool = WorkerPool.io("pool", (Context _, Integer element) -> handled.add(element))
                        .workers(2)
                        .queue(2)
                        .overflow(Overflow.DROP_OLDEST)
                        .onDropped(_ -> dropped.incrementAndGet())
                        .start(parent)) {
            Threads.run(() -> submitUntilTheEnd(pool, submitted), parent::cancel);
        }
        Bubble.settle(); // the end of the context has a thread of its own
        assertThat(handled.size() + dropped.get()).isEqualTo(submitted.get());
    }

    private void submitUntilTheEnd(WorkerPool<Integer> pool, AtomicInteger submitted) throws InterruptedException {
        try {
            for (int i = 0; i < 4; i++) {
                pool.submit(context, i);
                submitted.incrementAndGet();
            }
        } catch (RefusedException _) {
            // has ended
        }
    }

    @Interleaved(rewrite = PATTERN, schedules = SCHEDULES)
    @Test
    void pool_thatIsDrainedWithoutTime_namesEveryElement() throws Exception {
        try (var patience = context.withCancel();
                var pool = WorkerPool.io("pool", (Context handling, Integer element) -> {
                            handling.await();
                            handled.add(element);
                        })
                        .workers(2)
                        .queue(4)
                        .start(context)) {
            for (int i = 0; i < 4; i++) {
                pool.submit(context, i);
            }
            patience.cancel();
            var undone = pool.drain(patience);
            assertThat(undone.queued().size() + undone.underWay().size() + handled.size())
                    .isGreaterThanOrEqualTo(4);
        }
    }

    @Interleaved(rewrite = PATTERN, schedules = 4 * SCHEDULES)
    @Test
    void stealingPool_losesNoElementAndNoWakeUp() throws Exception {
        try (var pool =
                StealingPool.<Integer>start(context, "steal", new Shape(3, 2, Turn.NEWEST_FIRST), (_, element, own) -> {
                    handled.add(element);
                    for (int i = 1; element < 10 && i <= 2; i++) {
                        if (!own.fork(10 * element + 10 + i)) {
                            handled.add(0);
                        }
                    }
                })) {
            pool.submit(context, 1);
            pool.submit(context, 2);
            assertThat(pool.drain(context)).isZero();
            assertThat(handled).hasSize(6);
        }
    }

    @Interleaved(rewrite = PATTERN, schedules = SCHEDULES)
    @Test
    void stealingPool_withWorkThatNeedsTwo_wakesTheSecond() throws Exception {
        Channel<Integer> meeting = Channel.unbuffered();
        try (var pool =
                StealingPool.<Integer>start(context, "steal", new Shape(2, 4, Turn.OLDEST_FIRST), (_, element, own) -> {
                    switch (element) {
                        case 0 -> handled.add(own.fork(1) && own.fork(2) ? 0 : -1);
                        case 1 -> meeting.send(element);
                        default -> handled.add(meeting.receive());
                    }
                })) {
            pool.submit(context, 0);
            assertThat(pool.drain(context)).isZero();
            assertThat(handled).containsExactlyInAnyOrder(0, 1);
        }
    }

    @Interleaved(rewrite = PATTERN, schedules = SCHEDULES)
    @Test
    void adaptiveLimit_whoseCallersGiveUp_losesNoPlace() throws Exception {
        var settings = new AdaptiveLimit.Settings(1, 1, 1, 1, 0.2, 1.5, Duration.ofSeconds(1), 8);
        var limit = AdaptiveLimit.of(settings, () -> 0);
        try (var impatient = context.withCancel()) {
            Threads.run(
                    () -> limit.acquire(context).success(),
                    () -> {
                        try {
                            limit.acquire(impatient).success();
                        } catch (ContextException _) {
                            // gave up
                        }
                    },
                    () -> limit.acquire(context).dropped(),
                    impatient::cancel);
        }
        assertThat(limit.inFlight()).isZero();
        assertThat(limit.tryAcquire()).isPresent();
    }

    @Interleaved(rewrite = PATTERN, schedules = SCHEDULES)
    @Test
    void dispatcher_whoseClientsComeAndGo_countsThem() throws Exception {
        try (var dispatcher = Dispatcher.<Integer, Integer>of(context, "clients", 2)) {
            Threads.run(
                    () -> dispatcher.serve(1, 1, SlowReceiver.BLOCK, (_, element) -> handled.add(element)),
                    () -> dispatcher.dispatch(context, 1, 7),
                    () -> dispatcher.remove(1),
                    () -> dispatcher.add(2, 1, SlowReceiver.DISCONNECT).close());
            dispatcher.remove(1);
            assertThat(dispatcher.stats().clients()).isZero();
            dispatcher.add(3, 1, SlowReceiver.BLOCK);
            dispatcher.add(4, 1, SlowReceiver.BLOCK);
        }
    }

    @Interleaved(rewrite = PATTERN, schedules = SCHEDULES)
    @Test
    void subscriber_thatComesWhenTheSourceEnds_isEndedOrRefused() throws Exception {
        Channel<Integer> source = Channel.bounded(1);
        try (var broadcast = Broadcast.<Integer>of(context, "broadcast", source, 1)) {
            Threads.run(
                    () -> {
                        try {
                            broadcast
                                    .subscribe("late", 4, SlowReceiver.BLOCK)
                                    .channel()
                                    .forEach(handled::add);
                        } catch (RefusedException _) {
                            // too late
                        }
                    },
                    () -> {
                        source.send(1);
                        source.close();
                    });
        }
    }

    @Interleaved(rewrite = PATTERN, schedules = SCHEDULES / 3)
    @Test
    void pipeline_withEveryOrder_handlesEveryElement() throws Exception {
        Channel<Integer> source = Channel.bounded(4);
        source.sendAll(List.of(1, 2, 3, 4));
        source.close();
        var increment = Stage.<Integer, Integer>map("increment", (_, number) -> number + 1)
                .workers(2)
                .batch(1);
        try (var pipeline = Pipeline.from("pipeline", source)
                .then(increment.ordered().capacity(1))
                .then(increment.partitionedBy(number -> number).capacity(2))
                .start(context, (_, number) -> handled.add(number))) {
            pipeline.await();
        }
        assertThat(handled).containsExactlyInAnyOrder(3, 4, 5, 6);
    }
}
