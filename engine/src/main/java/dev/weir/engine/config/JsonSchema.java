package dev.weir.engine.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Describes a [Shape] as a JSON Schema (draft 2020-12), so that editors complete and check a file
/// while it is written.
///
/// The schema accepts every file that [Section#check] accepts. It refuses less: bounds of durations
/// and sizes, and what one part of a file says of another, only the check knows. Where a file may
/// say `${NAME}` instead of a value, so may the schema's instance.
public final class JsonSchema {
    private static final String VARIABLE = "^\\$\\{[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?\\}$";

    private JsonSchema() {}

    /// The schema of a file of that shape, indented, as JSON text.
    ///
    /// @param title names the kind of file
    public static String of(String title, Shape shape) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", title);
        schema.putAll(object(shape));
        return JsonText.of(schema);
    }

    private static Map<String, Object> object(Shape shape) {
        Map<String, Object> properties = new LinkedHashMap<>();
        shape.options().forEach(option -> property(option, properties));
        Map<String, Object> schema = closed(properties, required(shape));
        if (!shape.about().isEmpty()) {
            schema.put("description", shape.about());
        }
        return schema;
    }

    private static void property(Option option, Map<String, Object> properties) {
        if (option.presence() == Option.Presence.LATER) {
            return;
        }
        Map<String, Object> schema = new LinkedHashMap<>(schema(option.kind()));
        schema.put("description", option.about());
        String fallback = option.fallback();
        if (fallback != null && !fallback.startsWith("{") && !fallback.startsWith("[")) {
            schema.put("default", typed(option.kind(), fallback));
        }
        properties.put(option.name(), schema);
    }

    private static List<Object> required(Shape shape) {
        return shape.options().stream()
                .filter(option -> option.presence() == Option.Presence.REQUIRED)
                .<Object>map(Option::name)
                .toList();
    }

    private static Map<String, Object> closed(Map<String, Object> properties, List<Object> required) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("properties", properties);
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        schema.put("additionalProperties", false);
        return schema;
    }

    private static Map<String, Object> schema(Kind kind) {
        return switch (kind) {
            case Kind.Text _, Kind.Secret _, Kind.Formula _, Kind.Template _ ->
                schema("type", List.of("string", "number", "boolean"));
            case Kind.Flag _ -> schema("type", List.of("boolean", "string"), "pattern", VARIABLE);
            case Kind.Whole(long min, long max) -> whole(min, max);
            case Kind.Real(double min, double max) -> real(min, max);
            case Kind.Size(long min, long max) -> {
                Map<String, Object> schema = whole(min, max);
                schema.put("pattern", "^" + SizeText.PATTERN + "$|" + VARIABLE);
                yield schema;
            }
            case Kind.Span(Duration _, Duration _) ->
                schema("type", "string", "pattern", "^" + DurationText.PATTERN + "$|" + VARIABLE);
            case Kind.Address _ -> {
                Map<String, Object> schema = whole(0, 65_535);
                schema.put("pattern", "^" + AddressReader.PATTERN + "$|" + variableWithin());
                yield schema;
            }
            case Kind.Url(List<String> schemes) ->
                schema("type", "string", "pattern", "^(" + String.join("|", schemes) + ")://.+|" + variableWithin());
            case Kind.Choice choice ->
                schema("anyOf", List.of(schema("enum", choice.words()), schema("type", "string", "pattern", VARIABLE)));
            case Kind.Group(Shape shape) -> object(shape);
            case Kind.ListOf(Kind element) ->
                schema("anyOf", List.of(schema("type", "array", "items", schema(element)), schema(element)));
            case Kind.MapOf(Kind value) ->
                schema(
                        "type",
                        "object",
                        "propertyNames",
                        schema("pattern", "^" + Checker.NAME_PATTERN + "$"),
                        "additionalProperties",
                        schema(value));
            case Kind.Either(Kind first, Kind second) -> schema("anyOf", List.of(schema(first), schema(second)));
            case Kind.Tagged tagged -> tagged(tagged);
            case Kind.Later _ -> throw new IllegalArgumentException("a tag of a later version has no schema");
        };
    }

    private static Map<String, Object> whole(long min, long max) {
        Map<String, Object> schema = schema("type", List.of("integer", "string"));
        if (min != Long.MIN_VALUE) {
            schema.put("minimum", min);
        }
        if (max != Long.MAX_VALUE) {
            schema.put("maximum", max);
        }
        schema.put("pattern", VARIABLE);
        return schema;
    }

    private static Map<String, Object> real(double min, double max) {
        Map<String, Object> schema = schema("type", List.of("number", "string"));
        if (min > -Double.MAX_VALUE) {
            schema.put("minimum", min);
        }
        if (max < Double.MAX_VALUE) {
            schema.put("maximum", max);
        }
        schema.put("pattern", VARIABLE);
        return schema;
    }

    /// One closed object for each tag, so that exactly one tag can stand in it.
    private static Map<String, Object> tagged(Kind.Tagged tagged) {
        Map<String, Object> shared = new LinkedHashMap<>();
        tagged.shared().options().forEach(option -> property(option, shared));
        List<Object> branches = new ArrayList<>();
        List<Object> alone = new ArrayList<>();
        for (String tag : Expected.present(tagged)) {
            Kind behind = tagged.behind(tag);
            Map<String, Object> properties = new LinkedHashMap<>();
            properties.put(tag, schema(behind));
            properties.putAll(shared);
            List<Object> required = new ArrayList<>(List.of(tag));
            required.addAll(required(tagged.shared()));
            branches.add(closed(properties, required));
            if (Forms.standsAlone(behind)) {
                alone.add(tag);
            }
        }
        if (!alone.isEmpty()) {
            branches.add(schema("enum", alone));
        }
        return schema("oneOf", branches);
    }

    /// A text with a variable somewhere in it, such as `${HOST}:1883`.
    private static String variableWithin() {
        return VARIABLE.substring(1, VARIABLE.length() - 1);
    }

    /// A default as an editor would insert it: a number as a number.
    private static Object typed(Kind kind, String text) {
        return switch (kind) {
            case Kind.Whole _ -> Long.valueOf(text);
            case Kind.Real _ -> Double.valueOf(text);
            case Kind.Flag _ -> Boolean.valueOf(text);
            case Kind.Size _ -> text.chars().allMatch(Character::isDigit) ? Long.valueOf(text) : text;
            case Kind.Text _, Kind.Secret _, Kind.Span _, Kind.Address _, Kind.Url _, Kind.Choice _ -> text;
            case Kind.Formula _, Kind.Template _, Kind.Group _, Kind.ListOf _, Kind.MapOf _ -> text;
            case Kind.Either _, Kind.Tagged _, Kind.Later _ -> text;
        };
    }

    private static Map<String, Object> schema(Object... keysAndValues) {
        Map<String, Object> schema = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            schema.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return schema;
    }
}
