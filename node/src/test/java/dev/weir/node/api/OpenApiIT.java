package dev.weir.node.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/// Reads the document that the server serves, as a stranger would, and holds the server to it.
@Timeout(30)
class OpenApiIT {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final List<String> METHODS = List.of("get", "post", "put", "delete", "patch");

    @TempDir
    Path data;

    private TestNode node;

    @BeforeEach
    void start() throws Exception {
        node = new TestNode(data);
        node.fill();
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + node.api.port() + path));
    }

    private Map<?, ?> paths() throws Exception {
        String text = CLIENT.send(request("/api/v1/openapi.json").build(), BodyHandlers.ofString())
                .body();
        try (JsonParser json = Json.FACTORY.createParser(ObjectReadContext.empty(), text)) {
            json.nextToken();
            Map<?, ?> document = (Map<?, ?>) Objects.requireNonNull(value(json));
            assertThat(document.get("openapi")).isEqualTo("3.1.0");
            return inner(document, "paths");
        }
    }

    private static Map<?, ?> inner(Map<?, ?> map, String name) {
        return (Map<?, ?>) Objects.requireNonNull(map.get(name), name);
    }

    private static @Nullable Object value(JsonParser json) {
        return switch (json.currentToken()) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> object = new LinkedHashMap<>();
                while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                    String name = json.currentName();
                    json.nextToken();
                    object.put(name, value(json));
                }
                yield object;
            }
            case START_ARRAY -> {
                List<@Nullable Object> array = new ArrayList<>();
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    array.add(value(json));
                }
                yield array;
            }
            default -> json.getValueAsString();
        };
    }

    /// What a good request to each path needs beyond the path.
    private static final Map<String, String> GOOD = new HashMap<>(Map.of(
            "/api/v1/query", "?stream=climate&field=temperature",
            "/api/v1/alarms/{id}/acknowledge", "{\"by\":\"ann\"}",
            "/api/v1/pipelines/{name}/close-windows", "{}",
            "/api/v1/credentials", "{\"name\":\"m-9\"}",
            "/api/v1/credentials/revoke", "{\"name\":\"m-9\"}",
            "/debug/profile", "?seconds=1",
            "/debug/trace", "?seconds=1",
            "/debug/log", "{\"level\":\"info\"}",
            "/debug/traces", "{\"device\":\"m-1\"}"));

    private HttpResponse<?> ask(String path, String method, String body, String query)
            throws IOException, InterruptedException {
        String concrete = path.replace("{id}", "a1").replace("{name}", "climate") + query;
        HttpRequest.Builder request = request(concrete)
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + node.admin.text());
        if (method.equals("get")) {
            request.GET();
        } else {
            request.method(method.toUpperCase(Locale.ROOT), BodyPublishers.ofString(body));
        }
        HttpResponse<java.io.InputStream> response = CLIENT.send(request.build(), BodyHandlers.ofInputStream());
        try (var in = response.body()) {
            assertThat(in).isNotNull();
        }
        return response;
    }

    @Test
    void everyDocumentedOperation_answersAsDocumented() throws Exception {
        Map<?, ?> paths = paths();
        assertThat(paths).hasSizeGreaterThan(15);
        for (Map.Entry<?, ?> path : paths.entrySet()) {
            for (String method : METHODS) {
                Map<?, ?> operation = (Map<?, ?>) ((Map<?, ?>) path.getValue()).get(method);
                String name = path.getKey().toString();
                String extra = GOOD.getOrDefault(name, "");
                boolean query = extra.startsWith("?");
                HttpResponse<?> response = ask(name, method, query ? "{}" : extra, query ? extra : "");
                if (operation == null) {
                    assertThat(response.statusCode()).as(method + " " + name).isEqualTo(405);
                    continue;
                }
                Map<?, ?> answers = inner(operation, "responses");
                int expected = name.equals("/api/v1/live") ? 426 : 200;
                assertThat(response.statusCode()).as(method + " " + name).isEqualTo(expected);
                Map<?, ?> answer = inner(answers, String.valueOf(expected));
                String type = response.headers().firstValue("Content-Type").orElse("");
                assertThat(inner(answer, "content").containsKey(type))
                        .as(name + " is documented to answer with " + type)
                        .isTrue();
            }
        }
    }

    @Test
    void everyDocumentedParameter_isKnown_othersAreRefused() throws Exception {
        for (Map.Entry<?, ?> path : paths().entrySet()) {
            Map<?, ?> get = (Map<?, ?>) ((Map<?, ?>) path.getValue()).get("get");
            if (get == null) {
                continue;
            }
            String name = path.getKey().toString();
            for (Object parameter : (List<?>) Objects.requireNonNull(get.get("parameters"))) {
                String query = "?" + ((Map<?, ?>) parameter).get("name") + "=";
                HttpResponse<String> response =
                        CLIENT.send(request(name + query + "&zzz=1").build(), BodyHandlers.ofString());
                assertThat(response.body()).contains("'zzz'");
            }
            HttpResponse<?> response = ask(name, "get", "", "?zzz=1");
            assertThat(response.statusCode()).as(name).isEqualTo(400);
        }
    }

    @Test
    void document_hasEveryRoute() throws Exception {
        Map<?, ?> paths = paths();
        assertThat(paths.keySet().stream().map(Object::toString))
                .contains(
                        "/",
                        "/health/live",
                        "/health/ready",
                        "/metrics",
                        "/api/v1/node",
                        "/api/v1/latest",
                        "/api/v1/query",
                        "/api/v1/pipelines",
                        "/api/v1/alarms",
                        "/api/v1/alarms/{id}/acknowledge",
                        "/api/v1/ledger",
                        "/api/v1/dead-letters",
                        "/api/v1/commands",
                        "/api/v1/pipelines/{name}/close-windows",
                        "/api/v1/credentials",
                        "/api/v1/credentials/revoke",
                        "/api/v1/live",
                        "/api/v1/live/sse",
                        "/api/v1/openapi.json");
    }
}
