package dev.weir.node.api;

import dev.weir.engine.Reading;
import dev.weir.engine.rule.Alarm;
import dev.weir.node.store.Bucket;
import dev.weir.node.store.Range;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;

/// Readings, alarms and what else the node keeps.
final class DataHandlers {
    static final int POINTS = 10_000;
    private static final int USUAL = 100;
    private static final int MOST = 1_000;
    private static final int BY_LENGTH = 200;
    private static final long CLOSE_SECONDS = 30;
    private static final Set<String> AGGREGATES = Set.of("mean", "min", "max", "last", "count");

    private final ApiModel model;

    DataHandlers(ApiModel model) {
        this.model = model;
    }

    Answer latest(Call call) throws ApiException {
        List<String> streams = model.latest().streams();
        Optional<String> wanted = call.first("stream");
        if (wanted.isPresent()) {
            if (!streams.contains(wanted.get())) {
                throw new ApiException(
                        404,
                        "no reading of stream '" + wanted.get() + "' yet: there are " + String.join(", ", streams));
            }
            streams = List.of(wanted.get());
        }
        List<String> devices = call.all("device");
        List<Reading> readings = new ArrayList<>();
        for (String stream : streams) {
            if (devices.isEmpty()) {
                readings.addAll(model.latest().of(stream));
            } else {
                devices.forEach(device -> model.latest().find(stream, device).ifPresent(readings::add));
            }
        }
        return Answer.json(
                200,
                Json.object(json -> Json.array(json, "readings", readings, reading -> Json.reading(json, reading))));
    }

    Answer query(Call call) throws ApiException, IOException, InterruptedException {
        Instant to = call.time("to", Instant.now());
        Instant from = call.time("from", to.minus(Duration.ofDays(1)));
        if (!from.isBefore(to)) {
            throw new ApiException(400, "'from' must be before 'to', but was " + from + " and " + to);
        }
        Range range = new Range(call.required("stream"), call.required("field"), call.all("device"), from, to);
        Optional<Duration> step = call.duration("step");
        Set<String> aggregates = aggregates(call);
        StringWriter out = new StringWriter(4_096);
        try (JsonGenerator json = Json.FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeStringProperty("stream", range.stream());
            json.writeStringProperty("field", range.field());
            Json.time(json, "from", from);
            Json.time(json, "to", to);
            json.writeArrayPropertyStart("series");
            Series series = new Series(json);
            if (step.isPresent()) {
                model.store().buckets(range, step.get(), POINTS, bucket -> {
                    series.point(bucket.device(), bucket.start());
                    sums(json, bucket, aggregates);
                    json.writeEndObject();
                });
            } else {
                model.store().samples(range, POINTS, sample -> {
                    series.point(sample.device(), sample.time());
                    Json.value(json, "value", sample.value());
                    json.writeEndObject();
                });
            }
            series.end();
            json.writeEndArray();
            json.writeEndObject();
        }
        return Answer.json(200, out.toString());
    }

    private static Set<String> aggregates(Call call) throws ApiException {
        Set<String> wanted = new TreeSet<>();
        for (String list : call.all("agg")) {
            wanted.addAll(List.of(list.split(",", -1)));
        }
        for (String aggregate : wanted) {
            if (!AGGREGATES.contains(aggregate)) {
                throw new ApiException(
                        400, "'agg' must be of mean, min, max, last and count, but was '" + aggregate + "'");
            }
        }
        return wanted.isEmpty() ? AGGREGATES : wanted;
    }

    private static void sums(JsonGenerator json, Bucket bucket, Set<String> wanted) {
        number(json, "mean", bucket.mean(), wanted);
        number(json, "min", bucket.min(), wanted);
        number(json, "max", bucket.max(), wanted);
        if (wanted.contains("last")) {
            Json.value(json, "last", bucket.last());
        }
        if (wanted.contains("count")) {
            json.writeNumberProperty("count", bucket.count());
        }
    }

    private static void number(JsonGenerator json, String name, OptionalDouble value, Set<String> wanted) {
        if (wanted.contains(name)) {
            Json.value(json, name, value.isPresent() ? value.getAsDouble() : null);
        }
    }

