package dev.weir.engine.expression;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.weir.engine.expression.EvaluationException.Reason;

/// A regular expression of RE2, which CEL demands: matching takes time linear in the text,
/// whatever the pattern.
/// `java.util.regex` backtracks, so that `(a+)+b` over 30 letters takes minutes and holds a worker.
///
/// RE2/J writes a repetition out, and nested ones multiply before it counts its states:
/// `((a{1000}){1000}){1000}` would take all memory. Hence the product of all counts in a pattern
/// is limited before it is compiled.
final class Regex {
    private static final java.util.regex.Pattern COUNT =
            java.util.regex.Pattern.compile("\\{(\\d{1,9})(?:,(\\d{0,9}))?}");

    private final Pattern pattern;

    private Regex(Pattern pattern) {
        this.pattern = pattern;
    }

    /// @throws EvaluationException if the pattern is none, or is too large
    static Regex compile(String source) {
        if (source.length() > Limits.PATTERN_SOURCE) {
            throw new EvaluationException(
                    Reason.LIMIT,
                    "a pattern has at most " + Limits.PATTERN_SOURCE + " characters, but this has " + source.length());
        }
        if (repetitions(source) > Limits.PATTERN) {
            throw new EvaluationException(
                    Reason.LIMIT,
                    "the counts of a pattern multiply to at most " + Limits.PATTERN + ": " + Text.shown(source));
        }
        Pattern pattern;
        try {
            pattern = Pattern.compile(source);
        } catch (PatternSyntaxException e) {
            throw new EvaluationException(
                    Reason.INVALID, "the pattern " + Text.shown(source) + " is invalid: " + e.getDescription());
        }
        if (pattern.programSize() > Limits.PATTERN) {
            throw new EvaluationException(
                    Reason.LIMIT,
                    "a pattern has at most " + Limits.PATTERN + " states, but this has " + pattern.programSize());
        }
        return new Regex(pattern);
    }

    private static double repetitions(String source) {
        double product = 1;
        for (var count = COUNT.matcher(source); count.find(); ) {
            String most = count.group(2) == null || count.group(2).isEmpty() ? count.group(1) : count.group(2);
            product *= Math.max(1, Double.parseDouble(most));
        }
        return product;
    }

    /// Whether the pattern occurs anywhere in the text.
    boolean find(String text) {
        if ((long) (text.length() + 1) * pattern.programSize() > Limits.MATCHING) {
            throw new EvaluationException(
                    Reason.LIMIT,
                    "matching " + text.length() + " characters with a pattern of " + pattern.programSize()
                            + " states is more work than " + Limits.MATCHING);
        }
        return pattern.matcher(text).find();
    }
}
