package dev.weir.engine.rule;

import dev.weir.engine.Reading;
import dev.weir.engine.Schema;
import java.io.StringWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// A reading as JSON: `{"device":"m-1","time":"2010-05-09T00:00:00Z","temperature":27.97}`. A
/// number that JSON cannot say (NaN, infinite) is null; a field called `device` or `time` is left
/// out.
final class ReadingJson {
    private static final JsonFactory FACTORY = new JsonFactory();

    private ReadingJson() {}

    static String of(Reading reading) {
        StringWriter out = new StringWriter(128);
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeStringProperty("device", reading.device());
            json.writeStringProperty("time", reading.instant().toString());
            List<Schema.Field> fields = reading.schema().fields();
            for (int slot = 0; slot < fields.size(); slot++) {
                String name = fields.get(slot).name();
                if (!name.equals("device") && !name.equals("time")) {
                    write(json, name, reading.value(slot));
                }
            }
            json.writeEndObject();
        }
        return out.toString();
    }

    private static void write(JsonGenerator json, String name, @Nullable Object value) {
        switch (value) {
            case Double real when Double.isFinite(real) -> json.writeNumberProperty(name, real);
            case Double real -> json.writeNullProperty(name);
            case Long whole -> json.writeNumberProperty(name, whole);
            case Boolean flag -> json.writeBooleanProperty(name, flag);
            case String text -> json.writeStringProperty(name, text);
            case null, default -> {
                // an empty field is left out
            }
        }
    }
}
