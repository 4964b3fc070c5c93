package dev.weir.node;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// What arrives at the far end, checked as it comes: each device's readings in order, and how long
/// they took from when they were due. Takes the same memory however many there are. Thread-safe.
final class Arrivals {
    /// How many complaints are kept.
    private static final int COMPLAINTS = 20;

    private final Map<String, Line> lines = new ConcurrentHashMap<>();
    private final Map<String, Latencies> latencies = new ConcurrentHashMap<>();
    private final List<String> complaints = new ArrayList<>();
    private final AtomicInteger complained = new AtomicInteger();

    /// What came of one device.
    ///
    /// @param next the number that comes next
    /// @param repeated how many came again
    record Line(long next, long repeated) {}

    /// Takes a reading, or a list of readings, as JSON.
    void take(String body) {
        long now = System.nanoTime();
        JsonElement json = JsonParser.parseString(body);
        for (JsonElement each : json.isJsonArray() ? json.getAsJsonArray().asList() : List.of(json)) {
            JsonObject reading = each.getAsJsonObject();
            JsonObject fields = reading.has("fields") ? reading.getAsJsonObject("fields") : reading;
            take(reading.get("device").getAsString(), fields.get("seq").getAsLong());
            latencies(
                            SteadyDevice.kind(reading.get("device").getAsString()),
                            fields.get("phase").getAsString())
                    .add(now - fields.get("due").getAsLong());
        }
    }

    private void take(String device, long number) {
        lines.compute(device, (_, line) -> {
            Line before = line == null ? new Line(0, 0) : line;
            if (number < before.next) {
                return new Line(before.next, before.repeated + 1);
            }
            if (number > before.next) {
                complain(device + ": " + number + " came where " + before.next + " was next");
            }
            return new Line(number + 1, before.repeated);
        });
    }

    private void complain(String what) {
        if (complained.getAndIncrement() < COMPLAINTS) {
            synchronized (complaints) {
                complaints.add(what);
            }
        }
    }

    /// What came of a device.
    Line of(String device) {
        return lines.getOrDefault(device, new Line(0, 0));
    }

    /// The first readings that came where others should have; empty if all is well.
    List<String> complaints() {
        synchronized (complaints) {
            return List.copyOf(complaints);
        }
    }

    /// How long the readings took that devices of a kind sent in a phase of the test.
    Latencies latencies(String kind, String phase) {
        return latencies.computeIfAbsent(kind + " " + phase, _ -> new Latencies());
    }
}
