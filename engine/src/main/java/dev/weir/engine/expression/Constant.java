package dev.weir.engine.expression;

/// A value that is known when the expression is compiled.
final class Constant extends Node {
    final Object value;
    private final double real;
    private final long whole;
    private final boolean flag;

    Constant(Object value, Type type, int offset) {
        super(type, offset);
        this.value = value;
        this.real = value instanceof Number number ? number.doubleValue() : Double.NaN;
        this.whole = value instanceof Long number ? number : value instanceof Unsigned number ? number.bits() : 0;
        this.flag = Boolean.TRUE.equals(value);
    }

    @Override
    Object value(Bindings bindings) {
        return value;
    }

    @Override
    boolean flag(Bindings bindings) {
        return value instanceof Boolean ? flag : super.flag(bindings);
    }

    @Override
    double real(Bindings bindings) {
        return value instanceof Double || adapts() ? real : super.real(bindings);
    }

    @Override
    long whole(Bindings bindings) {
        return value instanceof Long || type == Scalar.UINT ? whole : super.whole(bindings);
    }

    @Override
    boolean adapts() {
        return type == Scalar.INT;
    }

    /// The same number as a double.
    Constant asReal() {
        return new Constant(real, Scalar.DOUBLE, offset);
    }
}
