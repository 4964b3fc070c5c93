package dev.weir.bench.channels;

import dev.weir.bench.cells.Cell;

/// A cell of jox.
final class JoxCell {
    private JoxCell() {}

    /// `<workload> <warm-up ms> <measurement ms>`.
    public static void main(String[] args) throws InterruptedException {
        Cell.run(new JoxLibrary(), args);
    }
}
