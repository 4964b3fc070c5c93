package dev.weir.engine.expression;

import dev.weir.engine.expression.EvaluationException.Reason;

/// Reads a slot of the bindings.
final class Field extends Node {
    final int slot;
    private final String name;

    Field(Variable variable, int offset) {
        super(variable.type(), offset);
        this.slot = variable.slot();
        this.name = variable.name();
    }

    @Override
    double real(Bindings bindings) {
        if (bindings.kind(slot) == Kind.DOUBLE) {
            return bindings.real(slot);
        }
        throw unlike(bindings, Scalar.DOUBLE);
    }

    @Override
    long whole(Bindings bindings) {
        if (bindings.kind(slot) == Kind.LONG && type != Scalar.UINT) {
            return bindings.whole(slot);
        }
        return super.whole(bindings);
    }

    @Override
    boolean flag(Bindings bindings) {
        if (bindings.kind(slot) == Kind.BOOLEAN) {
            return bindings.flag(slot);
        }
        throw unlike(bindings, Scalar.BOOL);
    }

    @Override
    String text(Bindings bindings) {
        if (bindings.kind(slot) == Kind.STRING) {
            return (String) bindings.value(slot);
        }
        throw unlike(bindings, Scalar.STRING);
    }

    @Override
    Object value(Bindings bindings) {
        if (bindings.kind(slot) == Kind.ABSENT) {
            throw unlike(bindings, type);
        }
        Object value = bindings.value(slot);
        if (!type.holds(value)) {
            throw wrong(type, value);
        }
        return value;
    }

    private EvaluationException unlike(Bindings bindings, Type expected) {
        if (bindings.kind(slot) == Kind.ABSENT) {
            return new EvaluationException(Reason.NO_SUCH_FIELD, offset, "no such field: " + name);
        }
        return wrong(expected, bindings.value(slot));
    }

    @Override
    boolean foretells() {
        return true;
    }

    @Override
    Kind kind(Bindings bindings) {
        return bindings.kind(slot);
    }

    /// `has(name)`
    static final class Present extends Node.Flag {
        private final int slot;

        Present(int slot, int offset) {
            super(offset);
            this.slot = slot;
        }

        @Override
        boolean flag(Bindings bindings) {
            return bindings.has(slot);
        }
    }
}
