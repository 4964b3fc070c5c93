package dev.weir.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// An event of a node's live feed as a line for people: kind, time, stream or rule, and device in
/// columns, then what is particular to it.
final class TailText {
    private static final List<String> HEAD = List.of("type", "time", "stream", "device", "source", "received");

    private TailText() {}

    /// The line; empty for what nobody wants to read (a peak that moves with every reading).
    static Optional<String> of(String event, String data) {
        Map<String, String> values;
        try {
            values = new LinkedHashMap<>(JsonRow.read(data));
        } catch (IllegalArgumentException e) {
            return Optional.of(event + "  " + data);
        }
        return switch (event) {
            case "reading" -> Optional.of(reading(values));
            case "alarm" -> alarm(values);
            case "command" -> Optional.of(command(values));
            case "lost" ->
                Optional.of("lost     " + of(values, "count") + " events: this end reads too slowly;"
                        + " --stream and --device take fewer");
            default -> Optional.of(event + "  " + fields(values));
        };
    }

    private static String reading(Map<String, String> values) {
        String head = head("reading", of(values, "time"), of(values, "stream"), of(values, "device"));
        values.keySet().removeAll(HEAD);
        return head + fields(values);
    }

    private static Optional<String> alarm(Map<String, String> values) {
        String rule = of(values, "rule");
        String device = of(values, "device");
        String peak = values.containsKey("peak") ? ", peak " + of(values, "peak") : "";
        return switch (of(values, "change")) {
            case "raised" ->
                Optional.of(head("ALARM", of(values, "raisedAt"), rule, device) + of(values, "severity") + ": "
                        + of(values, "text"));
            case "cleared" ->
                Optional.of(head("cleared", of(values, "clearedAt"), rule, device) + of(values, "severity") + peak);
            case "acknowledged" ->
                Optional.of(head("seen", of(values, "acknowledgedAt"), rule, device) + "acknowledged by "
                        + of(values, "acknowledgedBy"));
            case "lost" ->
                Optional.of(head("ALARM", of(values, "raisedAt"), rule, device)
                        + "forgotten for want of room: nobody will clear it");
            default -> Optional.empty();
        };
    }

    /// A command has no event time of its own: the reading that caused it stands next to it.
    private static String command(Map<String, String> values) {
        String detail = of(values, "detail");
        return head("command", "", of(values, "rule"), of(values, "device")) + of(values, "address") + " "
                + of(values, "payload") + "  " + of(values, "outcome") + (detail.isEmpty() ? "" : ": " + detail);
    }

    private static String head(String kind, String time, String stream, String device) {
        return String.format(Locale.ROOT, "%-8s %-20s  %-14s  %-12s  ", kind, time, stream, device);
    }

    private static String of(Map<String, String> values, String name) {
        return values.getOrDefault(name, "");
    }

    private static String fields(Map<String, String> values) {
        return values.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(" "));
    }
}
