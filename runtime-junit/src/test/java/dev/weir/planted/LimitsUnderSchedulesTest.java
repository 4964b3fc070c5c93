package dev.weir.planted;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.runtime.Channel;
import dev.weir.runtime.ChannelTimer;
import dev.weir.runtime.Context;
import dev.weir.runtime.ContextException;
import dev.weir.runtime.Singleflight;
import dev.weir.runtime.WaitGroup;
import dev.weir.runtime.WeightedSemaphore;
import dev.weir.runtime.junit.Bubble;
import dev.weir.runtime.junit.Interleaved;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The library's limits and timers, rewritten, as [RuntimeUnderSchedulesTest] has its channels.
@Timeout(60)
final class LimitsUnderSchedulesTest {
    private static final String RUNTIME = "dev.weir.runtime";
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final AtomicInteger inside = new AtomicInteger();
    private final List<Integer> taken = new ArrayList<>();

    @Interleaved(rewrite = RUNTIME)
    @Test
    void semaphore_ofTwo_letsNoMoreThanTwoInAndAllThrough() throws Exception {
        var permits = WeightedSemaphore.of(2);
        Threads.run(() -> enter(permits, 1), () -> enter(permits, 2), () -> enter(permits, 1));
        assertThat(permits.available()).isEqualTo(2);
    }

    private void enter(WeightedSemaphore permits, int weight) throws InterruptedException {
        permits.acquire(weight);
        Threads.check(inside.addAndGet(weight) <= 2, "more than two are inside");
        inside.addAndGet(-weight);
        permits.release(weight);
    }

    @Interleaved(rewrite = RUNTIME)
    @Test
    void semaphore_withACancelledWaiter_losesNoPermit() throws Exception {
        var permits = WeightedSemaphore.of(1);
        try (var context = Context.background().withCancel()) {
            Threads.run(
                    () -> enter(permits, 1),
                    () -> {
                        try {
                            permits.acquire(1, context);
                            permits.release(1);
                        } catch (ContextException e) {
                            // as it may
                        }
                    },
                    context::cancel);
        }
        assertThat(permits.available()).isEqualTo(1);
    }

    @Interleaved(rewrite = RUNTIME)
    @Test
    void waitGroup_ofTwoTasks_waitsForBoth() throws Exception {
        var tasks = WaitGroup.of("tasks");
        tasks.go(inside::incrementAndGet);
        tasks.go(inside::incrementAndGet);
        tasks.await();
        assertThat(inside.get()).isEqualTo(2);
    }

    @Interleaved(rewrite = RUNTIME)
    @Test
    void singleflight_ofTwoCallers_givesBothAResult() throws Exception {
        var loads = Singleflight.<String, Integer>of("loads");
        Threads.run(() -> load(loads), () -> load(loads));
        assertThat(taken).hasSize(2).allMatch(result -> result <= inside.get());
        assertThat(loads.underWay()).isZero();
    }

    private void load(Singleflight<String, Integer> loads) throws InterruptedException {
        int result = loads.call("key", context -> inside.incrementAndGet());
        synchronized (taken) {
            taken.add(result);
        }
    }

    @Interleaved(rewrite = RUNTIME)
    @Test
    void timer_thatIsStoppedWhenItFires_hasFiredOrWasStopped() throws Exception {
        var timer = ChannelTimer.in(SECOND);
        Bubble.sleep(SECOND);
        boolean stopped = timer.stop();
        boolean ticked = timer.tick().tryReceive() != null;
        assertThat(stopped && ticked).isFalse();
    }

    @Interleaved(rewrite = RUNTIME)
    @Test
    void batch_fromTwoSenders_hasEachElementOnce() throws Exception {
        var channel = Channel.<Integer>bounded(2);
        Threads.run(() -> channel.send(1), () -> channel.send(2), () -> {
            while (taken.size() < 2) {
                channel.receiveUpTo(taken, 2);
            }
        });
        assertThat(taken).containsExactlyInAnyOrder(1, 2);
    }
}
