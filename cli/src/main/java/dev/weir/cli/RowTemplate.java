package dev.weir.cli;

import java.io.IOException;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An address with `{column}` variables, filled from the rows of a recording.
record RowTemplate(String text) {
    private static final Pattern VARIABLE = Pattern.compile("\\{([^{}]+)}");

    /// @throws IOException if the row has no such column, or its value is empty or would break out
    ///     of its level
    String fill(Map<String, String> values, Supplier<String> place) throws IOException {
        Matcher matcher = VARIABLE.matcher(text);
        StringBuilder out = new StringBuilder();
        while (matcher.find()) {
            String value = values.get(matcher.group(1));
            if (value == null) {
                throw new IOException(place.get() + ": '" + text + "' needs a column '" + matcher.group(1)
                        + "'; there are " + values.keySet());
            }
            if (value.isEmpty() || value.chars().anyMatch(c -> c == '/' || c == '+' || c == '#' || c < ' ')) {
                throw new IOException(place.get() + ": '" + value + "' cannot stand in an address");
            }
            matcher.appendReplacement(out, Matcher.quoteReplacement(value));
        }
        return matcher.appendTail(out).toString();
    }
}
