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

    /// The values of an object as texts. Those of objects inside stand beside them; lists are
    /// passed over.
    ///
    /// @throws IllegalArgumentException if the text is no JSON object
    static Map<String, String> read(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("expected a JSON object");
            }
            for (int depth = 1; depth > 0; ) {
                switch (json.nextToken()) {
                    case START_OBJECT -> depth++;
                    case END_OBJECT -> depth--;
                    case START_ARRAY -> json.skipChildren();
                    case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_TRUE, VALUE_FALSE ->
                        put(values, depth, json.currentName(), json.getString());
                    case null -> throw new IllegalArgumentException("the JSON object does not end");
                    default -> {}
                }
            }
            if (json.nextToken() != null) {
                throw new IllegalArgumentException("expected one JSON object, but there is more behind it");
            }
        } catch (JacksonException e) {
            throw new IllegalArgumentException("malformed JSON: " + e.getOriginalMessage());
        }
        return values;
    }

    /// A value of the object itself wins over one of the same name inside of another object.
    private static void put(Map<String, String> values, int depth, String name, String value) {
        if (depth == 1) {
            values.put(name, value);
        } else {
            values.putIfAbsent(name, value);
        }
    }
}
