package dev.weir.engine.expression;

import java.util.List;
import java.util.Map;

/// `int`, `uint`, `double`, `string`, `bytes`, `bool`, `timestamp`, `duration`, `dyn`, `type` and
/// `size`.
final class Conversions {
    private Conversions() {}

    static void define(Library.Definitions library) {
        for (Type from : List.of(Scalar.DOUBLE, Scalar.INT, Scalar.UINT, Scalar.STRING)) {
            define(library, "double", Scalar.DOUBLE, values -> Convert.toReal(values[0]), from);
            define(library, "int", Scalar.INT, values -> Convert.toWhole(values[0]), from);
            define(library, "uint", Scalar.UINT, values -> Convert.toUnsigned(values[0]), from);
        }
        define(library, "int", Scalar.INT, values -> Convert.toWhole(values[0]), Scalar.TIMESTAMP);
        for (Type from : List.of(
                Scalar.STRING,
                Scalar.INT,
                Scalar.UINT,
                Scalar.DOUBLE,
                Scalar.BOOL,
                Scalar.BYTES,
                Scalar.TIMESTAMP,
                Scalar.DURATION)) {
            define(library, "string", Scalar.STRING, values -> Text.of(values[0]), from);
        }
        define(library, "bool", Scalar.BOOL, values -> values[0], Scalar.BOOL);
        define(library, "bool", Scalar.BOOL, values -> Convert.toFlag((String) values[0]), Scalar.STRING);
        define(library, "bytes", Scalar.BYTES, values -> values[0], Scalar.BYTES);
        define(library, "bytes", Scalar.BYTES, values -> Convert.toBytes((String) values[0]), Scalar.STRING);
        define(library, "timestamp", Scalar.TIMESTAMP, values -> values[0], Scalar.TIMESTAMP);
        define(library, "timestamp", Scalar.TIMESTAMP, values -> Convert.toMoment((String) values[0]), Scalar.STRING);
        define(library, "timestamp", Scalar.TIMESTAMP, values -> Convert.toMoment((Long) values[0]), Scalar.INT);
        define(library, "duration", Scalar.DURATION, values -> values[0], Scalar.DURATION);
        define(library, "duration", Scalar.DURATION, values -> Convert.toDuration((String) values[0]), Scalar.STRING);
        define(library, "dyn", Scalar.DYN, values -> values[0], Scalar.DYN);
        define(library, "type", Scalar.TYPE, values -> Type.of(values[0]), Scalar.DYN);
        for (String name : List.of("size", ".size")) {
            for (Type of : List.of(Scalar.STRING, Scalar.BYTES, Type.ListOf.ANY, Type.MapOf.ANY)) {
                define(library, name, Scalar.INT, values -> size(values[0]), of);
            }
        }
    }

    private static void define(
            Library.Definitions library, String name, Type result, Function.Boxed body, Type... parameters) {
        library.define(name, result, body, parameters);
    }

    private static Object size(Object value) {
        return (long)
                switch (value) {
                    case String text -> text.codePointCount(0, text.length());
                    case Bytes bytes -> bytes.size();
                    case List<?> list -> list.size();
                    case Map<?, ?> map -> map.size();
                    default -> throw Values.noOverload("size", value);
                };
    }
}
