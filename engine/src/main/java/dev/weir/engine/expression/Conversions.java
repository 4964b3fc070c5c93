package dev.weir.engine.expression;

import java.util.List;
import java.util.Map;

/// `int`, `uint`, `double`, `string`, `bytes`, `bool`, `timestamp`, `duration`, `dyn`, `type` and `size`.
final class Conversions {
    private Conversions() {}

    static void define(Library.Definitions library) {
        for (Type from : List.of(Type.DOUBLE, Type.INT, Type.UINT, Type.STRING)) {
            define(library, "double", Type.DOUBLE, values -> Convert.toReal(values[0]), from);
            define(library, "int", Type.INT, values -> Convert.toWhole(values[0]), from);
            define(library, "uint", Type.UINT, values -> Convert.toUnsigned(values[0]), from);
        }
        define(library, "int", Type.INT, values -> Convert.toWhole(values[0]), Type.TIMESTAMP);
        for (Type from : List.of(
                Type.STRING, Type.INT, Type.UINT, Type.DOUBLE, Type.BOOL, Type.BYTES, Type.TIMESTAMP, Type.DURATION)) {
            define(library, "string", Type.STRING, values -> Text.of(values[0]), from);
        }
        define(library, "bool", Type.BOOL, values -> values[0], Type.BOOL);
        define(library, "bool", Type.BOOL, values -> Convert.toFlag((String) values[0]), Type.STRING);
        define(library, "bytes", Type.BYTES, values -> values[0], Type.BYTES);
        define(library, "bytes", Type.BYTES, values -> Convert.toBytes((String) values[0]), Type.STRING);
        define(library, "timestamp", Type.TIMESTAMP, values -> values[0], Type.TIMESTAMP);
        define(library, "timestamp", Type.TIMESTAMP, values -> Convert.toMoment((String) values[0]), Type.STRING);
        define(library, "timestamp", Type.TIMESTAMP, values -> Convert.toMoment((Long) values[0]), Type.INT);
        define(library, "duration", Type.DURATION, values -> values[0], Type.DURATION);
        define(library, "duration", Type.DURATION, values -> Convert.toDuration((String) values[0]), Type.STRING);
        define(library, "dyn", Type.DYN, values -> values[0], Type.DYN);
        define(library, "type", Type.TYPE, values -> Type.of(values[0]), Type.DYN);
        for (String name : List.of("size", ".size")) {
            for (Type of : List.of(Type.STRING, Type.BYTES, Type.LIST, Type.MAP)) {
                define(library, name, Type.INT, values -> size(values[0]), of);
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
