package dev.weir.runtime.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.runtime.Context;
import dev.weir.runtime.Group;
import dev.weir.runtime.WeightedSemaphore;
import dev.weir.runtime.pattern.AdaptiveLimit;
import dev.weir.runtime.pattern.Dispatcher;
import dev.weir.runtime.pattern.SlowReceiver;
import dev.weir.runtime.pattern.WorkerPool;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The patterns of the runtime where time matters.
@Timeout(60)
final class PatternsInVirtualTimeTest {
    private final Context context = Context.background();

    /// A server that does `capacity` calls at the same time, each in 10 ms; the others wait.
    private void load(AdaptiveLimit limit, int capacity, int callers, Duration time) throws InterruptedException {
        var server = WeightedSemaphore.of(capacity);
        long until = Bubble.nanoTime() + time.toNanos();
        try (var group = Group.of(context, "callers")) {
            for (int i = 0; i < callers; i++) {
                group.go(() -> {
                    while (Bubble.nanoTime() < until) {
                        try (var permit = limit.acquire(context)) {
                            server.acquire(1);
                            Bubble.sleep(Duration.ofMillis(10));
                            server.release(1);
                            permit.success();
                        }
                    }
                });
            }
            group.await();
        }
    }

    @Test
    @VirtualTime
    void adaptiveLimit_withWaitingCallers_findsTheCapacityAndBacksOff() throws Exception {
        var limit = AdaptiveLimit.of(AdaptiveLimit.Settings.between(1, 100), Bubble::nanoTime);
        load(limit, 30, 100, Duration.ofSeconds(15));
        assertThat(limit.limit()).isBetween(30, 60);
        load(limit, 8, 100, Duration.ofSeconds(15));
        assertThat(limit.limit()).isBetween(8, 26);
    }

    @Test
    @VirtualTime
    void drain_withADeadline_endsAtTheDeadline() throws Exception {
        try (var pool = WorkerPool.io("slow", (Context handling, String _) -> handling.await())
                        .workers(1)
                        .start(context);
                var patience = context.withTimeout(Duration.ofSeconds(30))) {
            pool.submit(context, "one");
            pool.submit(context, "two");
            Bubble.settle();
            var undone = pool.drain(patience);
            assertThat(undone.queued()).containsExactly("two");
            assertThat(Bubble.nanoTime()).isEqualTo(Duration.ofSeconds(30).toNanos());
        }
    }

    @Test
    @VirtualTime
    void dispatcher_withASlowClient_doesNotDelayTheOthers() throws Exception {
        var handled = new AtomicInteger();
        try (var dispatcher = Dispatcher.<Integer, Integer>of(context, "clients", 100)) {
            for (int client = 0; client < 100; client++) {
                var pause = Duration.ofMillis(client == 0 ? 3_600_000 : 1);
                dispatcher.serve(client, 1, SlowReceiver.DROP_NEWEST, (_, _) -> {
                    Bubble.sleep(pause);
                    handled.incrementAndGet();
                });
            }
            for (int round = 0; round < 10; round++) {
                for (int client = 0; client < 100; client++) {
                    dispatcher.dispatch(context, client, round);
                }
                Bubble.sleep(Duration.ofMillis(1));
            }
            Bubble.settle();
            assertThat(handled).hasValue(990);
            assertThat(Bubble.nanoTime()).isEqualTo(Duration.ofMillis(10).toNanos());
            assertThat(dispatcher.stats().dropped()).isEqualTo(8);
        }
    }
}
