package dev.weir.engine.config;

import dev.weir.engine.config.Problem.Severity;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What is wrong with a file, as text for a terminal: one line for each problem,
/// `file:line:column: error: message`, then the source line and a caret under the place.
///
/// Lines that hold a secret are not shown, and nothing from the file can act on the terminal.
public final class CheckReport {
    private static final int BEFORE = 60;
    private static final int WIDTH = 110;

    private final Optional<ConfigFile> file;
    private final Problems problems;

    /// @param file the file; empty if it could not be read
    /// @param problems what was found in it
    public CheckReport(Optional<ConfigFile> file, Problems problems) {
        this.file = file;
        this.problems = problems;
    }

    /// 0 when the file can be used, 1 when it has errors, 2 when it could not be read.
    public int exitCode() {
        if (file.isEmpty()) {
            return 2;
        }
        return problems.hasErrors() ? 1 : 0;
    }

    /// All problems in the order of the file, each with its source line, and a last line that
    /// counts them; empty when there are none. Lines end with `\n`.
    public String render() {
        List<Problem> all = problems.all();
        StringBuilder out = new StringBuilder();
        for (Problem problem : all) {
            render(problem, out);
        }
        if (!all.isEmpty()) {
            out.append(summary()).append('\n');
        }
        return out.toString();
    }

    /// `2 errors, 1 warning`.
    public String summary() {
        String more = problems.isFull() ? "; there may be more, which are not shown" : "";
        return counted(Severity.ERROR) + ", " + counted(Severity.WARNING) + more;
    }

    private String counted(Severity severity) {
        long count = problems.all().stream()
                .filter(problem -> problem.severity() == severity)
                .count();
        return count + " " + severity.name().toLowerCase(Locale.ROOT) + (count == 1 ? "" : "s");
    }

    /// The file with every line left out that holds a secret, and those that belong to it: for
    /// somebody who is to help. Empty if it could not be read.
    public String withoutSecrets() {
        return file.map(text -> Redaction.of(text, problems::isConcealed)).orElse("");
    }

    private void render(Problem problem, StringBuilder out) {
        append(problem.toString(), out);
        out.append('\n');
        Location location = problem.location();
        if (file.isEmpty() || !location.file().equals(file.get().name())) {
            return;
        }
        String line = file.get().line(location.line());
        if (problems.isConcealed(location.line())) {
            out.append("    (this line holds a secret and is not shown)\n");
        } else if (!line.isBlank()) {
            excerpt(line.codePoints().toArray(), location.column() - 1, out);
        }
    }

    /// The part of a line around a column, and a caret under it. A tab is shown as one space, so
    /// that the caret fits.
    private static void excerpt(int[] line, int column, StringBuilder out) {
        int caret = Math.clamp(column, 0, line.length);
        int from = line.length <= WIDTH ? 0 : Math.max(0, caret - BEFORE);
        int to = Math.min(line.length, from + WIDTH);
        String before = from > 0 ? "…" : "";
        out.append("    ").append(before);
        for (int i = from; i < to; i++) {
            out.appendCodePoint(Clip.isControl(line[i]) ? ' ' : line[i]);
        }
        out.append(to < line.length ? "…" : "").append("\n    ");
        out.repeat(' ', before.length() + caret - from).append("^\n");
    }

    private static void append(String text, StringBuilder out) {
        text.codePoints().forEach(c -> out.appendCodePoint(Clip.isControl(c) ? ' ' : c));
    }
}
