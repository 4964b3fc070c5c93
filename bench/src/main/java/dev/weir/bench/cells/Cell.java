package dev.weir.bench.cells;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;

/// Measures one workload in a JVM that does nothing else, and prints `name value` lines.
public final class Cell {
    private static final long SHORT_RUN = Duration.ofMillis(50).toNanos();

    private static final int MOST_UNITS = Integer.MAX_VALUE / Workload.UNIT;

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

    /// Warms up with ever longer runs until the process has had so much processor time, since on a
    /// busy machine the compilers get no more than their share of a second; then measures a run
    /// that takes about as long as was asked for, and prints nanoseconds for one.
    ///
    /// @param args the workload's name, warm-up and measurement in milliseconds
    public static void measure(Workload workload, String[] args) throws InterruptedException {
        Duration warmUp = Duration.ofMillis(Long.parseLong(args[1]));
        int n = Workload.UNIT;
        double each;
        do {
            long took = workload.run(n);
            each = (double) took / n;
            if (took < SHORT_RUN && n < Integer.MAX_VALUE / 2) {
                n *= 2;
            }
        } while (processorTime().compareTo(warmUp) < 0);
        double wanted = Long.parseLong(args[2]) * 1e6 / each;
        int units = (int) Math.clamp(wanted / Workload.UNIT, 1, MOST_UNITS);
        print("ns", (double) workload.run(units * Workload.UNIT) / (units * Workload.UNIT));
    }

    private static Duration processorTime() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .orElseThrow(() -> new IllegalStateException("this system does not say what a process used"));
    }

    /// Prints what was measured, for the benchmark to read.
    public static void print(String name, double value) {
        System.out.printf(Locale.ROOT, "%s %.3f%n", name, value);
    }
}
