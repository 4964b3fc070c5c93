package dev.weir.engine.decode;

import dev.weir.engine.config.Kind;
import dev.weir.engine.config.Option;
import dev.weir.engine.config.Shape;
import java.util.LinkedHashMap;
import java.util.Map;

/// What may stand behind `decode:` of a pipeline: a word (`json`) or a word with options
/// (`{ json: { time: ts } }`).
public final class DecodeShape {
    private DecodeShape() {}

    /// The option itself, as part of a pipeline.
    public static Option option() {
        return Option.defaulted("decode", kind(), "json", "How the payload becomes fields");
    }

    /// What the option may hold.
    public static Kind kind() {
        Map<String, Kind> tags = new LinkedHashMap<>();
        tags.put("json", group("A JSON object, or a list of them", time()));
        tags.put("cbor", group("The same in CBOR (RFC 8949); byte strings become base64url text", time()));
        tags.put("senml-json", group("A SenML pack in JSON (RFC 8428); it brings its own times and devices"));
        tags.put("senml-cbor", group("A SenML pack in CBOR (RFC 8428); it brings its own times and devices"));
        tags.put("csv", group("Lines of comma-separated values (RFC 4180)", time(), columns(), delimiter()));
        tags.put("raw", group("The payload is one value: a number if it reads as one, else text", field()));
        return new Kind.Tagged("decoder", tags, Shape.of("No other options"));
    }

    private static Kind group(String about, Option... options) {
        return new Kind.Group(Shape.of(about, options));
    }

    private static Option time() {
        Shape detailed = Shape.of(
                "A field with the event time",
                Option.required("field", new Kind.Text(), "The field's name"),
                Option.defaulted("unit", Kind.choice("s", "ms", "us", "ns"), "ms", "What a number since 1970 counts"));
        return Option.optional(
                "time",
                new Kind.Either(new Kind.Text(), new Kind.Group(detailed)),
                "The field with the event time: ISO-8601 text, or a number of milliseconds since 1970;"
                        + " left out, it is the receive time");
    }

    private static Option columns() {
        return Option.optional("columns", Kind.texts(), "The names of the columns; left out, the first line has them");
    }

    private static Option delimiter() {
        return Option.defaulted(
                "delimiter", new Kind.Text(), ",", "What separates the values: one character, or `tab`");
    }

    private static Option field() {
        return Option.defaulted("field", new Kind.Text(), "value", "The name of the field with the value");
    }
}
