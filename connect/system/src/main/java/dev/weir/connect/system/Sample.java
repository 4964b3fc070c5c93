package dev.weir.connect.system;

import java.util.LinkedHashMap;
import java.util.Map;

/// What was measured of one thing at one time. For one thread.
final class Sample {
    /// A number, and whether its change alone is news.
    record Value(double number, boolean counter) {}

    private final Metric metric;
    private final String part;
    private final Map<String, Value> values = new LinkedHashMap<>();
    private final Map<String, String> texts = new LinkedHashMap<>();

    /// @param part which disk or interface, fit for an address; empty where there is one only
    Sample(Metric metric, String part) {
        this.metric = metric;
        this.part = part;
    }

    Metric metric() {
        return metric;
    }

    /// What comes behind the common part of the address.
    String address() {
        return part.isEmpty() ? metric.word() : metric.word() + "/" + part;
    }

    Map<String, Value> values() {
        return values;
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    /// Adds a value, unless the machine does not have it.
    Sample with(String name, double number) {
        if (Double.isFinite(number)) {
            values.put(name, new Value(number, false));
        }
        return this;
    }

    /// Adds a whole value.
    Sample with(String name, long number) {
        return with(name, (double) number);
    }

    /// Adds a value that only grows.
    Sample counter(String name, long number) {
        if (number >= 0) {
            values.put(name, new Value((double) number, true));
        }
        return this;
    }

    Sample text(String name, String text) {
        texts.put(name, text);
        return this;
    }

    /// As JSON, with the time in milliseconds.
    String json(long millis) {
        StringBuilder out = new StringBuilder("{\"ts\":").append(millis);
        texts.forEach((name, text) -> out.append(",\"")
                .append(name)
                .append("\":\"")
                .append(text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\p{Cntrl}", "_"))
                .append('"'));
        values.forEach(
                (name, value) -> out.append(",\"").append(name).append("\":").append(number(value.number)));
        return out.append('}').toString();
    }

    private static String number(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1L << 53
                ? Long.toString((long) number)
                : Double.toString(Math.round(number * 1000) / 1000.0);
    }
}
