package dev.weir.engine.expression;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A window's formula, such as `max(temperature) - min(temperature)`, taken apart: the calls of
/// aggregate functions, and the formula over their results. Immutable, for any number of threads.
///
/// {@snippet file="dev/weir/engine/expression/ExpressionSnippets.java" region="aggregation"}
public final class Aggregation {
    private final List<Call> calls;
    private final Expression formula;

    /// An aggregate function.
    ///
    /// @param name      what it is called
    /// @param arguments how many arguments it takes, 0 or more
    /// @param argument  the type of its arguments; an int or an undeclared field is taken for a
    ///     double too
    /// @param result    the type of its results
    public record Function(String name, int arguments, Type argument, Type result) {
        /// Checks the number of arguments.
        public Function {
            if (arguments < 0) {
                throw new IllegalArgumentException("arguments must be at least 0, but was " + arguments);
            }
        }
    }

    /// One call of an aggregate function; calls that mean the same are one.
    ///
    /// @param function  what is called
    /// @param arguments what it is given, each over the bindings of a reading
    /// @param slot      where the formula reads the result, counted from 0
    public record Call(Function function, List<Expression> arguments, int slot) {
        /// Copies the list.
        public Call {
            arguments = List.copyOf(arguments);
        }
    }

    private Aggregation(List<Call> calls, Expression formula) {
        this.calls = calls;
        this.formula = formula;
    }

    /// Compiles a formula whose fields are all inside of aggregate calls. Any type of result is
    /// taken.
    ///
    /// @param scope     what the arguments of the calls may read
    /// @param functions the aggregate functions by name; they hide the language's functions of the
    ///     same name
    /// @throws ExpressionException if the source is no such formula: also for a field outside of
    ///     every aggregate call, and for an
    ///                             aggregate call inside of another
    public static Aggregation compile(String source, Scope scope, Map<String, Function> functions) {
        Reader reader = new Reader(new Compiler(source, scope), functions);
        return reader.read();
    }

    /// The aggregate calls; the index of each is its slot.
    public List<Call> calls() {
        return calls;
    }

    /// The formula over the results: [Bindings] whose slot `i` is the result of call `i`.
    public Expression formula() {
        return formula;
    }

    /// Replaces each aggregate call in the tree by a name that no source can contain, and compiles
    /// its arguments by themselves.
    private static final class Reader {
        private static final String MARK = "@";

        private final Compiler compiler;
        private final Map<String, Function> functions;
        private final Map<String, Call> calls = new LinkedHashMap<>();
        private final Map<String, Variable> results = new LinkedHashMap<>();

        Reader(Compiler compiler, Map<String, Function> functions) {
            this.compiler = compiler;
            this.functions = Map.copyOf(functions);
        }

        Aggregation read() {
            Ast formula = replaced(compiler.parse());
            Compiler outer = compiler.over(results::get, functions.keySet());
            Expression expression = outer.expression(formula, Scalar.DYN);
            return new Aggregation(List.copyOf(calls.values()), expression);
        }

        private Ast replaced(Ast ast) {
            if (!(ast instanceof Ast.Call call) || !functions.containsKey(call.name())) {
                return Trees.rebuilt(ast, this::replaced);
            }
            try {
                return result(call, functions.get(call.name()));
            } catch (Mistake mistake) {
                compiler.report(mistake.offset, mistake.text());
                return new Ast.Call(call.offset(), "dyn", List.of(new Ast.Literal(call.offset(), NullValue.NULL)));
            }
        }

        private Ast result(Ast.Call call, Function function) {
            if (call.arguments().size() != function.arguments()) {
                throw new Mistake(
                        call.offset(),
                        call.name() + "() takes " + function.arguments() + " arguments, but has "
                                + call.arguments().size());
            }
            String shape = Trees.shape(call);
            Call known = calls.get(shape);
            if (known == null) {
                List<Expression> arguments = new ArrayList<>();
                for (Ast argument : call.arguments()) {
                    refuseNested(argument);
                    arguments.add(compiler.piece(argument, function.argument()));
                }
                known = new Call(function, arguments, calls.size());
                calls.put(shape, known);
            }
            String name = MARK + known.slot();
            results.put(name, new Variable(name, function.result(), known.slot()));
            return new Ast.Name(call.offset(), name);
        }

        private void refuseNested(Ast ast) {
            if (ast instanceof Ast.Call call && functions.containsKey(call.name())) {
                throw new Mistake(call.offset(), call.name() + "() stands inside of another aggregate");
            }
            Trees.children(ast).forEach(this::refuseNested);
        }
    }
}
