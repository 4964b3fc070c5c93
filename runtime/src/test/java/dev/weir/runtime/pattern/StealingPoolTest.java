package dev.weir.runtime.pattern;

import static dev.weir.runtime.Running.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.runtime.Context;
import dev.weir.runtime.pattern.StealingPool.Shape;
import dev.weir.runtime.pattern.StealingPool.Turn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
final class StealingPoolTest {
    private static final int WORKERS = 4;

    private final Context context = Context.background();

    private record Range(int from, int to) {}

    @ParameterizedTest
    @EnumSource
    void work_thatSplitsItself_isDoneOnce(Turn turn) throws Exception {
        var sum = new LongAdder();
        StealingPool.Handler<Range> halve = new StealingPool.Handler<>() {
            @Override
            public void handle(Context context, Range range, StealingPool.Own<Range> own) throws Exception {
                if (range.to - range.from == 1) {
                    sum.add(range.from);
                    return;
                }
                int middle = (range.from + range.to) >>> 1;
                for (var half : List.of(new Range(range.from, middle), new Range(middle, range.to))) {
                    if (!own.fork(half)) {
                        handle(context, half, own);
                    }
                }
            }
        };
        try (var pool = StealingPool.start(context, "halves", new Shape(WORKERS, 8, turn), halve)) {
            for (int i = 0; i < 10; i++) {
                pool.submit(context, new Range(1000 * i, 1000 * (i + 1)));
            }
            assertThat(pool.drain(context)).isZero();
            var stats = pool.stats();
            assertThat(stats.submitted() + stats.forked()).isEqualTo(stats.done());
        }
        assertThat(sum.sum()).isEqualTo(9999L * 10_000 / 2);
    }

    @ParameterizedTest
    @EnumSource
    void work_thatAllComesFromOneWorker_isSpreadOverAll(Turn turn) throws Exception {
        var together = new CyclicBarrier(WORKERS);
        try (var pool =
                StealingPool.<Integer>start(context, "skewed", new Shape(WORKERS, 64, turn), (_, element, own) -> {
                    if (element < 0) {
                        for (int i = 0; i < 10 * WORKERS; i++) {
                            own.fork(i);
                        }
                    } else {
                        together.await(); // passes only if every worker has one of them
                    }
                })) {
            pool.submit(context, -1);
            assertThat(pool.drain(context)).isZero();
            assertThat(pool.stats().stolen()).isGreaterThanOrEqualTo(WORKERS - 1);
            assertThat(pool.stats().failed()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void owner_takesItsElementsInItsTurn(Turn turn) throws Exception {
        var order = Collections.synchronizedList(new ArrayList<Integer>());
        try (var pool = StealingPool.<Integer>start(context, "alone", new Shape(1, 8, turn), (_, element, own) -> {
            order.add(element);
            if (element == 0) {
                own.fork(1);
                own.fork(2);
                own.fork(3);
            }
        })) {
            pool.submit(context, 0);
            pool.drain(context);
        }
        switch (turn) {
            case NEWEST_FIRST -> assertThat(order).containsExactly(0, 3, 2, 1);
            case OLDEST_FIRST -> assertThat(order).containsExactly(0, 1, 2, 3);
        }
    }

    @Test
    void fork_withoutRoom_isRefused() throws Exception {
        var refused = new AtomicInteger();
        try (var pool =
                StealingPool.<Integer>start(context, "full", new Shape(1, 2, Turn.NEWEST_FIRST), (_, element, own) -> {
                    for (int i = 0; i < element; i++) {
                        refused.addAndGet(own.fork(0) ? 0 : 1);
                    }
                })) {
            pool.submit(context, 5);
            assertThat(pool.drain(context)).isZero();
        }
        assertThat(refused).hasValue(3);
    }

    @Test
    void handler_thatThrows_leavesItsWorkerAlive() throws Exception {
        try (var pool =
                StealingPool.<Integer>start(context, "throws", new Shape(1, 8, Turn.NEWEST_FIRST), (_, element, _) -> {
                    if (element == 0) {
                        throw new IllegalStateException("element 0");
                    }
                    Thread.currentThread().interrupt();
                })) {
            pool.submit(context, 0);
            pool.submit(context, 1);
            pool.submit(context, 2);
            assertThat(pool.drain(context)).isZero();
            assertThat(pool.stats().done()).isEqualTo(2);
            assertThat(pool.errors().failures()).extracting(Failed::subject).containsExactly(0);
        }
    }

    @Test
    void drain_withoutEnoughTime_tellsHowManyWereNotDone() throws Exception {
        var open = new CountDownLatch(1);
        var pool = StealingPool.<Integer>start(
                context, "stuck", new Shape(2, 8, Turn.OLDEST_FIRST), (_, _, _) -> open.await());
        for (int i = 0; i < 5; i++) {
            pool.submit(context, i);
        }
        try (pool;
                var soon = context.withTimeout(Duration.ofMillis(5))) {
            assertThat(pool.drain(soon)).isEqualTo(5);
        }
        open.countDown();
        until(() -> pool.stats().done() > 0);
    }

    @Test
    void submit_afterTheEnd_isRefused() throws Exception {
        try (var parent = context.withCancel()) {
            var pool = StealingPool.<Integer>start(
                    parent, "ended", new Shape(1, 1, Turn.OLDEST_FIRST), (handling, _, _) -> handling.await());
            pool.submit(context, 1);
            parent.cancel();
            assertThatThrownBy(() -> pool.submit(context, 2))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("ended has ended");
            pool.close();
        }
    }
}
