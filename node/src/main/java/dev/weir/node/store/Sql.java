package dev.weir.node.store;

import java.util.Locale;
import java.util.function.Predicate;

/// Pieces of SQL text.
final class Sql {
    private static final int NAME_LENGTH = 120;

    private Sql() {}

    /// A name as SQL takes it, whatever is in it.
    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /// Nanoseconds since 1970 as ISO-8601 in UTC: three decimals, nine where the value is finer.
    static String time(String column) {
        String coarse = "strftime('%Y-%m-%dT%H:%M:%fZ', " + column + " / 1000000 / 1000.0, 'unixepoch')";
        String fine = "strftime('%Y-%m-%dT%H:%M:%S', (" + column + " - (" + column
                + " % 1000000000 + 1000000000) % 1000000000) / 1000000000, 'unixepoch') || printf('.%09dZ', ("
                + column + " % 1000000000 + 1000000000) % 1000000000)";
        return "CASE WHEN " + column + " % 1000000 = 0 THEN " + coarse + " ELSE " + fine + " END";
    }

    /// A name for a view or column that SQLite takes and that is not taken: the wanted one, or with
    /// `_2`, `_3`, … behind it.
    ///
    /// @param taken asked in lower case, since SQLite's names differ by more than case
    static String free(String wanted, Predicate<String> taken) {
        String name = wanted.isEmpty() ? "_" : wanted.replace('\0', '_');
        if (name.length() > NAME_LENGTH) {
            name = name.substring(0, NAME_LENGTH);
        }
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.startsWith("sqlite_") || lower.startsWith("weir_")) {
            // The first are SQLite's, the second our tables'.
            name = "_" + name;
        }
        String candidate = name;
        for (int i = 2; taken.test(candidate.toLowerCase(Locale.ROOT)); i++) {
            candidate = name + "_" + i;
        }
        return candidate;
    }
}
