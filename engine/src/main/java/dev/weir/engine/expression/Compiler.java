package dev.weir.engine.expression;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Checks a tree and compiles it to nodes in one walk. A mistake becomes a problem, and its place
/// a constant of type dyn, so that the walk goes on and finds the others without reporting the
/// consequences of the first. Pieces that read nothing are computed at once.
final class Compiler {
    final String source;
    private final Names names;
    private final List<Problem> problems;
    private int unfoldable;

    Compiler(String source, Scope scope) {
        this(source, new Names(scope), new ArrayList<>());
    }

    private Compiler(String source, Names names, List<Problem> problems) {
        this.source = source;
        this.names = names;
        this.problems = problems;
    }

    /// A compiler of the same source for a formula over the results of aggregates: the names of
    /// this one's scope are not to be read there.
    Compiler over(Scope results, Set<String> aggregates) {
        return new Compiler(source, names.over(results, aggregates), problems);
    }

    Ast parse() {
        try {
            return Parser.parse(source);
        } catch (Mistake mistake) {
            report(mistake.offset, mistake.text());
            throw failure();
        }
    }

    Expression expression(Type expected) {
        return expression(parse(), expected);
    }

    Expression expression(Ast ast, Type expected) {
        Expression expression = piece(ast, expected);
        if (!problems.isEmpty()) {
            throw failure();
        }
        return expression;
    }

    /// An expression of a part of the source, by itself; problems are kept for the whole.
    Expression piece(Ast ast, Type expected) {
        names.begin();
        int before = problems.size();
        Node node = compile(ast);
        if (expected == Scalar.DOUBLE && node.adapts()) {
            node = ((Constant) node).asReal();
        }
        if (problems.size() == before && !assignable(node.type, expected)) {
            report(ast.offset(), "expected an expression of type " + expected + ", but this is " + node.type);
        }
        return new Expression(source, node, names.read(), names.localCount(), names.isFramed());
    }

    private static boolean assignable(Type type, Type expected) {
        boolean widens = expected == Scalar.DOUBLE && type == Scalar.INT;
        return type == Scalar.DYN
                || widens
                || type.equals(expected)
                || (!expected.numeric() && Type.comparable(type, expected));
    }

    void report(int offset, String message) {
        if (problems.size() < Limits.PROBLEMS) {
            problems.add(new Problem(Position.of(source, offset), message));
        }
    }

    private ExpressionException failure() {
        problems.sort(Comparator.comparingInt(p -> p.position().offset()));
        return new ExpressionException(source, problems);
    }

    Node compile(Ast ast) {
        int before = unfoldable;
        try {
            Node node = node(ast);
            return unfoldable == before && !(node instanceof Constant) ? folded(node) : node;
        } catch (Mistake mistake) {
            report(mistake.offset, mistake.text());
            unfoldable++;
            return new Constant(NullValue.NULL, Scalar.DYN, ast.offset());
        }
    }

    /// The value of a piece that reads nothing. What fails to evaluate stays, since `||` or a
    /// condition may save it.
    private Node folded(Node node) {
        try {
            return new Constant(node.value(Frame.EMPTY), node.type, node.offset);
        } catch (EvaluationException _) {
            unfoldable++;
            return node;
        }
    }

    /// Says that the piece being compiled cannot be computed yet.
    void unfoldable() {
        unfoldable++;
    }

    private Node node(Ast ast) {
        return switch (ast) {
            case Ast.Literal(int offset, Object value) -> new Constant(value, Type.of(value), offset);
            case Ast.Name name -> name(name);
            case Ast.Select select -> select(select);
            case Ast.Index index -> index(index);
            case Ast.Unary unary -> Operators.unary(unary, compile(unary.operand()));
            case Ast.Binary binary -> Operators.binary(binary, compile(binary.left()), compile(binary.right()));
            case Ast.Logic(int offset, boolean all, List<Ast> terms) -> new Logic.Chain(all, flags(terms), offset);
            case Ast.Conditional conditional -> conditional(conditional);
            case Ast.Call(int offset, String name, List<Ast> arguments) ->
                name.equals("has") ? has(offset, arguments) : call(offset, name, compileAll(arguments));
            case Ast.Member member -> member(member);
            case Ast.ListOf(int offset, List<Ast> elements) -> {
                Node[] nodes = compileAll(elements);
                yield new Container.NewList(nodes, new Type.ListOf(joined(nodes)), offset);
            }
            case Ast.MapOf(int offset, List<Ast> keys, List<Ast> values) -> {
                Node[] k = compileAll(keys);
                Node[] v = compileAll(values);
                yield new Container.NewMap(k, v, new Type.MapOf(joined(k), joined(v)), offset);
            }
        };
    }

