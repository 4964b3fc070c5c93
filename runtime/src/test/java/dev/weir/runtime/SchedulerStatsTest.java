package dev.weir.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class SchedulerStatsTest {
    private static void hop(Scheduler scheduler, Lane lane, int hops) throws Exception {
        Channel<Integer> there = Channel.unbuffered();
        Channel<Integer> back = Channel.unbuffered();
        var echo = scheduler.start(
                lane,
                "echo",
                () -> there.forEach(element -> {
                    try {
                        back.send(element);
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }));
        scheduler
                .start(lane, "hopper", () -> {
                    try {
                        for (int i = 0; i < hops; i++) {
                            there.send(i);
                            back.receive();
                        }
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    there.close();
                })
                .join();
        echo.join();
    }

    private static long measured(SchedulerStats stats, Lane lane) {
        return Objects.requireNonNull(stats.latency().get(lane)).measured();
    }

    @Test
    void stats_afterWork_hasTurnsAndLatencies() throws Exception {
        var scheduler = Scheduler.of("stats", 2);
        assumeTrue(scheduler.isOwn(), "the JDK's scheduler does not tell");

        hop(scheduler, Lane.STATE, 2_000);
        var stats = scheduler.stats();

        assertThat(stats.perProcessor().stream()
                        .mapToLong(SchedulerStats.OfProcessor::turns)
                        .sum())
                .isGreaterThan(2_000);
        assertThat(measured(stats, Lane.STATE)).isPositive();
        assertThat(measured(stats, Lane.ALARM)).isZero();
        assertThat(stats.carriers()).isPositive();
        assertThat(stats.text()).startsWith("SCHED stats: processors=2").contains("STATE-p99=");
    }

    @Test
    void stats_withThreadsThatWait_countsThem() throws Exception {
        var scheduler = Scheduler.of("stats", 1);
        Channel<Integer> channel = Channel.unbuffered();
        var thread = scheduler.start("waits", () -> channel.forEach(_ -> {}));

        Running.until(() -> thread.getState() == Thread.State.WAITING);
        assertThat(scheduler.stats().threads().get(Thread.State.WAITING)).isPositive();
        channel.close();
        thread.join();
    }

    @Test
    void stats_withHogAndWaiters_tellsTheQueue() throws Exception {
        var scheduler = Scheduler.of("stats", 1, 1);
        assumeTrue(scheduler.isOwn(), "the JDK's scheduler does not tell");
        var stop = new AtomicBoolean();
        var runs = new AtomicBoolean();
        var hog = scheduler.start("hog", () -> {
            runs.set(true);
            while (!stop.get()) {
                Thread.onSpinWait();
            }
        });
        Running.until(runs::get);
        var threads = IntStream.range(0, 5)
                .mapToObj(i -> scheduler.start(Lane.ALARM, "alarm-" + i, () -> {}))
                .toList();

        assertThat(scheduler.stats().queued().get(Lane.ALARM)).isEqualTo(5);
        stop.set(true);
        hog.join();
        for (var thread : threads) {
            thread.join();
        }
    }

    @Test
    void quantile_ofHistogram_isTheBoundOfItsBucket() {
        var latency = new SchedulingLatency(List.of(0L, 0L, 98L, 0L, 2L));

        assertThat(latency.measured()).isEqualTo(100);
        assertThat(latency.quantile(0.5)).isEqualTo(Duration.ofNanos(4));
        assertThat(latency.quantile(0.99)).isEqualTo(Duration.ofNanos(16));
        assertThat(new SchedulingLatency(List.of(0L)).quantile(1)).isEqualTo(Duration.ZERO);
        assertThatThrownBy(() -> latency.quantile(1.1)).hasMessage("a share must be 0 to 1, but was 1.1");
    }
}
