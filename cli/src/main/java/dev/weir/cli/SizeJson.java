package dev.weir.cli;

import dev.weir.engine.size.Sizing;
import dev.weir.engine.size.Sizing.Row;
import java.io.StringWriter;
import java.util.Map;
import java.util.OptionalInt;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// The answer of `weir size` for programs: an array of segments. Times are in seconds; what has no
/// value, since it is unstable, is null.
final class SizeJson {
    private static final JsonFactory JSON = new JsonFactory();

    private SizeJson() {}

    /// @param workers how many each segment has now
    static String of(Map<String, Sizing> sizings, Map<String, Integer> workers) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartArray();
            sizings.forEach((name, sizing) -> segment(json, name, workers.getOrDefault(name, 0), sizing));
            json.writeEndArray();
        }
        return text.toString();
    }

    private static void segment(JsonGenerator json, String name, int workers, Sizing sizing) {
        json.writeStartObject();
        json.writeStringProperty("segment", name);
        json.writeNumberProperty("workers", workers);
        json.writeNumberProperty("rate", sizing.load().perSecond());
        json.writeNumberProperty("serviceSeconds", sizing.load().service().meanSeconds());
        json.writeNumberProperty("cv", sizing.load().service().cv());
        json.writeNumberProperty("sigma", sizing.load().scalability().contention());
        json.writeNumberProperty("kappa", sizing.load().scalability().coherency());
        json.writeStringProperty("queue", sizing.load().queueing().word());
        whole(json, "sweetSpot", sizing.sweetSpot());
        whole(json, "plateau", sizing.plateau());
        json.writeName("rows");
        json.writeStartArray();
        for (Row row : sizing.rows()) {
            json.writeStartObject();
            json.writeNumberProperty("workers", row.workers());
            json.writeNumberProperty("utilisation", row.utilisation());
            json.writeBooleanProperty("stable", row.stable());
            time(json, "meanSeconds", row.meanSeconds());
            time(json, "p50Seconds", row.p50Seconds());
            time(json, "p99Seconds", row.p99Seconds());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void whole(JsonGenerator json, String name, OptionalInt value) {
        if (value.isPresent()) {
            json.writeNumberProperty(name, value.getAsInt());
        } else {
            json.writeNullProperty(name);
        }
    }

    private static void time(JsonGenerator json, String name, double seconds) {
        if (Double.isNaN(seconds)) {
            json.writeNullProperty(name);
        } else {
            json.writeNumberProperty(name, seconds);
        }
    }
}
