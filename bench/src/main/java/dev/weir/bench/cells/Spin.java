package dev.weir.bench.cells;

import java.util.function.BooleanSupplier;

/// Work that takes a processor and gives nothing up.
final class Spin {
    /// Where results go, so that the work cannot be left out.
    static volatile long sink;

    private Spin() {}

    /// Computes for some wall-clock time.
    static void forNanos(long nanos) {
        long end = System.nanoTime() + nanos;
        until(() -> System.nanoTime() - end >= 0);
    }

    /// Computes until it is told to stop, which it asks every microsecond or so.
    static void until(BooleanSupplier stop) {
        long x = 1;
        while (!stop.getAsBoolean()) {
            for (int i = 0; i < 1_000; i++) {
                x = x * 31 + i;
            }
        }
        sink = x;
    }
}