    Node[] compileAll(List<Ast> trees) {
        Node[] nodes = new Node[trees.size()];
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = compile(trees.get(i));
        }
        return nodes;
    }

    private static Type joined(Node[] nodes) {
        Type type = nodes.length == 0 ? Scalar.DYN : nodes[0].type;
        for (Node node : nodes) {
            type = Type.join(type, node.type);
        }
        return type;
    }

    private Node[] flags(List<Ast> terms) {
        Node[] nodes = new Node[terms.size()];
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = flag(terms.get(i));
        }
        return nodes;
    }

    Node flag(Ast ast) {
        Node node = compile(ast);
        if (node.type != Scalar.BOOL && node.type != Scalar.DYN) {
            report(ast.offset(), "expected a condition (bool), but this is " + node.type);
        }
        return node;
    }

    private Node conditional(Ast.Conditional ast) {
        Node test = flag(ast.test());
        Node then = compile(ast.then());
        Node otherwise = compile(ast.otherwise());
        if (then.adapts() && otherwise.type == Scalar.DOUBLE) {
            then = ((Constant) then).asReal();
        } else if (otherwise.adapts() && then.type == Scalar.DOUBLE) {
            otherwise = ((Constant) otherwise).asReal();
        }
        Type type = Type.join(then.type, otherwise.type);
        if (type == Scalar.DYN && then.type != Scalar.DYN && otherwise.type != Scalar.DYN) {
            boolean known = then.type != Scalar.NULL && otherwise.type != Scalar.NULL;
            if (known) {
                throw new Mistake(
                        ast.offset(),
                        "both branches have to be of one type, but are " + then.type + " and " + otherwise.type);
            }
        }
        return new Logic.Conditional(test, then, otherwise, type, ast.offset());
    }

    private Node index(Ast.Index ast) {
        Node operand = compile(ast.operand());
        Node index = compile(ast.index());
        Type type = switch (operand.type) {
            case Type.ListOf(Type element) -> {
                if (index.type != Scalar.INT && index.type != Scalar.DYN) {
                    throw new Mistake(ast.index().offset(), "an index is an int, but this is " + index.type);
                }
                yield element;
            }
            case Type.MapOf(Type key, Type value) -> {
                if (!Type.comparable(key, index.type)) {
                    throw new Mistake(ast.index().offset(), "the keys are " + key + ", but this is " + index.type);
                }
                yield value;
            }
            case Scalar scalar -> {
                if (scalar != Scalar.DYN) {
                    throw new Mistake(ast.offset(), "only lists and maps have elements, but this is " + scalar);
                }
                yield scalar;
            }
        };
        return new Container.At(operand, index, type, ast.offset());
    }

    // Names

    private Node name(Ast.Name ast) {
        Node found = resolved(ast.name(), ast.offset());
        if (found == null) {
            throw names.unknown(ast.name(), ast.offset());
        }
        return found;
    }

    private @Nullable Node resolved(String written, int offset) {
        Node found = names.find(written, offset);
        if (found != null && !(found instanceof Constant)) {
            unfoldable++;
        }
        return found;
    }

    private Node select(Ast.Select ast) {
        String path = names.dotted(ast);
        if (path != null) {
            Node whole = resolved(path, ast.offset());
            if (whole != null) {
                return whole;
            }
            if (!names.isRooted(ast.operand())) {
                throw names.unknown(path, ast.offset());
            }
        }
        Node operand = compile(ast.operand());
        Type type = switch (operand.type) {
            case Type.MapOf(Type _, Type value) -> value;
            case Type.ListOf _, Scalar _ -> {
                if (operand.type != Scalar.DYN) {
                    throw new Mistake(ast.offset(), "only maps have fields, but this is " + operand.type);
                }
                yield Scalar.DYN;
            }
        };
        return new Container.At(operand, new Constant(ast.field(), Scalar.STRING, ast.offset()), type, ast.offset());
    }

    private Node has(int offset, List<Ast> arguments) {
        if (arguments.size() != 1) {
            throw new Mistake(offset, "has() takes one field");
        }
        Ast field = arguments.getFirst();
        String path = names.dotted(field);
        Variable variable = path == null ? null : names.field(path);
        if (variable != null) {
            unfoldable++;
            return new Field.Present(variable.slot(), offset);
        }
        if (field instanceof Ast.Name name && path != null) {
            throw names.unknown(name.name(), name.offset());
        }
        if (!(field instanceof Ast.Select select)) {
            throw new Mistake(offset, "has() takes a field, as in has(temperature) or has(map.key)");
        }
        if (path != null && !names.isRooted(select.operand())) {
            throw names.unknown(path, select.offset());
        }
        Node operand = compile(select.operand());
        if (operand.type != Scalar.DYN && !(operand.type instanceof Type.MapOf)) {
            throw new Mistake(select.offset(), "only maps have fields, but this is " + operand.type);
        }
        return new Container.Has(operand, select.field(), offset);
    }

    // Calls

    private Node call(int offset, String name, Node[] arguments) {
        return Library.call(this, name.startsWith(".") ? name.substring(1) : name, arguments, offset);
    }

    private Node member(Ast.Member ast) {
        if (ast.target() instanceof Ast.Name(int _, String space) && !names.isTaken(space)) {
            if (Library.isSpace(space)) {
                return call(ast.offset(), space + "." + ast.name(), compileAll(ast.arguments()));
            }
            if (Library.REFUSED.contains(space)) {
                throw new Mistake(ast.offset(), space + "." + ast.name() + "() is not part of the language here");
            }
        }
        Macros macros = new Macros(this, ast);
        if (macros.applies()) {
            return macros.node();
        }
        Node target = compile(ast.target());
        Node[] all = new Node[ast.arguments().size() + 1];
        all[0] = target;
        System.arraycopy(compileAll(ast.arguments()), 0, all, 1, all.length - 1);
        return Library.call(this, "." + ast.name(), all, ast.offset());
    }

    // Scopes of macros

    int declare(String name, Type type) {
        return names.declare(name, type);
    }

    void undeclare(Collection<?> declared) {
        names.undeclare(declared.size());
    }
}
