package dev.weir.bench.cells;

/// Something that is done many times.
@FunctionalInterface
public interface Workload {
    /// Does it `n` times, and checks that it was done.
    ///
    /// @param n a multiple of [#UNIT]
    /// @return how long it took in nanoseconds
    long run(int n) throws InterruptedException;

    /// What every number of threads or channels here divides.
    int UNIT = 8_000;
}
