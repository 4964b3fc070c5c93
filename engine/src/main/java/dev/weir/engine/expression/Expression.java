package dev.weir.engine.expression;

import java.util.Collection;
import java.util.List;

/// A compiled expression. Immutable, for any number of threads.
///
/// Evaluating never blocks. It allocates nothing for conditions and arithmetic on numbers and
/// truth values, declared or not.
///
/// {@snippet file="dev/weir/engine/expression/ExpressionSnippets.java" region="expression"}
public final class Expression {
    /// Whether a name is a word of the language, and so can name no variable.
    public static boolean isReserved(String name) {
        return switch (name) {
            case "true", "false", "null", "in" -> true;
            default -> Parser.RESERVED.contains(name);
        };
    }

    private final String source;
    private final Node node;
    private final List<Variable> variables;
    private final int locals;
    private final boolean framed;

    Expression(String source, Node node, Collection<Variable> variables, int locals, boolean framed) {
        this.source = source;
        this.node = node;
        this.variables = List.copyOf(variables);
        this.locals = locals;
        this.framed = framed;
    }

    /// Compiles a source text that has to be of the expected type, where [Scalar#DYN] expects
    /// nothing. An expression whose own type is dyn is taken for any expected type and is checked
    /// when evaluated; an integer constant is taken for a double.
    ///
    /// @throws ExpressionException if the source is no expression of that type; it carries all
    ///     problems that were found
    public static Expression compile(String source, Scope scope, Type expected) {
        return new Compiler(source, scope).expression(expected);
    }

    /// What the value will be, dyn when that is only known at evaluation.
    public Type type() {
        return node.type;
    }

    /// The text that was compiled.
    public String source() {
        return source;
    }

    /// What the expression reads, each variable once, in the order of the source.
    public List<Variable> variables() {
        return variables;
    }

    /// Whether the condition holds.
    ///
    /// @throws EvaluationException if there is no value, or it is no bool
    public boolean test(Bindings bindings) {
        return node.flag(over(bindings));
    }

    /// The value as a double; an int is converted if the expression is known to be an int.
    ///
    /// @throws EvaluationException if there is no value, or it is no double
    public double real(Bindings bindings) {
        return node.type == Scalar.INT ? node.whole(over(bindings)) : node.real(over(bindings));
    }

    /// The value as a long, of a uint the bits.
    ///
    /// @throws EvaluationException if there is no value, or it is no integer
    public long whole(Bindings bindings) {
        return node.whole(over(bindings));
    }

    /// The value, boxed (the package lists the classes).
    ///
    /// @throws EvaluationException if there is no value
    public Object value(Bindings bindings) {
        return node.value(over(bindings));
    }

    /// The value, which has to be a string.
    ///
    /// @throws EvaluationException if there is no value, or it is no string
    public String text(Bindings bindings) {
        return node.text(over(bindings));
    }

    /// Where an error of an evaluation lies in the source.
    public Position position(EvaluationException error) {
        return Position.of(source, error.offset());
    }

    private Bindings over(Bindings bindings) {
        return framed ? new Frame(bindings, locals) : bindings;
    }

    @Override
    public String toString() {
        return source;
    }
}
