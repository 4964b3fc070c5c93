package dev.weir.engine.expression;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// One case of the conformance data: an expression, its variables, and the value or error that it
/// has to give.
record ConformanceCase(Map<?, ?> json) {
    private static final Object REFUSED = "refused";

    /// All cases of the file.
    static List<ConformanceCase> all() {
        try (InputStream in = ConformanceCase.class.getResourceAsStream("/cel/conformance.json");
                JsonParser parser = new JsonFactory()
                        .createParser(
                                ObjectReadContext.empty(),
                                Objects.requireNonNull(in).readAllBytes())) {
            parser.nextToken();
            List<ConformanceCase> cases = new ArrayList<>();
            for (Object each : (List<?>) read(parser)) {
                cases.add(new ConformanceCase((Map<?, ?>) each));
            }
            return cases;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Object read(JsonParser parser) {
        return switch (Objects.requireNonNull(parser.currentToken())) {
            case START_OBJECT -> {
                Map<String, Object> map = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    map.put(name, read(parser));
                }
                yield map;
            }
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(read(parser));
                }
                yield list;
            }
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> NullValue.NULL;
            default -> Objects.requireNonNull(parser.getString());
        };
    }

    String expression() {
        return (String) Objects.requireNonNull(json.get("expr"));
    }

    String path() {
        return (String) Objects.requireNonNull(json.get("path"));
    }

    String id() {
        return path() + "/" + json.get("name");
    }

    /// Whether the case is meant for an environment that declares messages, enums or functions.
    boolean declares() {
        return json.containsKey("typeEnv")
                || json.containsKey("container")
                || json.toString().contains("enumValue");
    }

    boolean mentions(String regex) {
        return java.util.regex.Pattern.compile(regex).matcher(expression()).find();
    }

    /// Whether CEL is to run without its type checker.
    boolean unchecked() {
        return json.containsKey("disableCheck");
    }

    /// Empty when the case passes; `refused: …` when the expression is refused with a position;
    /// else what is wrong.
    String failure() {
        Object actual;
        try {
            actual = evaluate();
        } catch (ExpressionException e) {
            Problem first = e.problems().getFirst();
            boolean placed = first.position().line() >= 1 && first.position().column() >= 1;
            return json.containsKey("evalError") ? "" : placed ? REFUSED + ": " + e.getMessage() : "no position";
        } catch (EvaluationException e) {
            return json.containsKey("evalError") ? "" : "error: " + e.getMessage();
        } catch (UnsupportedOperationException e) {
            return REFUSED + ": " + e.getMessage();
        }
        if (json.containsKey("evalError")) {
            return "value: " + Text.shown(actual) + " instead of an error";
        }
        Object expected = expected();
        boolean same = same(expected, actual);
        return same ? "" : "value: " + actual + " instead of " + expected;
    }

    private Object expected() {
        if (json.get("typedResult") instanceof Map<?, ?> typed) {
            return typed.containsKey("result") ? value(typed.get("result")) : true;
        }
        return json.containsKey("value") ? value(json.get("value")) : true;
    }

    /// Equality that tells types apart, unlike `==` of the language.
    private static boolean same(Object expected, Object actual) {
        if (expected instanceof List<?> a && actual instanceof List<?> b) {
            boolean same = a.size() == b.size();
            for (int i = 0; same && i < a.size(); i++) {
                same = same(Objects.requireNonNull(a.get(i)), Objects.requireNonNull(b.get(i)));
            }
            return same;
        }
        if (expected instanceof Map<?, ?> a && actual instanceof Map<?, ?> b) {
            return a.size() == b.size()
                    && a.keySet().stream()
                            .allMatch(key -> b.containsKey(key)
                                    && same(Objects.requireNonNull(a.get(key)), Objects.requireNonNull(b.get(key))));
        }
        if (expected instanceof Double a && actual instanceof Double b) {
            return a.doubleValue() == b.doubleValue() || (a.isNaN() && b.isNaN());
        }
        return Values.equal(expected, actual) && expected.getClass() == actual.getClass();
    }

    private Object evaluate() {
        Fields fields = new Fields();
        Map<String, Object> bound = new LinkedHashMap<>();
        if (json.get("bindings") instanceof Map<?, ?> bindings) {
            bindings.forEach((name, value) ->
                    bound.put((String) name, value(Objects.requireNonNull(((Map<?, ?>) value).get("value")))));
        }
        bound.forEach(fields::dynamic);
        Expression compiled = Expression.compile(expression(), fields, Scalar.DYN);
        boolean checkOnly = json.get("typedResult") instanceof Map<?, ?> typed && !typed.containsKey("result");
        return checkOnly ? true : compiled.value(fields);
    }

    private static Object value(Object tagged) {
        Map<?, ?> map = (Map<?, ?>) tagged;
        String tag = (String) map.keySet().iterator().next();
        Object value = Objects.requireNonNull(map.get(tag));
        return switch (tag) {
            case "int64Value" -> Long.valueOf((String) value);
            case "uint64Value" -> new Unsigned(Long.parseUnsignedLong((String) value));
            case "doubleValue" -> Double.valueOf((String) value);
            case "stringValue", "boolValue", "nullValue" -> value;
            case "bytesValue" -> Bytes.of(Base64.getDecoder().decode((String) value));
            case "typeValue" -> type((String) value);
            case "listValue" -> list((Map<?, ?>) value);
            case "mapValue" -> map((Map<?, ?>) value);
            case "objectValue" -> object((Map<?, ?>) value);
            default -> throw new UnsupportedOperationException("a value of kind " + tag);
        };
    }

    private static Object type(String name) {
        return Expression.compile(name, _ -> null, Scalar.DYN).value(Frame.EMPTY);
    }

    private static Object list(Map<?, ?> json) {
        List<Object> list = new ArrayList<>();
        if (json.get("values") instanceof List<?> values) {
            values.forEach(value -> list.add(value(value)));
        }
        return list;
    }

    private static Object map(Map<?, ?> json) {
        Map<Object, Object> map = new LinkedHashMap<>();
        if (json.get("entries") instanceof List<?> entries) {
            for (Object entry : entries) {
                Map<?, ?> pair = (Map<?, ?>) entry;
                map.put(
                        value(Objects.requireNonNull(pair.get("key"))),
                        value(Objects.requireNonNull(pair.get("value"))));
            }
        }
        return map;
    }

    private static Object object(Map<?, ?> json) {
        String type = (String) Objects.requireNonNull(json.get("@type"));
        Object value = json.get("value");
        if (type.endsWith("/google.protobuf.Duration")) {
            return Convert.toDuration((String) Objects.requireNonNull(value));
        }
        if (type.endsWith("/google.protobuf.Timestamp")) {
            return Convert.toMoment((String) Objects.requireNonNull(value));
        }
        throw new UnsupportedOperationException("a message " + type);
    }
}
