package dev.weir.bench;

import java.io.IOException;
import java.util.List;

/// A part of the runtime benchmark, which can be run by itself.
interface RuntimePart {
    /// The name for the command line.
    String name();

    /// Measures, and says on standard output how it goes.
    void run(Cells cells, Effort effort, Rows rows) throws IOException, InterruptedException;

    /// How long to measure.
    ///
    /// @param rounds how often the candidates take turns, for each number of processors
    /// @param warmUpMillis processor time in its process before each measurement
    /// @param millis each measurement of speed
    /// @param otherRounds how often they take turns where it is not about speed
    /// @param seconds each measurement of fairness
    record Effort(List<Rounds> rounds, int warmUpMillis, int millis, int otherRounds, int seconds) {
        static final Effort QUICK = new Effort(List.of(new Rounds(2, 3), new Rounds(1, 1)), 700, 200, 1, 3);
        static final Effort FULL = new Effort(List.of(new Rounds(2, 7), new Rounds(1, 5)), 3_000, 1_000, 5, 3);

        /// The same with so many rounds; 0 leaves it as it is.
        Effort withRounds(int count) {
            if (count == 0) {
                return this;
            }
            List<Rounds> turns = rounds.stream()
                    .map(each -> new Rounds(each.processors(), count))
                    .toList();
            return new Effort(turns, warmUpMillis, millis, count, seconds);
        }

        /// @param processors as many as the candidates may use
        /// @param count how often they take turns
        record Rounds(int processors, int count) {}
    }
}
