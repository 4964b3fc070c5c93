package dev.weir.engine.expression;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// What an expression or a variable is known to hold. A type is also a value of the language:
/// `type(temperature) == double`.
public sealed interface Type permits Scalar, Type.ListOf, Type.MapOf {
    /// A list.
    ///
    /// @param element what each element holds
    record ListOf(Type element) implements Type {
        /// A list whose elements are of any type.
        public static final ListOf ANY = new ListOf(Scalar.DYN);

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
        /// A map whose keys and values are of any type.
        public static final MapOf ANY = new MapOf(Scalar.DYN, Scalar.DYN);

        @Override
        public String toString() {
            return "map(" + key + ", " + value + ")";
        }
    }

    /// Whether values are int, uint or double.
    default boolean numeric() {
        return this == Scalar.INT || this == Scalar.UINT || this == Scalar.DOUBLE;
    }

    /// The type of a value at run time; the parameters of lists and maps are not looked at and are
    /// dyn.
    static Type of(Object value) {
        return switch (value) {
            case Boolean _ -> Scalar.BOOL;
            case Long _ -> Scalar.INT;
            case Unsigned _ -> Scalar.UINT;
            case Double _ -> Scalar.DOUBLE;
            case String _ -> Scalar.STRING;
            case Bytes _ -> Scalar.BYTES;
            case NullValue _ -> Scalar.NULL;
            case Instant _ -> Scalar.TIMESTAMP;
            case Duration _ -> Scalar.DURATION;
            case List<?> _ -> ListOf.ANY;
            case Map<?, ?> _ -> MapOf.ANY;
            case Type _ -> Scalar.TYPE;
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

    /// The narrowest type that covers both: the same type, a list or map of joined parameters, or
    /// dyn.
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
        return Scalar.DYN;
    }

    /// Whether values of the two types can be asked for equality: one is dyn, both are numbers, or
    /// they are of one shape.
    static boolean comparable(Type a, Type b) {
        if (a == Scalar.DYN || b == Scalar.DYN || a.equals(b) || (a.numeric() && b.numeric())) {
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
