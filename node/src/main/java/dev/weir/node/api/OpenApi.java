package dev.weir.node.api;

import dev.weir.node.api.Route.Parameter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JsonGenerator;

/// The OpenAPI 3.1 document of a table of routes.
final class OpenApi {
    private static final String ADMIN = "admin";
    private static final Pattern VARIABLE = Pattern.compile("\\{([a-z]+)}");

    private OpenApi() {}

    static String document(String version, List<Route> routes) {
        Map<String, Map<String, Route>> paths = new TreeMap<>();
        for (Route route : routes) {
            paths.computeIfAbsent(route.path(), _ -> new TreeMap<>()).put(route.method(), route);
        }
        return Json.object(json -> {
            json.writeStringProperty("openapi", "3.1.0");
            json.writeObjectPropertyStart("info");
            json.writeStringProperty("title", "Weir node");
            json.writeStringProperty("version", version);
            json.writeEndObject();
            json.writeObjectPropertyStart("paths");
            paths.forEach((path, byMethod) -> {
                json.writeObjectPropertyStart(path);
                byMethod.values().forEach(route -> operation(json, route));
                json.writeEndObject();
            });
            json.writeEndObject();
            components(json);
        });
    }

    private static void operation(JsonGenerator json, Route route) {
        json.writeObjectPropertyStart(route.method().toLowerCase(java.util.Locale.ROOT));
        json.writeStringProperty("summary", route.summary());
        json.writeArrayPropertyStart("parameters");
        Matcher variables = VARIABLE.matcher(route.path());
        while (variables.find()) {
            parameter(json, "path", new Parameter(variables.group(1), "string", true, false, "Which one"));
        }
        route.parameters().forEach(parameter -> parameter(json, "query", parameter));
        json.writeEndArray();
        if (route.method().equals("POST")) {
            body(json, route.body());
        }
        if (route.answers().containsKey(401)) {
            security(json);
        }
        json.writeObjectPropertyStart("responses");
        new TreeMap<>(route.answers()).forEach((status, about) -> answer(json, route, status, about));
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void security(JsonGenerator json) {
        json.writeArrayPropertyStart("security");
        json.writeStartObject();
        json.writeArrayPropertyStart(ADMIN);
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndArray();
    }

    private static void parameter(JsonGenerator json, String in, Parameter parameter) {
        json.writeStartObject();
        json.writeStringProperty("name", parameter.name());
        json.writeStringProperty("in", in);
        json.writeBooleanProperty("required", parameter.required());
        json.writeStringProperty("description", parameter.about());
        json.writeObjectPropertyStart("schema");
        if (parameter.repeated()) {
            json.writeStringProperty("type", "array");
            json.writeObjectPropertyStart("items");
            json.writeStringProperty("type", parameter.type());
            json.writeEndObject();
        } else {
            json.writeStringProperty("type", parameter.type());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void body(JsonGenerator json, Map<String, String> fields) {
        json.writeObjectPropertyStart("requestBody");
        json.writeBooleanProperty("required", !fields.isEmpty());
        json.writeObjectPropertyStart("content");
        json.writeObjectPropertyStart(Answer.JSON);
        json.writeObjectPropertyStart("schema");
        json.writeStringProperty("type", "object");
        json.writeObjectPropertyStart("properties");
        fields.forEach((name, about) -> {
            json.writeObjectPropertyStart(name.replace("?", ""));
            json.writeStringProperty("type", "string");
            json.writeStringProperty("description", about);
            json.writeEndObject();
        });
        json.writeEndObject();
        Json.texts(
                json,
                "required",
                fields.keySet().stream().filter(name -> !name.endsWith("?")).toList());
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void answer(JsonGenerator json, Route route, int status, String about) {
        json.writeObjectPropertyStart(String.valueOf(status));
        json.writeStringProperty("description", about);
        json.writeObjectPropertyStart("content");
        boolean readiness = route.path().equals("/health/ready");
        boolean good = status < 400 || readiness;
        json.writeObjectPropertyStart(good ? route.type() : Problem.TYPE);
        if (!good) {
            json.writeObjectPropertyStart("schema");
            json.writeStringProperty("$ref", "#/components/schemas/Problem");
            json.writeEndObject();
        }
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void components(JsonGenerator json) {
        json.writeObjectPropertyStart("components");
        json.writeObjectPropertyStart("securitySchemes");
        json.writeObjectPropertyStart(ADMIN);
        json.writeStringProperty("type", "http");
        json.writeStringProperty("scheme", "bearer");
        json.writeStringProperty("description", "The token in the file admin.token of the node's data folder");
        json.writeEndObject();
        json.writeEndObject();
        json.writeObjectPropertyStart("schemas");
        json.writeObjectPropertyStart("Problem");
        json.writeStringProperty("type", "object");
        Json.texts(json, "required", List.of("type", "title", "status", "detail"));
        json.writeObjectPropertyStart("properties");
        for (String name : List.of("type", "title", "detail", "status")) {
            json.writeObjectPropertyStart(name);
            json.writeStringProperty("type", name.equals("status") ? "integer" : "string");
            json.writeEndObject();
        }
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndObject();
    }
}
