package dev.weir.node;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;

/// Asks a node for its health and for its pipelines again and again, as those do who look after it.
final class NodeWatch implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 30_000;
    private static final int PAUSE_MILLIS = 50;
    private static final int COMPLAINTS = 20;

    private final URI node;
    private final Latencies latencies = new Latencies();
    private final List<String> complaints = new ArrayList<>();
    private final Set<String> abandoned = new ConcurrentSkipListSet<>();
    private final Thread thread;
    private volatile boolean stopped;

    /// How a supervised part does.
    ///
    /// @param threads those that were abandoned and have not ended
    record Part(String state, long restarts, long abandoned, List<String> threads) {}

    /// @param node the root of its HTTP interface
    NodeWatch(URI node) {
        this.node = node;
        this.thread = Thread.ofPlatform().name("node-watch").daemon().start(this::watch);
    }

    private void watch() {
        while (!stopped) {
            long begun = System.nanoTime();
            try {
                ask("health/live");
                latencies.add(System.nanoTime() - begun);
                supervised(ask("api/v1/pipelines")).values().forEach(part -> abandoned.addAll(part.threads));
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS); // between two questions
            } catch (IOException e) {
                complain(e.toString());
            } catch (InterruptedException closed) {
                return;
            }
        }
    }

    private String ask(String path) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) node.resolve(path).toURL().openConnection();
        connection.setConnectTimeout(PATIENCE_MILLIS);
        connection.setReadTimeout(PATIENCE_MILLIS);
        try (var in = connection.getInputStream()) {
            String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
                complain(path + " answered " + connection.getResponseCode());
            }
            return answer;
        }
    }

    private void complain(String what) {
        synchronized (complaints) {
            if (complaints.size() < COMPLAINTS) {
                complaints.add(what);
            }
        }
    }

    /// The supervised parts in an answer of `/api/v1/pipelines`, by name: segments, sinks, and what
    /// is neither.
    static Map<String, Part> supervised(String json) {
        JsonObject state = JsonParser.parseString(json).getAsJsonObject();
        Map<String, Part> parts = new TreeMap<>();
        state.getAsJsonArray("pipelines").forEach(pipeline -> add(pipeline, "segments", parts));
        add(state, "sinks", parts);
        add(state, "parts", parts);
        return parts;
    }

    private static void add(JsonElement of, String list, Map<String, Part> parts) {
        for (JsonElement each : of.getAsJsonObject().getAsJsonArray(list)) {
            JsonObject part = each.getAsJsonObject();
            parts.put(
                    part.get("name").getAsString(),
                    new Part(
                            part.get("state").getAsString(),
                            part.get("restarts").getAsLong(),
                            part.get("abandoned").getAsLong(),
                            part.getAsJsonArray("abandonedThreads").asList().stream()
                                    .map(JsonElement::getAsString)
                                    .toList()));
        }
    }

    /// The threads that the node has called abandoned.
    Set<String> abandoned() {
        return abandoned;
    }

    /// What went wrong; empty if all is well.
    List<String> complaints() {
        synchronized (complaints) {
            return List.copyOf(complaints);
        }
    }

    /// How long the answers about its health took.
    Latencies latencies() {
        return latencies;
    }

    /// Asks no more, and waits for the last answer.
    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
