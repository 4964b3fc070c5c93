package dev.weir.engine.expression;

import dev.weir.engine.expression.EvaluationException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Equality, order and access of boxed values, as the run time of CEL defines them.
final class Values {
    /// The order of values of which one is not a number: neither less, nor equal, nor greater.
    static final int UNORDERED = 2;

    private Values() {}

    static boolean equal(Object a, Object b) {
        if (a instanceof Number || a instanceof Unsigned) {
            return (b instanceof Number || b instanceof Unsigned) && order(a, b) == 0;
        }
        if (a instanceof List<?> x && b instanceof List<?> y) {
            return equalLists(x, y);
        }
        if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
            return equalMaps(x, y);
        }
        if (a instanceof Type || b instanceof Type) {
            return a instanceof Type x && b instanceof Type y && typeName(x).equals(typeName(y));
        }
        return a.equals(b);
    }

    private static boolean equalLists(List<?> a, List<?> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            if (!equal(a.get(i), b.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean equalMaps(Map<?, ?> a, Map<?, ?> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (Map.Entry<?, ?> entry : a.entrySet()) {
            Object other = find(b, Objects.requireNonNull(entry.getKey()));
            if (other == null || !equal(Objects.requireNonNull(entry.getValue()), other)) {
                return false;
            }
        }
        return true;
    }

    /// The value of a key, null when there is none. Numbers of any type find an equal key of
    /// another.
    static @Nullable Object find(Map<?, ?> map, Object key) {
        Object found = map.get(key);
        if (found != null) {
            return found;
        }
        return switch (key) {
            case Long whole -> whole >= 0 ? map.get(new Unsigned(whole)) : null;
            case Unsigned unsigned -> unsigned.bits() >= 0 ? map.get(unsigned.bits()) : null;
            case Double real -> findReal(map, real);
            default -> null;
        };
    }

    private static @Nullable Object findReal(Map<?, ?> map, double real) {
        if (real != Math.rint(real) || Math.abs(real) >= 0x1p63) {
            return null;
        }
        return find(map, (long) real);
    }

    /// Negative, 0 or positive as `a` is less than, equal to or greater than `b`; [#UNORDERED]
    /// beside NaN; an error for types without an order.
    static int order(Object a, Object b) {
        return switch (a) {
            case Long x when b instanceof Long y -> Long.compare(x, y);
            case Unsigned x when b instanceof Unsigned y -> x.compareTo(y);
            case Long x when b instanceof Unsigned y -> x < 0 || y.bits() < 0 ? -1 : Long.compare(x, y.bits());
            case Unsigned x when b instanceof Long y -> y < 0 || x.bits() < 0 ? 1 : Long.compare(x.bits(), y);
            case Double x when real(b) -> orderOfReals(x, toReal(b));
            case Long x when b instanceof Double y -> orderOfReals((double) (long) x, y);
            case Unsigned x when b instanceof Double y -> orderOfReals(x.real(), y);
            case String x when b instanceof String y -> orderOfText(x, y);
            case Bytes x when b instanceof Bytes y -> x.compareTo(y);
            case Boolean x when b instanceof Boolean y -> x.compareTo(y);
            case Instant x when b instanceof Instant y -> x.compareTo(y);
            case Duration x when b instanceof Duration y -> x.compareTo(y);
            default -> throw noOverload("order", a, b);
        };
    }

    private static boolean real(Object value) {
        return value instanceof Number || value instanceof Unsigned;
    }

    static double toReal(Object number) {
        return number instanceof Unsigned unsigned ? unsigned.real() : ((Number) number).doubleValue();
    }

    private static int orderOfReals(double a, double b) {
        return a < b ? -1 : a > b ? 1 : a == b ? 0 : UNORDERED;
    }

    /// By code points: UTF-16 units of surrogates would sort before U+E000.
    private static int orderOfText(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean surrogates = Character.isSurrogate(x) != Character.isSurrogate(y);
                return surrogates ? (Character.isSurrogate(x) ? 1 : -1) : Character.compare(x, y);
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    static boolean contains(Object element, Object container) {
        return switch (container) {
            case List<?> list -> {
                for (Object other : list) {
                    if (equal(element, other)) {
                        yield true;
                    }
                }
                yield false;
            }
            case Map<?, ?> map -> find(map, element) != null;
            default -> throw noOverload("in", element, container);
        };
    }

    static Object index(Object operand, Object index) {
        return switch (operand) {
            case List<?> list -> Objects.requireNonNull(list.get(listIndex(list, index)));
            case Map<?, ?> map -> {
                Object found = find(map, index);
                if (found == null) {
                    throw new EvaluationException(Reason.NO_SUCH_KEY, "no such key: " + Text.shown(index));
                }
                yield found;
            }
            default -> throw noOverload("[]", operand, index);
        };
    }

    private static int listIndex(List<?> list, Object index) {
        long at = switch (index) {
            case Long whole -> whole;
            case Unsigned unsigned -> unsigned.bits();
            case Double real when real == Math.rint(real) && Math.abs(real) < 0x1p31 -> real.longValue();
            default ->
                throw new EvaluationException(Reason.INDEX, "an index is a whole number, but was " + Text.shown(index));
        };
        if (at < 0 || at >= list.size()) {
            throw new EvaluationException(
                    Reason.INDEX, "index " + Text.shown(index) + " is outside of a list of " + list.size());
        }
        return (int) at;
    }

    /// The name of a type as a value of the language: parameters do not count.
    static String typeName(Type type) {
        return switch (type) {
            case Scalar.TIMESTAMP -> "google.protobuf.Timestamp";
            case Scalar.DURATION -> "google.protobuf.Duration";
            case Scalar scalar -> scalar.toString();
            case Type.ListOf _ -> "list";
            case Type.MapOf _ -> "map";
        };
    }

    static EvaluationException noOverload(String operation, Object... operands) {
        StringBuilder message =
                new StringBuilder("no such overload: ").append(operation).append('(');
        for (int i = 0; i < operands.length; i++) {
            message.append(i == 0 ? "" : ", ").append(typeName(Type.of(operands[i])));
        }
        return new EvaluationException(
                Reason.NO_SUCH_OVERLOAD, message.append(')').toString());
    }
}
