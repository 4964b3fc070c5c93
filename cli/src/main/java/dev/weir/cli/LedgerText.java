package dev.weir.cli;

import dev.weir.engine.flow.Ledger;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// The ledger for people. Most terms are 0 most of the time: these are left out, but for rejected
/// and dropped, which people look for.
final class LedgerText {
    private LedgerText() {}

    static void print(Ledger ledger, Terminal terminal) {
        terminal.important("ledger");
        for (Ledger.SourceLine line : ledger.sources()) {
            terminal.line(String.format(
                    Locale.ROOT,
                    "  source %-14s received %,d = accepted %,d + rejected %s%s",
                    line.source(),
                    line.received(),
                    line.accepted(),
                    reasons(line.rejected()),
                    term("waiting", line.waiting())));
        }
        for (Ledger.StreamLine line : ledger.streams()) {
            terminal.line(String.format(
                    Locale.ROOT,
                    "  %s %-14s %s %,d = completed %,d%s%s%s + dropped %s%s",
                    line.window() ? "window" : "stream",
                    line.stream(),
                    line.window() ? "emitted " : "accepted",
                    line.accepted(),
                    line.completed(),
                    term("filtered", line.filtered()),
                    term("duplicate", line.duplicate()),
                    line.deadLettered().isEmpty() ? "" : " + dead-lettered " + reasons(line.deadLettered()),
                    reasons(line.dropped()),
                    term("queued", line.queued())));
        }
        if (ledger.balanced()) {
            terminal.good("  it balances");
        } else {
            terminal.bad("  it does NOT balance");
        }
    }

    private static String term(String what, long count) {
        return count == 0 ? "" : String.format(Locale.ROOT, " + %s %,d", what, count);
    }

    /// `0`, or `3 (decode 2, invalid 1)`.
    private static String reasons(Map<String, Long> counts) {
        long sum = counts.values().stream().mapToLong(Long::longValue).sum();
        String parts = counts.entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> String.format(Locale.ROOT, "%s %,d", entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(", "));
        return parts.isEmpty() ? "0" : String.format(Locale.ROOT, "%,d (%s)", sum, parts);
    }
}
