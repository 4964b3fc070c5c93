package dev.weir.engine.config;

import dev.weir.engine.config.Problem.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Collects what is wrong with a file while it is loaded. Not thread-safe: one loader owns it.
public final class Problems {
    private static final int LIMIT = 1000;

    private final List<Problem> found = new ArrayList<>();
    private final Set<Integer> concealed = new HashSet<>();
    private boolean errors;

    /// Notes a mistake for which the file is refused. After 1,000 problems further ones are not
    /// kept.
    public void error(Location location, String message) {
        add(new Problem(Severity.ERROR, location, message));
    }

    /// Notes something that is allowed but probably not meant.
    public void warning(Location location, String message) {
        add(new Problem(Severity.WARNING, location, message));
    }

    private void add(Problem problem) {
        // Apart from the list, so that a thousand warnings do not hide an error.
        errors |= problem.severity() == Severity.ERROR;
        if (found.size() < LIMIT && !found.contains(problem)) {
            found.add(problem);
        }
    }

    /// Whether the file must be refused.
    public boolean hasErrors() {
        return errors;
    }

    /// Whether so much was found that further problems are not kept: a loader can stop looking.
    public boolean isFull() {
        return found.size() >= LIMIT;
    }

    /// Says that a line holds a secret and must not be shown with the problems found in it.
    void conceal(Location location) {
        concealed.add(location.line());
    }

    /// Whether a line holds a secret.
    boolean isConcealed(int line) {
        return concealed.contains(line);
    }

    /// Takes over what was found elsewhere.
    void addAll(Problems others) {
        others.found.forEach(this::add);
        errors |= others.errors;
        concealed.addAll(others.concealed);
    }

    /// Takes over the mistakes found elsewhere, without the warnings.
    public void addErrors(Problems others) {
        others.found.stream()
                .filter(problem -> problem.severity() == Severity.ERROR)
                .forEach(this::add);
        errors |= others.errors;
    }

    /// Everything found, in the order of the file.
    public List<Problem> all() {
        return found.stream()
                .sorted(Comparator.comparing(
                                (Problem problem) -> problem.location().file())
                        .thenComparingInt(problem -> problem.location().line())
                        .thenComparingInt(problem -> problem.location().column()))
                .toList();
    }
}
