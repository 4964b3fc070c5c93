package dev.weir.engine;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A text with `{name}` variables that is filled from a reading: `greenhouse/{zone}/fan/set`.
///
/// A name is a field, or `device`, `stream`, `source` or `time` (ISO-8601). Only a brace pair
/// around a plain name is a variable, so JSON needs no escaping; `{{name}}` is the literal text
/// `{name}`.
///
/// What comes out of a reading was chosen by a device, so it is fitted to the place it goes to
/// ([Place]). Immutable.
public final class Template {
    private static final Pattern VARIABLE =
            Pattern.compile("\\{\\{([A-Za-z_][A-Za-z0-9_]*)}}|\\{([A-Za-z_][A-Za-z0-9_]*)}");

    private final String source;
    private final Place place;
    private final List<Part> parts;

    private sealed interface Part {
        record Literal(String text) implements Part {}

        record Variable(String name) implements Part {}
    }

    /// Where the text goes, which decides what a value may contain.
    public enum Place {
        /// For people: values as they are.
        TEXT,
        /// An MQTT topic or another path: a value with `/`, `+`, `#` or a control character is
        /// refused.
        TOPIC,
        /// A URL: values are percent-encoded.
        URL,
        /// A payload: texts are escaped as inside a JSON string where the template looks like JSON.
        PAYLOAD
    }

    private Template(String source, Place place, List<Part> parts) {
        this.source = source;
        this.place = place;
        this.parts = List.copyOf(parts);
    }

    /// Takes a template apart. Every text is a template.
    public static Template parse(String source, Place place) {
        List<Part> parts = new ArrayList<>();
        Matcher matcher = VARIABLE.matcher(source);
        int end = 0;
        while (matcher.find()) {
            parts.add(new Part.Literal(source.substring(end, matcher.start())));
            String name = matcher.group(2);
            parts.add(name == null ? new Part.Literal("{" + matcher.group(1) + "}") : new Part.Variable(name));
            end = matcher.end();
        }
        parts.add(new Part.Literal(source.substring(end)));
        return new Template(source, place, parts);
    }

    /// The names of its variables, to check them against a schema when the config is loaded.
    public List<String> names() {
        return parts.stream()
                .filter(Part.Variable.class::isInstance)
                .map(part -> ((Part.Variable) part).name())
                .toList();
    }

    /// Whether `name` is a variable that every reading has.
    public static boolean isBuiltIn(String name) {
        return switch (name) {
            case "device", "stream", "source", "time" -> true;
            default -> false;
        };
    }

    /// Fills the template.
    ///
    /// @throws Unfit if the reading has no value for a variable, or one that its place does not
    ///     allow
    public String render(Reading reading) {
        StringBuilder out = new StringBuilder(source.length() + 32);
        for (Part part : parts) {
            switch (part) {
                case Part.Literal(String text) -> out.append(text);
                case Part.Variable(String name) -> append(out, name, reading);
            }
        }
        return out.toString();
    }

    private void append(StringBuilder out, String name, Reading reading) {
        Object value = value(name, reading);
        if (value == null) {
            throw new Unfit("'" + source + "' needs field '" + name + "', which the reading of " + reading.device()
                    + " does not have");
        }
        String text = format(value);
        switch (place) {
            case TEXT -> out.append(text);
            case URL ->
                out.append(URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20"));
            case PAYLOAD -> out.append(value instanceof String && looksLikeJson() ? escaped(text) : text);
            case TOPIC -> out.append(levelOnly(name, text));
        }
    }

    private static @Nullable Object value(String name, Reading reading) {
        int slot = reading.schema().slot(name);
        if (slot != Schema.NONE && reading.has(slot)) {
            return reading.value(slot);
        }
        return switch (name) {
            case "device" -> reading.device();
            case "stream" -> reading.stream();
            case "source" -> reading.source();
            case "time" -> reading.instant().toString();
            default -> null;
        };
    }

    /// A number without a superfluous `.0`, so that 31.0 °C reads "31 °C".
    private static String format(Object value) {
        String text = value.toString();
        return value instanceof Double && text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    private String levelOnly(String name, String text) {
        if (text.isEmpty()
                || text.chars().anyMatch(c -> c == '/' || c == '+' || c == '#' || Character.isISOControl(c))) {
            throw new Unfit("'" + source + "' cannot take {" + name + "}: a topic level must not be empty or contain"
                    + " '/', '+', '#' or control characters");
        }
        return text;
    }

    private boolean looksLikeJson() {
        return source.startsWith("{") || source.startsWith("[") || source.startsWith("\"");
    }

    private static String escaped(String text) {
        StringBuilder out = new StringBuilder(text.length() + 8);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> out.append(c < 0x20 ? String.format("\\u%04x", (int) c) : String.valueOf(c));
            }
        }
        return out.toString();
    }

    @Override
    public String toString() {
        return source;
    }

    /// A reading that cannot fill a template.
    public static final class Unfit extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unfit(String message) {
            super(message, null, false, false);
        }
    }
}
