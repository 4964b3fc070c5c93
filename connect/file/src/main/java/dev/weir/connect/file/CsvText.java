package dev.weir.connect.file;

import java.util.ArrayList;
import java.util.List;

/// As much of CSV as a replay's time and the search for a header need; the decoder of the pipeline
/// does the real work.
final class CsvText {
    private static final String DELIMITERS = ",;\t";

    private CsvText() {}

    /// The delimiter of a header: the first character that is one of `,`, `;` and tab.
    static char delimiter(String header) {
        for (int i = 0; i < header.length(); i++) {
            if (DELIMITERS.indexOf(header.charAt(i)) >= 0) {
                return header.charAt(i);
            }
        }
        return ',';
    }

    /// The values of a line; what is in quotes may have delimiters.
    static List<String> values(String line, char delimiter) {
        List<String> values = new ArrayList<>();
        StringBuilder value = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == delimiter && !quoted) {
                values.add(value.toString().strip());
                value.setLength(0);
            } else {
                value.append(c);
            }
        }
        values.add(value.toString().strip());
        return values;
    }

    static boolean hasNumber(String line) {
        return values(line, delimiter(line)).stream().anyMatch(CsvText::isNumber);
    }

    private static boolean isNumber(String value) {
        if (value.isEmpty() || !Character.isDigit(value.charAt(value.length() - 1))) {
            return false;
        }
        try {
            return !Double.isNaN(Double.parseDouble(value));
        } catch (NumberFormatException text) {
            return false;
        }
    }
}
