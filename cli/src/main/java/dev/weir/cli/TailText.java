package dev.weir.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An event of a node's live feed as a line for people.
final class TailText {
    private TailText() {}

    static String of(String event, String data) {
        Map<String, String> values;
        try {
            values = new LinkedHashMap<>(JsonRow.read(data));
        } catch (IllegalArgumentException e) {
            return event + "  " + data;
        }
        List<String> parts = new ArrayList<>();
        parts.add(String.format("%-8s", event));
        for (String first : new String[] {"time", "stream", "rule", "device"}) {
            String value = values.remove(first);
            if (value != null) {
                parts.add(value);
            }
        }
        values.remove("received");
        values.forEach((name, value) -> parts.add(name + "=" + value));
        return String.join("  ", parts);
    }
}
