package dev.weir.engine.stage;

import dev.weir.engine.Reading;
import dev.weir.engine.Schema;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section.Located;
import dev.weir.engine.expression.Variable;
import java.util.ArrayList;
import java.util.List;

/// What a stage keeps its state by (`by:`): the device, the event time, fields, or nothing.
///
/// A reading without one of the fields has the empty text in its place.
record KeyBy(List<Variable> parts) {
    private static final String EVERYTHING = "all";

    KeyBy {
        parts = List.copyOf(parts);
    }

    static KeyBy compile(List<Located<String>> names, StreamScope scope, Problems problems) {
        List<Variable> parts = new ArrayList<>();
        for (Located<String> name : names) {
            Variable variable = scope.find(name.value());
            if (variable == null) {
                problems.error(
                        name.location(),
                        "stream '" + scope.schema().stream() + "' has " + Schema.MAX_FIELDS
                                + " fields already, which is the most: there is no room for '" + name.value() + "'");
            } else if (parts.contains(variable)) {
                problems.error(name.location(), "'" + name.value() + "' is named twice");
            } else {
                parts.add(variable);
            }
        }
        return new KeyBy(parts);
    }

    boolean isDevice() {
        return parts.size() == 1 && hasDevice();
    }

    boolean hasDevice() {
        return parts.stream().anyMatch(part -> part.slot() == Reading.DEVICE);
    }

    /// The other values, where the device is told apart already.
    KeyBy withoutDevice() {
        return new KeyBy(
                parts.stream().filter(part -> part.slot() != Reading.DEVICE).toList());
    }

    /// The key of a reading, with `equals` and `hashCode`: the value where there is one, else the
    /// list of values.
    Object key(Reading reading) {
        if (parts.size() == 1) {
            return value(parts.getFirst(), reading);
        }
        List<Object> key = new ArrayList<>(parts.size());
        for (Variable part : parts) {
            key.add(value(part, reading));
        }
        return key;
    }

    /// One value of a key.
    static Object part(Object key, int index) {
        return key instanceof List<?> values ? values.get(index) : key;
    }

    private static Object value(Variable part, Reading reading) {
        return switch (part.slot()) {
            case Reading.TIME -> reading.time();
            case Reading.RECEIVED -> reading.received();
            default -> {
                Object value = reading.value(part.slot());
                yield value == null ? "" : value;
            }
        };
    }

    /// What the result of several devices' readings bears as its device: the values of the key,
    /// with `/` between them; `all` when there are none.
    static String label(Object key) {
        if (!(key instanceof List<?> values)) {
            return key.toString();
        }
        if (values.isEmpty()) {
            return EVERYTHING;
        }
        StringBuilder label = new StringBuilder();
        for (Object value : values) {
            label.append(label.isEmpty() ? "" : "/")
                    .append(value.toString().replace("%", "%25").replace("/", "%2F"));
        }
        return label.toString();
    }
}
