package dev.weir.engine.expression;

import java.util.List;

/// A source text as a tree, before names and types are looked at. `offset` is where messages about
/// a node point to.
sealed interface Ast {
    int offset();

    /// A number, string, bytes, truth value or null.
    record Literal(int offset, Object value) implements Ast {}

    record Name(int offset, String name) implements Ast {}

    /// `operand.field`
    record Select(int offset, Ast operand, String field) implements Ast {}

    /// `operand[index]`
    record Index(int offset, Ast operand, Ast index) implements Ast {}

    /// `!` or `-`
    record Unary(int offset, String operator, Ast operand) implements Ast {}

    /// Arithmetic, comparison or `in`.
    record Binary(int offset, String operator, Ast left, Ast right) implements Ast {}

    /// A chain of `&&` (all) or of `||`.
    record Logic(int offset, boolean all, List<Ast> terms) implements Ast {}

    record Conditional(int offset, Ast test, Ast then, Ast otherwise) implements Ast {}

    /// `name(arguments)`
    record Call(int offset, String name, List<Ast> arguments) implements Ast {}

    /// `target.name(arguments)`
    record Member(int offset, Ast target, String name, List<Ast> arguments) implements Ast {}

    record ListOf(int offset, List<Ast> elements) implements Ast {}

    record MapOf(int offset, List<Ast> keys, List<Ast> values) implements Ast {}
}
