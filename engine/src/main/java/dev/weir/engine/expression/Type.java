package dev.weir.engine.expression;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What an expression or a variable is known to hold. A type is also a value of the language: `type(temperature) ==
/// double`.
public sealed interface Type {
    /// `true` or `false`; a Java `boolean`.
    Type BOOL = Scalar.BOOL;

    /// A signed 64-bit integer; a Java `long`. Arithmetic that overflows is an error.
    Type INT = Scalar.INT;

    /// An unsigned 64-bit integer; the bits of a Java `long`, boxed as [Unsigned].
    Type UINT = Scalar.UINT;

    /// An IEEE 754 number; a Java `double`.
    Type DOUBLE = Scalar.DOUBLE;

    /// Text; a Java `String`, whose length and indices count code points.
    Type STRING = Scalar.STRING;

    /// Octets; [Bytes].
    Type BYTES = Scalar.BYTES;

    /// The type of `null`; [NullValue].
    Type NULL = Scalar.NULL_TYPE;

    /// A moment; a Java `Instant` of the years 1 to 9999.
    Type TIMESTAMP = Scalar.TIMESTAMP;

    /// A length of time; a Java `Duration`.
    Type DURATION = Scalar.DURATION;

    /// The type of types.
    Type TYPE = Scalar.TYPE;

    /// Known only when evaluated. Operations check the value then, and a wrong type is an [EvaluationException].
    Type DYN = Scalar.DYN;

    /// A type without parameters.
    enum Scalar implements Type {
        /// See [Type#BOOL].
        BOOL,
        /// See [Type#INT].
        INT,
        /// See [Type#UINT].
        UINT,
        /// See [Type#DOUBLE].
        DOUBLE,
        /// See [Type#STRING].
        STRING,
        /// See [Type#BYTES].
        BYTES,
        /// See [Type#NULL].
        NULL_TYPE,
        /// See [Type#TIMESTAMP].
        TIMESTAMP,
        /// See [Type#DURATION].
        DURATION,
        /// See [Type#TYPE].
        TYPE,
        /// See [Type#DYN].
        DYN;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// A list.
    ///
    /// @param element what each element holds
    record ListOf(Type element) implements Type {
        @Override
        public String toString() {
            return "list(" + element + ")";
        }
    }

    /// A map.
    ///
    /// @param key   what each key holds: bool, int, uint, string or dyn
    /// @param value what each value holds
    record MapOf(Type key, Type value) implements Type {
        @Override
        public String toString() {
            return "map(" + key + ", " + value + ")";
        }
    }

    /// A list whose elements are of any type.
    Type LIST = new ListOf(DYN);

    /// A map whose keys and values are of any type.
    Type MAP = new MapOf(DYN, DYN);

    /// Whether values are int, uint or double.
    default boolean numeric() {
        return this == INT || this == UINT || this == DOUBLE;
    }

    /// The type of a value at run time; the parameters of lists and maps are not looked at and are dyn.
    static Type of(Object value) {
        return switch (value) {
            case Boolean _ -> BOOL;
            case Long _ -> INT;
            case Unsigned _ -> UINT;
            case Double _ -> DOUBLE;
            case String _ -> STRING;
            case Bytes _ -> BYTES;
            case NullValue _ -> NULL;
            case Instant _ -> TIMESTAMP;
            case Duration _ -> DURATION;
            case List<?> _ -> LIST;
            case Map<?, ?> _ -> MAP;
            case Type _ -> TYPE;
            default ->
                throw new IllegalArgumentException("not a value of the expression language: " + value.getClass());
        };
    }

    /// Whether a value at run time belongs to this type.
    default boolean holds(Object value) {
        return switch (this) {
            case Scalar s -> s == Scalar.DYN || of(value) == s;
            case ListOf _ -> value instanceof List<?>;
            case MapOf _ -> value instanceof Map<?, ?>;
        };
    }

    /// The narrowest type that covers both: the same type, a list or map of joined parameters, or dyn.
    static Type join(Type a, Type b) {
        if (a.equals(b)) {
            return a;
        }
        if (a instanceof ListOf(Type x) && b instanceof ListOf(Type y)) {
            return new ListOf(join(x, y));
        }
        if (a instanceof MapOf(Type k, Type v) && b instanceof MapOf(Type l, Type w)) {
            return new MapOf(join(k, l), join(v, w));
        }
        return DYN;
    }

    /// Whether values of the two types can be asked for equality: one is dyn, both are numbers, or they are of one
    /// shape.
    static boolean comparable(Type a, Type b) {
        if (a == DYN || b == DYN || a.equals(b) || (a.numeric() && b.numeric())) {
            return true;
        }
        if (a instanceof ListOf(Type x) && b instanceof ListOf(Type y)) {
            return comparable(x, y);
        }
        return a instanceof MapOf(Type k, Type v)
                && b instanceof MapOf(Type l, Type w)
                && comparable(k, l)
                && comparable(v, w);
    }
}
