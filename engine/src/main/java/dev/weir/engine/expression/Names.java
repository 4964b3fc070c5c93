package dev.weir.engine.expression;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What names mean at the place that a [Compiler] has come to: variables of macros, fields, types.
/// Notes which fields are read.
///
/// Not thread-safe. Bounded by the source, whose length and depth have a limit.
final class Names {
    private static final Map<String, Type> TYPE_NAMES = Map.ofEntries(
            Map.entry("bool", Scalar.BOOL),
            Map.entry("int", Scalar.INT),
            Map.entry("uint", Scalar.UINT),
            Map.entry("double", Scalar.DOUBLE),
            Map.entry("string", Scalar.STRING),
            Map.entry("bytes", Scalar.BYTES),
            Map.entry("null_type", Scalar.NULL),
            Map.entry("list", Type.ListOf.ANY),
            Map.entry("map", Type.MapOf.ANY),
            Map.entry("type", Scalar.TYPE),
            Map.entry("google.protobuf.Timestamp", Scalar.TIMESTAMP),
            Map.entry("google.protobuf.Duration", Scalar.DURATION));

    private final Scope scope;
    private final Scope fields;
    private final Set<String> aggregates;
    private final Map<String, Variable> read = new LinkedHashMap<>();
    private final Deque<Local> locals = new ArrayDeque<>();
    private int localCount;
    private boolean framed;

    /// A variable of a macro.
    private record Local(String name, Type type, int index) {}

    Names(Scope scope) {
        this(scope, _ -> null, Set.of());
    }

    private Names(Scope scope, Scope fields, Set<String> aggregates) {
        this.scope = scope;
        this.fields = fields;
        this.aggregates = aggregates;
    }

    /// Those of a formula over the results of aggregates: the names of this scope are not to be
    /// read there.
    Names over(Scope results, Set<String> functions) {
        return new Names(results, scope, functions);
    }

    /// Begins another piece of the source: it has read nothing yet.
    void begin() {
        read.clear();
        localCount = 0;
        framed = false;
    }

    /// The fields that the piece reads.
    Collection<Variable> read() {
        return read.values();
    }

    /// How many variables of macros the piece has.
    int localCount() {
        return localCount;
    }

    /// Whether the piece has any.
    boolean isFramed() {
        return framed;
    }

    int declare(String name, Type type) {
        locals.push(new Local(name, type, localCount));
        framed = true;
        return localCount++;
    }

    void undeclare(int count) {
        for (int i = 0; i < count; i++) {
            locals.pop();
        }
    }

    private @Nullable Local local(String name) {
        for (Local local : locals) {
            if (local.name().equals(name)) {
                return local;
            }
        }
        return null;
    }

    private @Nullable Variable variable(String name) {
        Variable variable = read.get(name);
        if (variable == null) {
            variable = scope.find(name);
        }
        return variable;
    }

    /// Whether a name stands for a macro's variable or a declared field.
    boolean isTaken(String name) {
        return local(name) != null || scope.names().contains(name);
    }

    /// The field of that name, which is read from now on; null if there is none.
    @Nullable
    Variable field(String written) {
        Variable variable = variable(unqualified(written));
        if (variable != null) {
            read.putIfAbsent(variable.name(), variable);
        }
        return variable;
    }

    private static String unqualified(String written) {
        return written.startsWith(".") ? written.substring(1) : written;
    }

    /// What a name means, from the inside out: a macro's variable, a declared field, a type, a
    /// field made on demand. Null if it means nothing.
    @Nullable
    Node find(String written, int offset) {
        Local local = local(written);
        if (local != null) {
            return new Frame.Local(local.index(), local.type(), offset);
        }
        String name = unqualified(written);
        Type type = TYPE_NAMES.get(name);
        if (type != null && !scope.names().contains(name)) {
            return new Constant(type, Scalar.TYPE, offset);
        }
        Variable variable = field(name);
        return variable == null ? null : new Field(variable, offset);
    }

    /// What to say of a name that means nothing.
    Mistake unknown(String name, int offset) {
        Set<String> near = new LinkedHashSet<>(scope.names());
        locals.forEach(local -> near.add(local.name()));
        if (Library.isFunction(name)) {
            return new Mistake(offset, "'" + name + "' is a function, write " + name + "(…)");
        }
        if (!aggregates.isEmpty() && fields.find(name) != null) {
            String example = aggregates.stream().sorted().findFirst().orElseThrow() + "(" + name + ")";
            return new Mistake(
                    offset, "the field '" + name + "' stands outside of an aggregate, expected one as in " + example);
        }
        return new Mistake(offset, "unknown name '" + name + "'" + NearestName.hint(name, near));
    }

    /// `a.b.c` as it is written, null when the root is not a name or is a macro's variable.
    @Nullable
    String dotted(Ast ast) {
        return switch (ast) {
            case Ast.Name name -> local(name.name()) == null ? name.name() : null;
            case Ast.Select select -> {
                String root = dotted(select.operand());
                yield root == null ? null : root + "." + select.field();
            }
            case Ast.Literal _, Ast.Index _, Ast.Unary _, Ast.Binary _, Ast.Logic _, Ast.Conditional _ -> null;
            case Ast.Call _, Ast.Member _, Ast.ListOf _, Ast.MapOf _ -> null;
        };
    }

    /// Whether any beginning of a dotted name means something.
    boolean isRooted(Ast ast) {
        String path = dotted(ast);
        boolean here = path != null && (TYPE_NAMES.containsKey(path) || variable(path) != null);
        return here || (ast instanceof Ast.Select select && isRooted(select.operand()));
    }
}
