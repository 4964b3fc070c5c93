package dev.weir.engine.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// Walks over trees. Their height is bounded by the parser.
final class Trees {
    private Trees() {}

    /// The same node with its children replaced.
    static Ast rebuilt(Ast ast, UnaryOperator<Ast> child) {
        return switch (ast) {
            case Ast.Literal literal -> literal;
            case Ast.Name name -> name;
            case Ast.Select(int o, Ast operand, String field) -> new Ast.Select(o, child.apply(operand), field);
            case Ast.Index(int o, Ast operand, Ast index) -> new Ast.Index(o, child.apply(operand), child.apply(index));
            case Ast.Unary(int o, String operator, Ast operand) -> new Ast.Unary(o, operator, child.apply(operand));
            case Ast.Binary(int o, String operator, Ast left, Ast right) ->
                new Ast.Binary(o, operator, child.apply(left), child.apply(right));
            case Ast.Logic(int o, boolean all, List<Ast> terms) -> new Ast.Logic(o, all, all(terms, child));
            case Ast.Conditional(int o, Ast test, Ast then, Ast otherwise) ->
                new Ast.Conditional(o, child.apply(test), child.apply(then), child.apply(otherwise));
            case Ast.Call(int o, String name, List<Ast> arguments) -> new Ast.Call(o, name, all(arguments, child));
            case Ast.Member(int o, Ast target, String name, List<Ast> arguments) ->
                new Ast.Member(o, child.apply(target), name, all(arguments, child));
            case Ast.ListOf(int o, List<Ast> elements) -> new Ast.ListOf(o, all(elements, child));
            case Ast.MapOf(int o, List<Ast> keys, List<Ast> values) ->
                new Ast.MapOf(o, all(keys, child), all(values, child));
        };
    }

    static List<Ast> children(Ast ast) {
        List<Ast> children = new ArrayList<>();
        var _ = rebuilt(ast, child -> {
            children.add(child);
            return child;
        });
        return children;
    }

    private static List<Ast> all(List<Ast> trees, UnaryOperator<Ast> child) {
        return trees.stream().map(child).toList();
    }

    /// A text that is equal for trees that differ in their offsets only.
    static String shape(Ast ast) {
        return switch (ast) {
            case Ast.Literal(int _, Object value) ->
                Type.of(value) + Text.of(value).replace("'", "''") + "'";
            case Ast.Name(int _, String name) -> name;
            case Ast.Select(int _, Ast operand, String field) -> "(." + shape(operand) + " " + field + "'";
            case Ast.Index(int _, Ast operand, Ast index) -> "([" + shape(operand) + " " + shape(index) + ")";
            case Ast.Unary(int _, String operator, Ast operand) -> "(" + operator + " " + shape(operand) + ")";
            case Ast.Binary(int _, String operator, Ast left, Ast right) ->
                "(" + operator + " " + shape(left) + " " + shape(right) + ")";
            case Ast.Logic(int _, boolean all, List<Ast> terms) -> "(" + (all ? "&&" : "||") + shapes(terms) + ")";
            case Ast.Conditional(int _, Ast test, Ast then, Ast otherwise) ->
                "(?" + shapes(List.of(test, then, otherwise)) + ")";
            case Ast.Call(int _, String name, List<Ast> arguments) -> "(" + name + shapes(arguments) + ")";
            case Ast.Member(int _, Ast target, String name, List<Ast> arguments) ->
                "(." + name + " " + shape(target) + shapes(arguments) + ")";
            case Ast.ListOf(int _, List<Ast> elements) -> "[" + shapes(elements) + "]";
            case Ast.MapOf(int _, List<Ast> keys, List<Ast> values) -> "{" + shapes(keys) + ":" + shapes(values) + "}";
        };
    }

    private static String shapes(List<Ast> trees) {
        return trees.stream().map(Trees::shape).collect(Collectors.joining(" ", " ", ""));
    }
}