    /// Opens an object for each device when its first point comes.
    private static final class Series {
        private final JsonGenerator json;
        private @Nullable String device;

        Series(JsonGenerator json) {
            this.json = json;
        }

        void point(String of, Instant time) {
            if (!of.equals(device)) {
                end();
                device = of;
                json.writeStartObject();
                json.writeStringProperty("device", of);
                json.writeArrayPropertyStart("points");
            }
            json.writeStartObject();
            Json.time(json, "time", time);
        }

        void end() {
            if (device != null) {
                json.writeEndArray();
                json.writeEndObject();
            }
        }
    }

    Answer alarms(Call call) throws ApiException, IOException, InterruptedException {
        String state = call.first("state").orElse("all");
        if (!state.equals("active") && !state.equals("all")) {
            throw new ApiException(400, "'state' must be active or all, but was '" + state + "'");
        }
        int limit = call.limit(USUAL, MOST);
        // The book of active alarms is ahead of the store, and has the peaks.
        List<Alarm> alarms = state.equals("active")
                ? model.alarms().active().stream().limit(limit).toList()
                : model.store().alarms(false, limit);
        return Answer.json(
                200, Json.object(json -> Json.array(json, "alarms", alarms, alarm -> Json.alarm(json, alarm))));
    }

    Answer deadLetters(Call call) throws ApiException, IOException, InterruptedException {
        var letters = model.store().deadLetters(call.limit(USUAL, MOST));
        return Answer.json(
                200, Json.object(json -> Json.array(json, "deadLetters", letters, one -> Json.deadLetter(json, one))));
    }

    Answer commands(Call call) throws ApiException {
        var commands = model.commands().list(call.limit(USUAL, MOST));
        return Answer.json(
                200, Json.object(json -> Json.array(json, "commands", commands, one -> Json.command(json, one))));
    }

    Answer acknowledge(Call call) throws ApiException, IOException, InterruptedException {
        String id = call.variable("id");
        String by = text(call.body(), "by");
        Optional<Alarm> alarm = model.alarms().acknowledge(id, by);
        if (alarm.isEmpty()) {
            alarm = model.store().acknowledge(id, by);
        }
        Alarm acknowledged = alarm.orElseThrow(() -> new ApiException(404, "no alarm has the id '" + id + "'"));
        return Answer.json(200, Json.object(json -> Json.alarm(json, acknowledged)));
    }

    /// A text in an object that has nothing else.
    private static String text(String body, String name) throws ApiException {
        String value = "";
        try (JsonParser json = Json.FACTORY.createParser(ObjectReadContext.empty(), body)) {
            boolean object = json.nextToken() == JsonToken.START_OBJECT;
            while (object && json.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean wanted = name.equals(json.currentName());
                if (!wanted || json.nextToken() != JsonToken.VALUE_STRING) {
                    throw new ApiException(400, "the body must be {\"" + name + "\": \"…\"} and nothing else");
                }
                value = json.getString();
            }
        } catch (JacksonException e) {
            throw new ApiException(400, "the body is no JSON: " + e.getOriginalMessage());
        }
        if (value.isBlank() || value.length() > BY_LENGTH) {
            throw new ApiException(
                    400, "the body must be {\"" + name + "\": \"…\"} with 1 to " + BY_LENGTH + " characters");
        }
        return value;
    }

    Answer closeWindows(Call call) throws Exception {
        String name = call.variable("name");
        boolean known = model.flow().get().pipelines().stream()
                .anyMatch(pipeline -> pipeline.name().equals(name));
        if (!known) {
            throw new ApiException(404, "no pipeline is called '" + name + "'");
        }
        try {
            model.closeWindows().apply(name).get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new ApiException(503, "the windows are being closed, but a sink has not confirmed all of them yet");
        } catch (ExecutionException e) {
            throw new ApiException(503, "the windows could not be closed: " + e.getCause());
        }
        return Answer.json(200, Json.object(json -> json.writeStringProperty("pipeline", name)));
    }
}
