package dev.weir.bench.cells;

import dev.weir.runtime.Scheduler;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/// Workers that have something to do every millisecond, beside Gs that read from files that make
/// them wait. Who writes into the files is another process.
final class BlockedReads {
    private static final Duration PERIOD = Duration.ofMillis(1);
    private static final long WORK = Duration.ofNanos(100_000).toNanos();
    private static final int WORKERS = 4;

    private final Scheduler scheduler;
    private final List<Path> fifos;

    BlockedReads(Scheduler scheduler, List<Path> fifos) {
        this.scheduler = scheduler;
        this.fifos = fifos;
    }

    void run(int seconds) throws InterruptedException {
        AtomicBoolean reading = new AtomicBoolean();
        AtomicBoolean stop = new AtomicBoolean();
        CountDownLatch ended = new CountDownLatch(WORKERS);
        Beat[] beats =
                Stream.generate(() -> new Beat(PERIOD, 100_000)).limit(WORKERS).toArray(Beat[]::new);
        for (Beat beat : beats) {
            scheduler.start("worker", () -> {
                try {
                    beat.run(reading::get, () -> Spin.forNanos(WORK));
                    beat.ignoreWarmUp();
                    beat.run(stop::get, () -> Spin.forNanos(WORK));
                } catch (InterruptedException e) {
                    throw new IllegalStateException("nobody interrupts a worker", e);
                }
                ended.countDown();
            });
        }
        Thread.sleep(500);
        reading.set(true);
        Thread.sleep(50);
        fifos.forEach(fifo -> scheduler.start("reader", () -> read(fifo, stop)));
        Thread.sleep(Duration.ofSeconds(seconds));
        stop.set(true);
        ended.await();
        Beat.print(Beat.sorted(beats));
        Cell.print("carriers", scheduler.carriers());
    }

    private static void read(Path fifo, AtomicBoolean stop) {
        try (FileInputStream in = new FileInputStream(fifo.toFile())) {
            while (!stop.get() && in.read() >= 0) {
                Thread.onSpinWait();
            }
        } catch (IOException e) {
            throw new IllegalStateException("no byte from " + fifo, e);
        }
    }
}
