package dev.weir.cli;

import dev.weir.engine.flow.Commands;
import dev.weir.engine.flow.Ledger;
import dev.weir.node.Node;
import dev.weir.node.store.Range;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// What came of a whole recording: as the store has it for readings and alarms, as the ledger has
/// it for the rest.
///
/// @param readings stored readings, by device
/// @param windows stored windows
/// @param alarms alarms that were raised
/// @param commands what rules had done
/// @param dropped dropped readings of all streams, by reason
record DemoTotals(
        Map<String, Long> readings, long windows, long alarms, Commands.Line commands, Map<String, Long> dropped) {
    private static final Instant BEGIN = Instant.parse("2010-01-01T00:00:00Z");
    private static final Instant END = Instant.parse("2011-01-01T00:00:00Z");
    private static final int MOST = 10_000;

    static DemoTotals of(Node node) throws IOException, InterruptedException {
        Map<String, Long> readings = count(node, "climate", "temperature");
        long windows = count(node, "climate_10m", "n").values().stream()
                .mapToLong(Long::longValue)
                .sum();
        Map<String, Long> dropped = new TreeMap<>();
        for (Ledger.StreamLine line : node.ledger().streams()) {
            line.dropped().forEach((reason, count) -> dropped.merge(reason, count, Long::sum));
        }
        return new DemoTotals(
                readings, windows, node.store().alarms(false, MOST).size(), node.commands(), dropped);
    }

    private static Map<String, Long> count(Node node, String stream, String field)
            throws IOException, InterruptedException {
        Map<String, Long> counts = new TreeMap<>();
        node.store()
                .buckets(
                        new Range(stream, field, java.util.List.of(), BEGIN, END),
                        Duration.between(BEGIN, END),
                        MOST,
                        bucket -> counts.merge(bucket.device(), bucket.count(), Long::sum));
        return counts;
    }

    void print(Terminal terminal) {
        terminal.important("totals");
        readings.forEach((device, count) -> terminal.line(row(Terminal.safe(device), count)));
        terminal.line(row(
                "readings",
                readings.values().stream().mapToLong(Long::longValue).sum()));
        terminal.line(row("windows", windows));
        terminal.line(row("alarms", alarms));
        terminal.line(row("commands", commands.done()));
        if (commands.issued() != commands.done()) {
            terminal.line(row("commands not carried out", commands.issued() - commands.done()));
        }
        terminal.line(row(
                "dropped", dropped.values().stream().mapToLong(Long::longValue).sum()));
        dropped.forEach((reason, count) -> terminal.line(row("  " + reason, count)));
    }

    private static String row(String what, long count) {
        return String.format(Locale.ROOT, "  %-24s %,8d", what, count);
    }
}
