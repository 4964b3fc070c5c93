package dev.weir.bench;

import java.io.IOException;

/// A part of the ingest benchmark, which can be run by itself.
interface Part {
    /// The name for the command line.
    String name();

    /// Measures, and says on standard output how it goes.
    void run(Peers peers, Effort effort, Rows rows) throws IOException, InterruptedException;

    /// How long to measure.
    ///
    /// @param rounds how often the servers take turns
    /// @param warmUpSeconds before each measurement
    /// @param seconds each measurement
    record Effort(int rounds, int warmUpSeconds, int seconds) {
        static final Effort QUICK = new Effort(3, 5, 4);
        static final Effort FULL = new Effort(7, 15, 15);

        /// The same with so many rounds; 0 leaves it as it is.
        Effort withRounds(int count) {
            return count == 0 ? this : new Effort(count, warmUpSeconds, seconds);
        }
    }
}
