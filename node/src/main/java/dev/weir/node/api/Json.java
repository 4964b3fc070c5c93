package dev.weir.node.api;

import dev.weir.engine.Reading;
import dev.weir.engine.Schema;
import dev.weir.engine.flow.DeadLetter;
import dev.weir.engine.flow.LiveEvent;
import dev.weir.engine.rule.Alarm;
import dev.weir.engine.rule.AlarmEvent;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// How the interface says things in JSON. Times are ISO-8601 in UTC; a number that JSON cannot say
/// is null.
final class Json {
    static final JsonFactory FACTORY = new JsonFactory();

    private Json() {}

    /// An object whose content `body` writes.
    static String object(Consumer<JsonGenerator> body) {
        StringWriter out = new StringWriter(256);
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            body.accept(json);
            json.writeEndObject();
        }
        return out.toString();
    }

    /// A property that is an array of objects.
    static <T> void array(JsonGenerator json, String name, Iterable<T> items, Consumer<T> body) {
        json.writeArrayPropertyStart(name);
        for (T item : items) {
            json.writeStartObject();
            body.accept(item);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    static void texts(JsonGenerator json, String name, List<String> items) {
        json.writeArrayPropertyStart(name);
        items.forEach(json::writeString);
        json.writeEndArray();
    }

    static void time(JsonGenerator json, String name, @Nullable Instant time) {
        json.writeStringProperty(name, time == null ? null : time.toString());
    }

    static void counts(JsonGenerator json, String name, Map<String, Long> counts) {
        json.writeObjectPropertyStart(name);
        new TreeMap<>(counts).forEach(json::writeNumberProperty);
        json.writeEndObject();
    }

    static void value(JsonGenerator json, String name, @Nullable Object value) {
        switch (value) {
            case Double real when Double.isFinite(real) -> json.writeNumberProperty(name, real);
            case Double _ -> json.writeNullProperty(name);
            case Number whole -> json.writeNumberProperty(name, whole.longValue());
            case Boolean flag -> json.writeBooleanProperty(name, flag);
            case null -> json.writeNullProperty(name);
            default -> json.writeStringProperty(name, value.toString());
        }
    }

    static void reading(JsonGenerator json, Reading reading) {
        json.writeStringProperty("stream", reading.stream());
        json.writeStringProperty("device", reading.device());
        time(json, "time", reading.instant());
        time(json, "received", reading.receivedInstant());
        json.writeStringProperty("source", reading.source());
        json.writeObjectPropertyStart("fields");
        List<Schema.Field> fields = reading.schema().fields();
        for (int slot = 0; slot < Math.min(fields.size(), reading.slots()); slot++) {
            if (reading.has(slot)) {
                value(json, fields.get(slot).name(), reading.value(slot));
            }
        }
        json.writeEndObject();
    }

    static void alarm(JsonGenerator json, Alarm alarm) {
        json.writeStringProperty("id", alarm.id());
        json.writeStringProperty("rule", alarm.rule());
        json.writeStringProperty("device", alarm.device());
        json.writeStringProperty("stream", alarm.stream());
        json.writeStringProperty("severity", alarm.severity().word());
        json.writeStringProperty("text", alarm.text());
        time(json, "raisedAt", alarm.raisedAt());
        time(json, "clearedAt", alarm.clearedAt());
        time(json, "acknowledgedAt", alarm.acknowledgedAt());
        json.writeStringProperty("acknowledgedBy", alarm.acknowledgedBy());
        value(json, "peak", alarm.peak());
        json.writeNumberProperty("readings", alarm.readings());
    }

    static void command(JsonGenerator json, LiveEvent.Commanded commanded) {
        json.writeStringProperty("id", commanded.command().id());
        json.writeStringProperty("rule", commanded.command().rule());
        json.writeStringProperty("device", commanded.command().device());
        json.writeStringProperty("address", commanded.command().address());
        json.writeStringProperty("payload", commanded.command().payload());
        time(json, "expires", commanded.command().expires());
        json.writeStringProperty("outcome", commanded.outcome().name().toLowerCase(Locale.ROOT));
        json.writeStringProperty("detail", commanded.detail());
    }

    static void deadLetter(JsonGenerator json, DeadLetter letter) {
        time(json, "time", letter.time());
        json.writeStringProperty("stream", letter.stream());
        json.writeStringProperty("source", letter.source());
        json.writeStringProperty("device", letter.device());
        json.writeStringProperty("address", letter.address());
        json.writeStringProperty("reason", letter.reason());
        json.writeStringProperty("detail", letter.detail());
        json.writeStringProperty("excerpt", letter.excerpt());
    }

    /// The word for the kind of a live event.
    static String kind(LiveEvent event) {
        return switch (event) {
            case LiveEvent.Passed _ -> "reading";
            case LiveEvent.Alarmed _ -> "alarm";
            case LiveEvent.Commanded _ -> "command";
        };
    }

    static String live(LiveEvent event) {
        return object(json -> {
            json.writeStringProperty("type", kind(event));
            switch (event) {
                case LiveEvent.Passed(var reading) -> reading(json, reading);
                case LiveEvent.Alarmed(var change) -> {
                    json.writeStringProperty("change", change(change));
                    alarm(json, change.alarm());
                }
                case LiveEvent.Commanded commanded -> command(json, commanded);
            }
        });
    }

    static String lost(long count) {
        return object(json -> {
            json.writeStringProperty("type", "lost");
            json.writeNumberProperty("count", count);
        });
    }

    private static String change(AlarmEvent event) {
        return switch (event) {
            case AlarmEvent.Raised _ -> "raised";
            case AlarmEvent.Peaked _ -> "peaked";
            case AlarmEvent.Acknowledged _ -> "acknowledged";
            case AlarmEvent.Cleared _ -> "cleared";
            case AlarmEvent.Lost _ -> "lost";
        };
    }
}
