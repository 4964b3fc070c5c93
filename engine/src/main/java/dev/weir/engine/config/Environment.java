package dev.weir.engine.config;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Puts environment variables into the values of a file: `${NAME}`, `${NAME:-default}`; `$${` is a
/// literal `${`.
final class Environment {
    /// How many characters all variables of a file may bring in.
    private static final int MAX_CHARACTERS = 1 << 20;

    private static final Pattern REFERENCE =
            Pattern.compile("\\$\\$\\{|\\$\\{(?:([A-Za-z_][A-Za-z0-9_]*)(:-([^}]*))?})?");

    private final Map<String, String> variables;
    private final Problems problems;
    private int characters;

    Environment(Map<String, String> variables, Problems problems) {
        this.variables = variables;
        this.problems = problems;
    }

    /// A value after replacement.
    ///
    /// @param text the value
    /// @param secret whether a variable's content is in it
    /// @param whole whether all of it was one reference, so that quotes around it do not make it
    ///     text
    record Filled(String text, boolean secret, boolean whole) {}

    /// Replaces the references in `text`, which begins at `start`. What cannot be replaced becomes
    /// a problem and empty text.
    Filled fill(String text, Location start) {
        if (!text.contains("${")) {
            return new Filled(text, false, false);
        }
        StringBuilder out = new StringBuilder();
        boolean secret = false;
        boolean whole = false;
        int from = 0;
        Matcher matcher = REFERENCE.matcher(text);
        while (matcher.find()) {
            out.append(text, from, matcher.start());
            from = matcher.end();
            String name = matcher.group(1);
            if (matcher.group().equals("$${")) {
                out.append("${");
            } else if (name == null) {
                problems.error(
                        start.inside(text, matcher.start()),
                        "expected ${NAME} or ${NAME:-default}; write $${ for a literal ${");
            } else {
                secret |= variables.containsKey(name);
                whole = matcher.start() == 0 && matcher.end() == text.length();
                out.append(value(name, matcher.group(3), start.inside(text, matcher.start())));
            }
        }
        return new Filled(out.append(text, from, text.length()).toString(), secret, whole);
    }

    private String value(String name, @Nullable String fallback, Location location) {
        String value = variables.get(name);
        if (value == null && fallback == null) {
            problems.error(
                    location,
                    "the environment variable \"" + name + "\" is not set; set it, or give a default: ${" + name
                            + ":-default}");
            return "";
        }
        String chosen = value == null ? String.valueOf(fallback) : value;
        characters += chosen.length();
        if (characters > MAX_CHARACTERS || characters < 0) {
            characters = MAX_CHARACTERS;
            problems.error(location, "environment variables bring in more than 1,048,576 characters, the limit");
            return "";
        }
        return chosen;
    }
}
