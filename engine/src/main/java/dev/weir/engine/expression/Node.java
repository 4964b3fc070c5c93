package dev.weir.engine.expression;

import dev.weir.engine.expression.EvaluationException.Reason;

/// A compiled piece of an expression. It reads bindings and makes a value, unboxed through the
/// method of its type: [#flag] for bool, [#real] for double, [#whole] for int and the bits of
/// uint, [#value] for any. A node of type dyn answers each of them, and throws when its value is
/// of another type.
///
/// Subclasses are final, so that the JIT can inline through the few that a program uses.
abstract class Node {
    final Type type;
    final int offset;

    Node(Type type, int offset) {
        this.type = type;
        this.offset = offset;
    }

    abstract Object value(Bindings bindings);

    boolean flag(Bindings bindings) {
        Object value = value(bindings);
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw wrong(Scalar.BOOL, value);
    }

    double real(Bindings bindings) {
        Object value = value(bindings);
        if (value instanceof Double real) {
            return real;
        }
        throw wrong(Scalar.DOUBLE, value);
    }

    long whole(Bindings bindings) {
        Object value = value(bindings);
        if (type != Scalar.UINT && value instanceof Long whole) {
            return whole;
        }
        if (type == Scalar.UINT && value instanceof Unsigned unsigned) {
            return unsigned.bits();
        }
        throw wrong(Scalar.INT, value);
    }

    String text(Bindings bindings) {
        Object value = value(bindings);
        if (value instanceof String text) {
            return text;
        }
        throw wrong(Scalar.STRING, value);
    }

    /// Whether [#kind] knows what the value will be before it is made.
    boolean foretells() {
        return type != Scalar.DYN;
    }

    /// What the value will be; [Kind#OTHER] when only [#value] can tell. It is a hint for the
    /// unboxed paths: errors, such as an absent field, come from the method that makes the value.
    Kind kind(Bindings bindings) {
        return type == Scalar.DOUBLE
                ? Kind.DOUBLE
                : type == Scalar.INT
                        ? Kind.LONG
                        : type == Scalar.BOOL ? Kind.BOOLEAN : type == Scalar.STRING ? Kind.STRING : Kind.OTHER;
    }

    /// Whether this is an integer constant, which counts as a double beside one.
    boolean adapts() {
        return false;
    }

    final EvaluationException wrong(Type expected, Object value) {
        String hint = expected == Scalar.DOUBLE && value instanceof Long ? ", use double()" : "";
        return new EvaluationException(
                Reason.NO_SUCH_OVERLOAD,
                offset,
                "expected " + expected + ", but this is " + Values.typeName(Type.of(value)) + hint);
    }

    /// A node whose value is bool.
    abstract static class Flag extends Node {
        Flag(int offset) {
            super(Scalar.BOOL, offset);
        }

        @Override
        abstract boolean flag(Bindings bindings);

        @Override
        final Object value(Bindings bindings) {
            return flag(bindings);
        }
    }

    /// A node whose value is double.
    abstract static class Real extends Node {
        Real(int offset) {
            super(Scalar.DOUBLE, offset);
        }

        @Override
        abstract double real(Bindings bindings);

        @Override
        final Object value(Bindings bindings) {
            return real(bindings);
        }
    }

    /// A node whose value is int or uint.
    abstract static class Whole extends Node {
        Whole(Type type, int offset) {
            super(type, offset);
        }

        @Override
        abstract long whole(Bindings bindings);

        @Override
        final Object value(Bindings bindings) {
            return type == Scalar.UINT ? new Unsigned(whole(bindings)) : (Object) whole(bindings);
        }
    }
}
