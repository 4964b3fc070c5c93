package dev.weir.engine.flow;

import dev.weir.engine.Reading;
import dev.weir.engine.Schema;
import java.util.List;

/// Shows a reading to people as a line of JSON.
final class ReadingText {
    private ReadingText() {}

    /// The reading as JSON. Ends early, and then is no longer valid JSON, once it is longer than
    /// `limit` characters.
    static String json(Reading reading, int limit) {
        var out = new StringBuilder(128);
        out.append("{\"device\":");
        text(out, reading.device());
        out.append(",\"time\":");
        text(out, reading.instant().toString());
        List<Schema.Field> fields = reading.schema().fields();
        for (int slot = 0; slot < fields.size() && out.length() < limit; slot++) {
            if (reading.has(slot)) {
                out.append(',');
                text(out, fields.get(slot).name());
                out.append(':');
                value(out, reading, slot);
            }
        }
        return out.append('}').toString();
    }

    private static void value(StringBuilder out, Reading reading, int slot) {
        switch (reading.type(slot)) {
            case null -> out.append("null");
            case DOUBLE -> out.append(reading.real(slot));
            case LONG -> out.append(reading.whole(slot));
            case BOOLEAN -> out.append(reading.flag(slot));
            case STRING -> text(out, reading.text(slot));
        }
    }

    private static void text(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < 0x20) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
