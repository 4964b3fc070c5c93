package dev.weir.bench.cells;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;

/// Measures one workload in a JVM that does nothing else, and prints `name value` lines.
public final class Cell {
    private static final long SHORT_RUN = Duration.ofMillis(50).toNanos();

    private Cell() {}

    /// `<workload> <warm-up ms> <measurement ms>`, of a library.
    ///
    /// @throws IllegalArgumentException if there is no such workload
    public static void run(Library library, String[] args) throws InterruptedException {
        if (args[0].equals("parked")) {
            new Parked(library).run();
            return;
        }
        Workload workload = new Workloads(library).named(args[0]);
        CountDownLatch done = new CountDownLatch(1);
        library.go(() -> {
            measure(workload, args);
            done.countDown();
        });
        done.await();
    }

    /// Warms up with ever longer runs, then measures one that takes about as long as was asked for;
    /// prints nanoseconds for one.
    ///
    /// @param args the workload's name, warm-up and measurement in milliseconds
    public static void measure(Workload workload, String[] args) throws InterruptedException {
        long warmUpUntil =
                System.nanoTime() + Duration.ofMillis(Long.parseLong(args[1])).toNanos();
        int n = Workload.UNIT;
        double each;
        do {
            long took = workload.run(n);
            each = (double) took / n;
            if (took < SHORT_RUN && n < Integer.MAX_VALUE / 2) {
                n *= 2;
            }
        } while (System.nanoTime() < warmUpUntil);
        double wanted = Long.parseLong(args[2]) * 1e6 / each;
        int units = (int) Math.clamp(wanted / Workload.UNIT, 1, Integer.MAX_VALUE / Workload.UNIT);
        print("ns", (double) workload.run(units * Workload.UNIT) / (units * Workload.UNIT));
    }

    /// Prints what was measured, for the benchmark to read.
    public static void print(String name, double value) {
        System.out.printf(Locale.ROOT, "%s %.3f%n", name, value);
    }
}
