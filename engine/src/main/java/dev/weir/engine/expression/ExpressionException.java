package dev.weir.engine.expression;

import java.util.List;
import java.util.stream.Collectors;

/// A source text that is not a valid expression. It carries every problem that was found, at least
/// one, in the order of the text.
public final class ExpressionException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String source;
    private final transient List<Problem> problems;

    ExpressionException(String source, List<Problem> problems) {
        super(problems.stream()
                .map(p -> p.position().line() + ":" + p.position().column() + ": " + p.message())
                .collect(Collectors.joining("; ")));
        this.source = source;
        this.problems = List.copyOf(problems);
    }

    /// What is wrong. Positions are relative to [#source].
    public List<Problem> problems() {
        return problems;
    }

    /// The text that was to be compiled.
    public String source() {
        return source;
    }

    /// All problems, each with its line of the source and a caret.
    public String formatted() {
        return problems.stream().map(p -> p.formatted(source)).collect(Collectors.joining("\n"));
    }
}
