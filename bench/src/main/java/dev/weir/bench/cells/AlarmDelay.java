package dev.weir.bench.cells;

import dev.weir.runtime.Lane;
import dev.weir.runtime.Scheduler;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/// An alarm every 10 ms in the alarm lane while a thousand Gs of the sample lane compute.
final class AlarmDelay {
    private static final Duration PERIOD = Duration.ofMillis(10);
    private static final Duration TURN = Duration.ofMillis(20);
    private static final int SPINNERS = 1_000;

    private final Scheduler scheduler;
    private final boolean turns;

    /// @param turns whether they yield after 20 ms; else they never do
    AlarmDelay(Scheduler scheduler, boolean turns) {
        this.scheduler = scheduler;
        this.turns = turns;
    }

    void run(int seconds) throws InterruptedException {
        Beat beat = new Beat(PERIOD, 20_000);
        AtomicBoolean spinning = new AtomicBoolean();
        AtomicBoolean stop = new AtomicBoolean();
        CountDownLatch ended = new CountDownLatch(1);
        scheduler.start(Lane.ALARM, "alarm", () -> {
            try {
                beat.run(spinning::get, () -> {});
                beat.ignoreWarmUp();
                beat.run(stop::get, () -> {});
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts the alarm", e);
            }
            ended.countDown();
        });
        Thread.sleep(500);
        spinning.set(true);
        Thread.sleep(50);
        for (int i = 0; i < SPINNERS; i++) {
            scheduler.start("spinner", () -> spin(stop));
        }
        long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        int carriers = 0;
        while (System.nanoTime() < end) {
            Thread.sleep(20);
            carriers = Math.max(carriers, scheduler.carriers());
        }
        stop.set(true);
        ended.await();
        Beat.print(Beat.sorted(beat));
        Cell.print("carriers", carriers);
    }

    @SuppressWarnings("ThreadPriorityCheck") // the yield is what is measured
    private void spin(AtomicBoolean stop) {
        if (!turns) {
            Spin.until(stop::get);
        }
        while (!stop.get()) {
            Spin.forNanos(TURN.toNanos());
            Thread.yield();
        }
    }
}
