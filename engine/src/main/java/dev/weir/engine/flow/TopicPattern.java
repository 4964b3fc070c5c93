package dev.weir.engine.flow;

import dev.weir.engine.config.Location;
import dev.weir.engine.config.Problems;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which addresses a pipeline wants, and what they say: `greenhouse/{zone}/{device}/climate`.
///
/// A level is a literal, a variable (`{zone}`, not empty), `+` (any one level) or, at the end,
/// `#` (this level and all below, also none). As in MQTT, a pattern that begins with a variable or
/// a wildcard does not match addresses that begin with `$`. Immutable.
public final class TopicPattern {
    /// The variable that names the device.
    public static final String DEVICE = "device";

    private static final String[] NOTHING = {};

    private final String source;
    private final List<Level> levels;
    private final List<String> variables;

    private sealed interface Level {
        record Literal(String text) implements Level {}

        record Variable(String name) implements Level {}

        record Any() implements Level {}

        record Rest() implements Level {}
    }

    private TopicPattern(String source, List<Level> levels) {
        this.source = source;
        this.levels = List.copyOf(levels);
        this.variables = levels.stream()
                .filter(Level.Variable.class::isInstance)
                .map(level -> ((Level.Variable) level).name())
                .toList();
    }

    /// The pattern that matches every address, also those that begin with `$`.
    public static TopicPattern everything() {
        return new TopicPattern("", List.of());
    }

    /// Takes a pattern apart. Mistakes become problems; the result is then of no use.
    public static TopicPattern parse(String source, Location location, Problems problems) {
        if (source.isEmpty()) {
            problems.error(location, "topic must not be empty; leave it out to take every address");
        }
        List<Level> levels = new ArrayList<>();
        int column = 0;
        for (String text : source.split("/", -1)) {
            Location at = location.right(column);
            if (!levels.isEmpty() && levels.getLast() instanceof Level.Rest) {
                problems.error(at, "'#' must be the last level of topic '" + source + "'");
            }
            levels.add(level(text, at, levels, problems));
            column += text.length() + 1;
        }
        return new TopicPattern(source, levels);
    }

    private static Level level(String text, Location at, List<Level> before, Problems problems) {
        if (text.equals("+")) {
            return new Level.Any();
        }
        if (text.equals("#")) {
            return new Level.Rest();
        }
        if (text.startsWith("{") && text.endsWith("}")) {
            String name = text.substring(1, text.length() - 1);
            checkName(name, at, before, problems);
            return new Level.Variable(name);
        }
        if (text.indexOf('{') >= 0 || text.indexOf('}') >= 0) {
            problems.error(at, "a variable must be a whole level, as in a/{name}/b, but the level is '" + text + "'");
        } else if (text.indexOf('+') >= 0 || text.indexOf('#') >= 0) {
            problems.error(at, "'+' and '#' must be a whole level, but the level is '" + text + "'");
        }
        return new Level.Literal(text);
    }

    private static void checkName(String name, Location at, List<Level> before, Problems problems) {
        if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            problems.error(at, "a variable is a name of letters, digits and '_' in braces, but found '{" + name + "}'");
        } else if (before.contains(new Level.Variable(name))) {
            problems.error(at, "variable '{" + name + "}' occurs twice");
        } else if (name.equals("time") || name.equals("stream") || name.equals("source")) {
            problems.error(at, "'" + name + "' is set by the node and cannot be a variable of a topic");
        }
    }

    /// The names of the variables, in the order of the address.
    public List<String> variables() {
        return variables;
    }

    /// What an address says about the variables, in the order of [#variables]; null if the pattern
    /// does not match it.
    public String @Nullable [] match(String address) {
        if (levels.isEmpty()) {
            return NOTHING;
        }
        if (address.startsWith("$") && !(levels.getFirst() instanceof Level.Literal)) {
            return null;
        }
        var values = variables.isEmpty() ? NOTHING : new String[variables.size()];
        int bound = 0;
        int start = 0;
        for (Level level : levels) {
            if (level instanceof Level.Rest) {
                return values;
            }
            if (start > address.length()) {
                return null;
            }
            int slash = address.indexOf('/', start);
            int end = slash < 0 ? address.length() : slash;
            if (!fits(level, address, start, end)) {
                return null;
            }
            if (level instanceof Level.Variable) {
                values[bound++] = address.substring(start, end);
            }
            start = end + 1;
        }
        return start > address.length() ? values : null;
    }

    private static boolean fits(Level level, String address, int start, int end) {
        return switch (level) {
            case Level.Literal(String text) -> text.length() == end - start && address.startsWith(text, start);
            case Level.Variable _ -> end > start;
            case Level.Any _, Level.Rest _ -> true;
        };
    }

    @Override
    public String toString() {
        return source;
    }
}
