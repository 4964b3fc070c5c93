package dev.weir.engine.expression;

import dev.weir.engine.expression.EvaluationException.Reason;
import java.util.List;
import java.util.function.DoublePredicate;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;

/// The functions of CEL's `math` extension, and the few more that sensors' formulas need.
final class MathFunctions {
    private static final int BITS = 64;

    private MathFunctions() {}

    static void define(Library.Definitions library) {
        real(library, "ceil", Math::ceil);
        real(library, "floor", Math::floor);
        real(library, "round", MathFunctions::round);
        real(library, "trunc", x -> x < 0 ? Math.ceil(x) : Math.floor(x));
        real(library, "sqrt", Math::sqrt);
        real(library, "exp", Math::exp);
        real(library, "ln", Math::log);
        real(library, "log10", Math::log10);
        real(library, "abs", Math::abs);
        real(library, "sign", Math::signum);
        test(library, "isNaN", Double::isNaN);
        test(library, "isInf", Double::isInfinite);
        test(library, "isFinite", Double::isFinite);
        boxed(library, "abs", Scalar.INT, v -> abs((Long) v[0]), Scalar.INT);
        boxed(library, "abs", Scalar.UINT, v -> v[0], Scalar.UINT);
        boxed(library, "sign", Scalar.INT, v -> (long) Long.signum((Long) v[0]), Scalar.INT);
        boxed(library, "sign", Scalar.UINT, v -> new Unsigned(bits(v, 0) == 0 ? 0 : 1), Scalar.UINT);
        boxed(library, "pow", Scalar.DOUBLE, v -> Math.pow((Double) v[0], (Double) v[1]), Scalar.DOUBLE, Scalar.DOUBLE);
        binary(library, "bitAnd", (a, b) -> a & b);
        binary(library, "bitOr", (a, b) -> a | b);
        binary(library, "bitXor", (a, b) -> a ^ b);
        boxed(library, "bitNot", Scalar.INT, v -> ~(Long) v[0], Scalar.INT);
        boxed(library, "bitNot", Scalar.UINT, v -> new Unsigned(~bits(v, 0)), Scalar.UINT);
        shift(library, "bitShiftLeft", (a, n) -> n >= BITS ? 0 : a << n);
        shift(library, "bitShiftRight", (a, n) -> n >= BITS ? 0 : a >>> n);
        boxed(library, "greatest", Scalar.DYN, v -> extreme((List<?>) v[0], true), Type.ListOf.ANY);
        boxed(library, "least", Scalar.DYN, v -> extreme((List<?>) v[0], false), Type.ListOf.ANY);
    }

    private static void real(Library.Definitions library, String name, DoubleUnaryOperator operator) {
        library.define("math." + name, Scalar.DOUBLE, new Function.OfReal(operator), Scalar.DOUBLE);
    }

    private static void test(Library.Definitions library, String name, DoublePredicate predicate) {
        library.define("math." + name, Scalar.BOOL, new Function.RealTest(predicate), Scalar.DOUBLE);
    }

    private static void boxed(
            Library.Definitions library, String name, Type result, Function.Boxed body, Type... types) {
        library.define("math." + name, result, body, types);
    }

    private static void binary(Library.Definitions library, String name, LongBinaryOperator operator) {
        boxed(library, name, Scalar.INT, v -> operator.applyAsLong((Long) v[0], (Long) v[1]), Scalar.INT, Scalar.INT);
        Function.Boxed unsigned = v -> new Unsigned(operator.applyAsLong(bits(v, 0), bits(v, 1)));
        boxed(library, name, Scalar.UINT, unsigned, Scalar.UINT, Scalar.UINT);
    }

    private static void shift(Library.Definitions library, String name, LongBinaryOperator operator) {
        boxed(library, name, Scalar.INT, v -> operator.applyAsLong((Long) v[0], distance(v)), Scalar.INT, Scalar.INT);
        Function.Boxed unsigned = v -> new Unsigned(operator.applyAsLong(bits(v, 0), distance(v)));
        boxed(library, name, Scalar.UINT, unsigned, Scalar.UINT, Scalar.INT);
    }

    private static long distance(Object[] values) {
        long distance = (Long) values[1];
        if (distance < 0) {
            throw new EvaluationException(Reason.INVALID, "a shift is by 0 or more bits, but was " + distance);
        }
        return distance;
    }

    private static long bits(Object[] values, int index) {
        return ((Unsigned) values[index]).bits();
    }

    private static Object abs(long whole) {
        if (whole == Long.MIN_VALUE) {
            throw new EvaluationException(Reason.OVERFLOW, "the absolute of " + whole + " does not fit an int");
        }
        return Math.abs(whole);
    }

    /// Halves go away from zero, unlike `Math.rint` and `Math.round`.
    private static double round(double x) {
        if (Double.isNaN(x) || Math.abs(x) >= 0x1p52) {
            return x;
        }
        double cut = x < 0 ? Math.ceil(x) : Math.floor(x);
        return Math.abs(x - cut) >= 0.5 ? cut + Math.signum(x) : cut;
    }

    static Object extreme(List<?> values, boolean greatest) {
        if (values.isEmpty()) {
            throw new EvaluationException(Reason.INVALID, "the greatest or least of an empty list");
        }
        Object extreme = values.getFirst();
        for (Object value : values) {
            if (!Type.of(value).numeric()) {
                throw Values.noOverload(greatest ? "math.greatest" : "math.least", value);
            }
            int order = Values.order(value, extreme);
            if (order != Values.UNORDERED && (greatest ? order > 0 : order < 0)) {
                extreme = value;
            }
        }
        return extreme;
    }
}
