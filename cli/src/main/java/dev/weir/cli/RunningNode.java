package dev.weir.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// What a running node has measured of its pipelines.
final class RunningNode implements AutoCloseable {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long MOST_ANSWER = 16L << 20;

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final URI url;

    /// @param url where it answers
    RunningNode(URI url) {
        this.url = url;
    }

    /// What is known of the workers of a segment.
    ///
    /// @param accepted how many readings its pipeline has accepted since the start
    /// @param workers how many there are now
    /// @param samples how many service times were measured
    /// @param meanSeconds their mean
    /// @param deviationSeconds their standard deviation
    record Measured(long accepted, int workers, long samples, double meanSeconds, double deviationSeconds) {}

    /// Asks for all segments, by name. Blocks until the node answers.
    ///
    /// @throws IOException if it does not, or answers something else
    Map<String, Measured> segments() throws IOException, InterruptedException {
        // Anybody may ask this, so the admin token stays here: the address may be somebody else's.
        HttpRequest request = HttpRequest.newBuilder(url.resolve("/api/v1/pipelines"))
                .timeout(PATIENCE)
                .build();
        HttpResponse<String> response;
        try {
            response = client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (java.net.ConnectException e) {
            throw new IOException(
                    "no node answers at " + url + ": start it with this file, or say --rate and --service", e);
        }
        if (response.statusCode() != 200 || response.body().length() > MOST_ANSWER) {
            throw new IOException(url + " answered " + response.statusCode() + " with "
                    + response.body().length() + " characters to GET /api/v1/pipelines");
        }
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), response.body())) {
            json.nextToken();
            return segments(value(json));
        } catch (JacksonException | ClassCastException e) {
            throw new IOException(url + " answered what no node answers to GET /api/v1/pipelines", e);
        }
    }

    private static Map<String, Measured> segments(Object answer) {
        Map<String, Measured> found = new LinkedHashMap<>();
        for (Object pipeline : list(answer, "pipelines")) {
            long accepted = (long) number(map(pipeline).get("counts"), "accepted");
            for (Object segment : list(pipeline, "segments")) {
                Object service = map(segment).get("service");
                found.put(
                        String.valueOf(map(segment).get("name")),
                        new Measured(
                                accepted,
                                (int) number(segment, "workers"),
                                (long) number(service, "samples"),
                                number(service, "meanSeconds"),
                                number(service, "deviationSeconds")));
            }
        }
        return found;
    }

    private static Map<?, ?> map(Object value) {
        return (Map<?, ?>) value;
    }

    private static List<?> list(Object of, String name) {
        return map(of).get(name) instanceof List<?> list ? list : List.of();
    }

    private static double number(@org.jspecify.annotations.Nullable Object of, String name) {
        return of instanceof Map<?, ?> map && map.get(name) instanceof Double number ? number : 0;
    }

    private static Object value(JsonParser json) {
        return switch (json.currentToken()) {
            case START_OBJECT -> {
                Map<String, Object> map = new LinkedHashMap<>();
                while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                    String name = json.currentName();
                    json.nextToken();
                    map.put(name, value(json));
                }
                yield map;
            }
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(json));
                }
                yield list;
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> json.getDoubleValue();
            case null, default -> String.valueOf(json.getString());
        };
    }

    @Override
    public void close() {
        client.close();
    }
}
