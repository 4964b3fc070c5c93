package dev.weir.cli;

import dev.weir.engine.config.Reference.Row;
import dev.weir.node.ConnectorReference.Page;
import dev.weir.node.ConnectorReference.Part;
import java.io.StringWriter;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// Connectors as JSON: an array, each with its parts, each with its options.
final class ConnectorsJson {
    private static final JsonFactory JSON = new JsonFactory();

    private ConnectorsJson() {}

    static String of(List<Page> pages) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartArray();
            pages.forEach(page -> page(page, json));
            json.writeEndArray();
        }
        return text.toString();
    }

    private static void page(Page page, JsonGenerator json) {
        json.writeStartObject();
        json.writeStringProperty("name", page.name());
        json.writeStringProperty("about", page.about());
        json.writeStringProperty("example", page.example());
        json.writeName("parts");
        json.writeStartArray();
        page.parts().forEach(part -> part(part, json));
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void part(Part part, JsonGenerator json) {
        json.writeStartObject();
        json.writeStringProperty("kind", part.kind().word());
        json.writeStringProperty("name", part.name());
        json.writeStringProperty("about", part.about());
        json.writeStringProperty("guarantee", part.guarantee());
        json.writeStringProperty("lost", part.lost());
        json.writeName("options");
        json.writeStartArray();
        for (Row row : part.options()) {
            json.writeStartObject();
            json.writeStringProperty("key", row.path());
            json.writeStringProperty("value", row.value());
            json.writeBooleanProperty("required", row.fallback().equals("required"));
            if (!row.fallback().isEmpty() && !row.fallback().equals("required")) {
                json.writeStringProperty("default", row.fallback());
            }
            json.writeStringProperty("about", row.about());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
