package dev.weir.engine.expression;

import dev.weir.engine.expression.Loop.Macro;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// Compiles `list.all(x, …)` and its kin: calls whose first arguments are new names and whose last
/// see them.
final class Macros {
    static final List<String> NAMES =
            List.of("all", "exists", "exists_one", "existsOne", "filter", "map", "transformList", "transformMap");

    private final Compiler compiler;
    private final Ast.Member ast;
    private final Macro macro;
    private final int variables;
    private final int bodies;

    Macros(Compiler compiler, Ast.Member ast) {
        this.compiler = compiler;
        this.ast = ast;
        int arguments = ast.arguments().size();
        macro = switch (ast.name()) {
            case "all" -> Macro.ALL;
            case "exists" -> Macro.EXISTS;
            case "exists_one", "existsOne" -> Macro.EXISTS_ONE;
            case "filter" -> Macro.FILTER;
            case "transformMap" -> Macro.MAP;
            default -> Macro.LIST;
        };
        variables = switch (ast.name()) {
            case "map", "filter" -> 1;
            case "transformList", "transformMap" -> 2;
            default -> arguments == 3 ? 2 : 1;
        };
        bodies = arguments - variables;
    }

    boolean applies() {
        return NAMES.contains(ast.name());
    }

    Node node() {
        boolean conditional = macro == Macro.LIST || macro == Macro.MAP;
        if (bodies < 1 || bodies > (conditional ? 2 : 1)) {
            throw new Mistake(ast.offset(), "expected " + usage());
        }
        compiler.unfoldable();
        Node range = compiler.compile(ast.target());
        List<Type> types = types(range);
        List<String> names = names();
        int[] locals = new int[variables];
        for (int i = 0; i < variables; i++) {
            locals[i] = compiler.declare(
                    names.get(i), types.get(variables == 1 && range.type instanceof Type.ListOf ? 1 : i));
        }
        try {
            Ast last = ast.arguments().getLast();
            if (!conditional) {
                Node condition = compiler.flag(last);
                Type type = macro == Macro.FILTER ? filtered(range, types) : Scalar.BOOL;
                return new Loop(macro, range, locals, condition, null, type, ast.offset());
            }
            Node condition = bodies == 2 ? compiler.flag(ast.arguments().get(variables)) : null;
            Node result = compiler.compile(last);
            Type type =
                    macro == Macro.MAP ? new Type.MapOf(types.getFirst(), result.type) : new Type.ListOf(result.type);
            return new Loop(macro, range, locals, condition, result, type, ast.offset());
        } finally {
            compiler.undeclare(names);
        }
    }

    private static Type filtered(Node range, List<Type> types) {
        return switch (range.type) {
            case Type.ListOf list -> list;
            case Type.MapOf _ -> new Type.ListOf(types.getFirst());
            case Scalar _ -> Type.ListOf.ANY;
        };
    }

    /// The types of the first and second variable: index and element, or key and value.
    private List<Type> types(Node range) {
        return switch (range.type) {
            case Type.ListOf(Type element) -> List.of(Scalar.INT, element);
            case Type.MapOf(Type key, Type value) -> List.of(key, value);
            case Scalar scalar -> {
                if (scalar != Scalar.DYN) {
                    throw new Mistake(
                            ast.offset(), "." + ast.name() + "() is for lists and maps, but this is " + scalar);
                }
                yield List.of(scalar, scalar);
            }
        };
    }

    private List<String> names() {
        List<String> names = new ArrayList<>();
        for (Ast argument : ast.arguments().subList(0, variables)) {
            if (!(argument instanceof Ast.Name(int _, String name)) || name.startsWith(".")) {
                throw new Mistake(argument.offset(), "expected a name for an element, as in " + usage());
            }
            names.add(name);
        }
        if (new HashSet<>(names).size() < names.size()) {
            throw new Mistake(ast.offset(), "the two variables need different names");
        }
        return names;
    }

    private String usage() {
        return switch (macro) {
            case ALL, EXISTS, EXISTS_ONE, FILTER -> "list." + ast.name() + "(x, condition)";
            case LIST, MAP ->
                variables == 1
                        ? "list.map(x, value) or list.map(x, condition, value)"
                        : "list." + ast.name() + "(i, x, value) or (i, x, condition, value)";
        };
    }
}
