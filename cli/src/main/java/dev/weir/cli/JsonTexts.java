package dev.weir.cli;

import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// Flat JSON objects whose values are texts, whatever they look like.
final class JsonTexts {
    private static final JsonFactory JSON = new JsonFactory();

    private JsonTexts() {}

    static String write(Map<String, String> values) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            values.forEach(json::writeStringProperty);
            json.writeEndObject();
        }
        return text.toString();
    }

    /// Reads the rest of an object that has begun.
    static Map<String, String> read(JsonParser json) {
        Map<String, String> values = new LinkedHashMap<>();
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            json.nextToken();
            values.put(name, json.getString());
        }
        return values;
    }
}
