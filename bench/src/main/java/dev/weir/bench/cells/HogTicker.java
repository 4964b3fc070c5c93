package dev.weir.bench.cells;

import dev.weir.runtime.Scheduler;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/// A beat of 5 ms beside four Gs that compute.
final class HogTicker {
    private static final Duration PERIOD = Duration.ofMillis(5);
    private static final int HOGS = 4;

    private final Scheduler scheduler;

    HogTicker(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /// @param seconds each hog's, from its start
    void run(int seconds) throws InterruptedException {
        Beat beat = new Beat(PERIOD, 20_000);
        AtomicBoolean stop = new AtomicBoolean();
        CountDownLatch hogs = new CountDownLatch(HOGS);
        CountDownLatch ended = new CountDownLatch(1);
        AtomicBoolean hogging = new AtomicBoolean();
        scheduler.start("ticker", () -> {
            try {
                beat.run(hogging::get, () -> {});
                beat.ignoreWarmUp();
                beat.run(stop::get, () -> {});
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts the ticker", e);
            }
            ended.countDown();
        });
        Thread.sleep(500);
        hogging.set(true);
        Thread.sleep(50);
        for (int i = 0; i < HOGS; i++) {
            scheduler.start("hog", () -> {
                Spin.forNanos(Duration.ofSeconds(seconds).toNanos());
                hogs.countDown();
            });
        }
        hogs.await();
        Thread.sleep(100);
        stop.set(true);
        ended.await();
        Beat.print(Beat.sorted(beat));
        Cell.print("carriers", scheduler.carriers());
    }
}
