package dev.weir.bench.cells;

import java.time.Duration;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/// A beat that is due at fixed instants. Each that is due while the one before is late counts, with
/// its own lateness: as a control loop feels it, and so that a long stall is not one late beat.
final class Beat {
    private final long period;
    private final long[] lateness;
    private int count;
    private int ignored;

    /// @param most how many beats it keeps; later ones are not counted
    Beat(Duration period, int most) {
        this.period = period.toNanos();
        lateness = new long[most];
    }

    /// Beats in the calling G.
    ///
    /// @param work what is done at each beat that is not made up for
    void run(BooleanSupplier stop, Runnable work) throws InterruptedException {
        long due = System.nanoTime() + period;
        while (!stop.getAsBoolean()) {
            Thread.sleep(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
            long now = System.nanoTime();
            for (; due <= now; due += period) {
                if (count < lateness.length) {
                    lateness[count++] = now - due;
                }
            }
            work.run();
        }
    }

    /// Forgets what was until now; for the beating G, or when it has ended.
    void ignoreWarmUp() {
        ignored = count;
    }

    /// The lateness of all beats in nanoseconds, sorted.
    static long[] sorted(Beat... beats) {
        return Arrays.stream(beats)
                .flatMapToLong(beat -> Arrays.stream(beat.lateness, beat.ignored, beat.count))
                .sorted()
                .toArray();
    }

    /// Prints median, p99 and worst in milliseconds.
    static void print(long[] sorted) {
        Cell.print("p50", sorted[sorted.length / 2] / 1e6);
        Cell.print("p99", sorted[(int) (sorted.length * 0.99)] / 1e6);
        Cell.print("worst", sorted[sorted.length - 1] / 1e6);
    }
}
