package dev.weir.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// How fast channels, selects and starts are: one number for each workload and candidate.
///
/// @param name for the command line
/// @param questions what is asked
/// @param candidates who is asked, ours first
/// @param onOneToo whether the number of processors matters
record SpeedPart(String name, List<Question> questions, List<String> candidates, boolean onOneToo)
        implements RuntimePart {
    private static final String OURS = "weir";
    private static final String OURS_ON_JDK = "weir_jdk";

    /// A workload.
    ///
    /// @param workload its name in the cells
    /// @param row its name in the rows
    /// @param value what the cells call what they measured, and its unit
    record Question(String workload, String row, String value) {
        Question(String workload, String row) {
            this(workload, row, "ns");
        }
    }

    @Override
    public void run(Cells cells, Effort effort, Rows rows) throws IOException, InterruptedException {
        for (Effort.Rounds rounds : onOneToo ? effort.rounds() : effort.rounds().subList(0, 1)) {
            int processors = rounds.processors();
            Medians medians = new Medians();
            for (int round = 1; round <= rounds.count(); round++) {
                for (Question question : questions) {
                    askAll(cells, effort, processors, question, medians);
                }
            }
            questions.forEach(question -> add(rows, processors, question, medians));
            print(processors, medians);
        }
    }

    private void askAll(Cells cells, Effort effort, int processors, Question question, Medians medians)
            throws IOException, InterruptedException {
        for (String candidate : candidates) {
            Double value = cells.run(
                            candidate,
                            processors,
                            question.workload,
                            String.valueOf(effort.warmUpMillis()),
                            String.valueOf(effort.millis()))
                    .get(question.value);
            if (value != null) {
                medians.add(question.row + candidate, value);
                System.out.printf(Locale.ROOT, "%-40s %d P %-9s %9.1f%n", question.row, processors, candidate, value);
            }
        }
    }

    private void add(Rows rows, int processors, Question question, Medians medians) {
        String row = onOneToo ? question.row + "; " + processors + " P" : question.row;
        double ours = medians.of(question.row + OURS);
        double oursOnJdk = medians.of(question.row + OURS_ON_JDK);
        for (String candidate : candidates) {
            double theirs = medians.of(question.row + candidate);
            if (!candidate.equals(OURS) && !Double.isNaN(theirs)) {
                rows.add(row, question.value, true, ours, candidate, theirs);
                if (!candidate.equals(OURS_ON_JDK)) {
                    rows.add(row + "; JDK's scheduler", question.value, true, oursOnJdk, candidate, theirs);
                }
            }
        }
    }

    /// As a table in Markdown, for docs/benchmarks.md.
    private void print(int processors, Medians medians) {
        System.out.printf("%n| %s, %d P | %s |%n", name, processors, String.join(" | ", candidates));
        System.out.println("|---|" + "---|".repeat(candidates.size()));
        for (Question question : questions) {
            System.out.println(candidates.stream()
                    .map(candidate -> number(medians.of(question.row + candidate)))
                    .collect(Collectors.joining(" | ", "| " + question.row + " | ", " |")));
        }
        System.out.println();
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, value < 20 ? "%.1f" : "%,.0f", value);
    }
}
