package dev.weir.engine.expression;

import java.util.ArrayList;
import java.util.List;

/// A scope and its bindings for tests: fields by name, whose values can change.
final class Fields implements Scope, Bindings {
    private final List<Variable> variables = new ArrayList<>();
    private final List<Object> values = new ArrayList<>();
    private static final Object ABSENT = new Object();

    /// Adds a field that is declared.
    Fields declare(String name, Type type, Object value) {
        variables.add(new Variable(name, type, variables.size()));
        values.add(value);
        return this;
    }

    /// Adds a field that is not declared.
    Fields dynamic(String name, Object value) {
        return declare(name, Scalar.DYN, value);
    }

    Fields absent(String name, Type type) {
        return declare(name, type, ABSENT);
    }

    Object evaluate(String source) {
        return Expression.compile(source, this, Scalar.DYN).value(this);
    }

    @Override
    public @org.jspecify.annotations.Nullable Variable find(String name) {
        return variables.stream().filter(v -> v.name().equals(name)).findFirst().orElse(null);
    }

    @Override
    public List<String> names() {
        return variables.stream().map(Variable::name).toList();
    }

    @Override
    public Kind kind(int slot) {
        Object value = values.get(slot);
        if (value.equals(ABSENT)) {
            return Kind.ABSENT;
        }
        return switch (value) {
            case Double _ -> Kind.DOUBLE;
            case Long _ -> Kind.LONG;
            case Boolean _ -> Kind.BOOLEAN;
            case String _ -> Kind.STRING;
            default -> Kind.OTHER;
        };
    }

    @Override
    public double real(int slot) {
        return (Double) values.get(slot);
    }

    @Override
    public long whole(int slot) {
        return (Long) values.get(slot);
    }

    @Override
    public boolean flag(int slot) {
        return (Boolean) values.get(slot);
    }

    @Override
    public Object value(int slot) {
        return values.get(slot);
    }
}
