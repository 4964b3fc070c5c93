package dev.weir.engine.config;

import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/// What the YAML parser says, in the words of somebody who edits a file.
///
/// @param location where to look
/// @param message what is wrong there, and what to do
record SyntaxError(Location location, String message) {
    static SyntaxError of(String file, MarkedYamlEngineException e) {
        Location place = location(file, e.getProblemMark().orElse(null));
        Location begin =
                location(file, e.getContextMark().orElse(e.getProblemMark().orElse(null)));
        String problem = String.valueOf(e.getProblem());
        String context = String.valueOf(e.getContext());
        if (problem.contains("TAB")) {
            return new SyntaxError(place, "a tab cannot be used for indentation; use spaces");
        }
        if (problem.startsWith("mapping values are not allowed")) {
            return new SyntaxError(
                    place,
                    "a \":\" is not allowed here: the line is indented wrongly, or text with \": \" in it needs"
                            + " quotes");
        }
        if (problem.contains("could not find expected ':'")) {
            return new SyntaxError(begin, "expected \":\" behind this key");
        }
        if (problem.contains("unexpected end of stream") || problem.contains("unexpected document separator")) {
            return new SyntaxError(begin, "the quote that opens here is never closed");
        }
        if (problem.contains("cannot start any token")) {
            return new SyntaxError(place, "text cannot begin with this character; put it in quotes");
        }
        if (problem.contains("expected ',' or")) {
            String close = problem.contains("]") ? "]" : "}";
            return new SyntaxError(
                    place,
                    "expected \",\" or \"" + close + "\" to go on with what was opened in line " + begin.line()
                            + "; text with brackets in it needs quotes");
        }
        if (problem.startsWith("expected <block end>")) {
            return new SyntaxError(place, block(context, begin));
        }
        if (problem.startsWith("expected the node content")) {
            return new SyntaxError(
                    place, "a value is missing in front of this, or text with special characters needs quotes");
        }
        if (problem.contains("escape")) {
            return new SyntaxError(
                    place, "not an escape that YAML knows; use single quotes where a backslash means itself");
        }
        return new SyntaxError(place, "not valid YAML: " + Clip.of(problem));
    }

    private static String block(String context, Location begin) {
        String kind = context.contains("collection") || context.contains("sequence") ? "list" : "mapping";
        return "this does not fit the " + kind + " that begins in line " + begin.line()
                + ": check the indentation, and put text with special characters in quotes";
    }

    private static Location location(String file, @Nullable Mark mark) {
        return mark == null ? new Location(file, 1, 1) : new Location(file, mark.getLine() + 1, mark.getColumn() + 1);
    }
}
