package dev.weir.engine.expression;

import dev.weir.engine.expression.EvaluationException.Reason;
import java.util.List;
import java.util.Map;

/// The bindings of one evaluation that has macros: the variables of the macros, and the budget of
/// steps and memory.
final class Frame implements Bindings {
    private final Bindings fields;
    private final Object[] locals;
    private int steps;
    private long work;

    Frame(Bindings fields, int locals) {
        this.fields = fields;
        this.locals = new Object[locals];
    }

    void set(int local, Object value) {
        locals[local] = value;
    }

    /// Counts a visited element.
    void step(int offset) {
        if (++steps > Limits.STEPS) {
            throw new EvaluationException(
                    Reason.LIMIT, offset, "the macros of an expression take at most " + Limits.STEPS + " steps");
        }
    }

    /// Counts a value that a macro made.
    void keep(Object value, int offset) {
        weigh(value, offset);
    }

    private void weigh(Object value, int offset) {
        work += switch (value) {
            case String text -> 1 + text.length();
            case Bytes bytes -> 1 + bytes.size();
            default -> 1;
        };
        if (work > Limits.WORK) {
            throw new EvaluationException(
                    Reason.LIMIT,
                    offset,
                    "the macros of an expression make at most " + Limits.WORK + " values and characters");
        }
        // Lists may share parts, so that a small value is huge when it is walked through: weighing walks as comparing
        // would.
        if (value instanceof List<?> list) {
            for (Object element : list) {
                weigh(element, offset);
            }
        } else if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                weigh(entry.getKey(), offset);
                weigh(entry.getValue(), offset);
            }
        }
    }

    @Override
    public Kind kind(int slot) {
        return fields.kind(slot);
    }

    @Override
    public double real(int slot) {
        return fields.real(slot);
    }

    @Override
    public long whole(int slot) {
        return fields.whole(slot);
    }

    @Override
    public boolean flag(int slot) {
        return fields.flag(slot);
    }

    @Override
    public Object value(int slot) {
        return fields.value(slot);
    }

    @Override
    public boolean has(int slot) {
        return fields.has(slot);
    }

    /// A variable of a macro.
    static final class Local extends Node {
        private final int index;

        Local(int index, Type type, int offset) {
            super(type, offset);
            this.index = index;
        }

        @Override
        Object value(Bindings bindings) {
            return ((Frame) bindings).locals[index];
        }
    }

    /// No fields: what constants are computed over.
    static final Bindings EMPTY = new Bindings() {
        @Override
        public Kind kind(int slot) {
            return Kind.ABSENT;
        }

        @Override
        public double real(int slot) {
            throw new IllegalStateException("no slot " + slot);
        }

        @Override
        public long whole(int slot) {
            throw new IllegalStateException("no slot " + slot);
        }

        @Override
        public boolean flag(int slot) {
            throw new IllegalStateException("no slot " + slot);
        }

        @Override
        public Object value(int slot) {
            throw new IllegalStateException("no slot " + slot);
        }
    };
}
