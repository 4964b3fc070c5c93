package dev.weir.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// How late who has little to do gets to run beside those who take much, on two processors.
///
/// @param name for the command line
/// @param questions what is asked, each a cell
/// @param fifos how many files the cells read from that make them wait
record FairPart(String name, List<Question> questions, int fifos) implements RuntimePart {
    private static final List<String> CANDIDATES = List.of("weir", "go", "weir_jdk");
    private static final int PROCESSORS = 2;
    private static final List<String> LATENESS = List.of("p50", "p99", "worst");

    /// A cell.
    ///
    /// @param cell its name
    /// @param row its name in the rows
    record Question(String cell, String row) {}

    @Override
    public void run(Cells cells, Effort effort, Rows rows) throws IOException, InterruptedException {
        Medians medians = new Medians();
        for (int round = 1; round <= effort.fairRounds(); round++) {
            for (Question question : questions) {
                for (String candidate : CANDIDATES) {
                    note(question, candidate, ask(cells, candidate, question, effort.seconds()), medians);
                }
            }
        }
        for (Question question : questions) {
            LATENESS.forEach(value -> add(rows, question, value, "ms", medians));
            add(rows, question, "carriers", "threads", medians);
        }
    }

    private Map<String, Double> ask(Cells cells, String candidate, Question question, int seconds)
            throws IOException, InterruptedException {
        try (Fifos files = Fifos.make(cells.work(), fifos)) {
            return cells.run(candidate, PROCESSORS, files.arguments(question.cell, String.valueOf(seconds)));
        }
    }

    private static void note(Question question, String candidate, Map<String, Double> values, Medians medians) {
        values.forEach((name, value) -> medians.add(question.cell + name + candidate, value));
        System.out.printf(
                Locale.ROOT,
                "%-40s %-9s p50 %8.2f ms, p99 %8.2f, worst %8.2f, %3.0f threads%n",
                question.row,
                candidate,
                values.getOrDefault("p50", Double.NaN),
                values.getOrDefault("p99", Double.NaN),
                values.getOrDefault("worst", Double.NaN),
                values.getOrDefault("carriers", Double.NaN));
    }

    private static void add(Rows rows, Question question, String value, String unit, Medians medians) {
        double ours = medians.of(question.cell + value + "weir");
        for (String candidate : CANDIDATES.subList(1, CANDIDATES.size())) {
            double theirs = medians.of(question.cell + value + candidate);
            if (theirs > 0) {
                rows.add(question.row + "; " + value, unit, true, ours, candidate, theirs);
            }
        }
    }
}
