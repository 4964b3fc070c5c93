package dev.weir.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// A row as a JSON object, both ways. Cells that look like numbers or booleans are written as
/// such, empty ones are left out.
final class JsonRow {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

    private JsonRow() {}

    static String write(Map<String, String> values) {
        java.io.StringWriter text = new java.io.StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            values.forEach((name, value) -> {
                if (!value.isEmpty()) {
                    json.writeName(name);
                    if (NUMBER.matcher(value).matches()) {
                        json.writeNumber(value);
                    } else if (value.equals("true") || value.equals("false")) {
                        json.writeBoolean(value.equals("true"));
                    } else {
                        json.writeString(value);
                    }
                }
            });
            json.writeEndObject();
        }
        return text.toString();
    }

    /// The values of a flat object as texts; nested ones are passed over.
    ///
    /// @throws IllegalArgumentException if the text is no JSON object
    static Map<String, String> read(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("expected a JSON object");
            }
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                if (json.nextToken().isScalarValue()) {
                    values.put(name, json.getString());
                } else {
                    json.skipChildren();
                }
            }
        } catch (JacksonException e) {
            throw new IllegalArgumentException("malformed JSON: " + e.getOriginalMessage());
        }
        return values;
    }
}
