package dev.weir.bench.cells;

/// A cell of java.util.concurrent.
final class QueueCell {
    private QueueCell() {}

    /// `<workload> <warm-up ms> <measurement ms>`.
    public static void main(String[] args) throws InterruptedException {
        Cell.run(new QueueLibrary(), args);
    }
}
