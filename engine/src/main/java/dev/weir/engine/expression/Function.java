package dev.weir.engine.expression;

import java.util.List;
import java.util.function.DoublePredicate;
import java.util.function.DoubleUnaryOperator;

/// One overload of a function. The target of a member function (`text.contains(part)`) is its
/// first parameter, and its name starts with a point.
///
/// @param name       as it is looked up: `size`, `.contains`, `math.abs`
/// @param parameters what it takes
/// @param result     what it makes
/// @param body       how it makes it
record Function(String name, List<Type> parameters, Type result, Body body) {

    /// How a function is computed; the shapes but [Boxed] are called without boxing.
    sealed interface Body {}

    /// On boxed values.
    @FunctionalInterface
    non-sealed interface Boxed extends Body {
        Object apply(Object[] arguments);
    }

    /// A double of a double.
    record OfReal(DoubleUnaryOperator operator) implements Body {}

    /// A condition on a double.
    record RealTest(DoublePredicate predicate) implements Body {}

    /// A condition on two strings.
    @FunctionalInterface
    non-sealed interface TextTest extends Body {
        boolean test(String text, String part);
    }

    Object apply(Object[] arguments) {
        return switch (body) {
            case Boxed boxed -> boxed.apply(arguments);
            case OfReal(DoubleUnaryOperator operator) -> operator.applyAsDouble((Double) arguments[0]);
            case RealTest(DoublePredicate predicate) -> predicate.test((Double) arguments[0]);
            case TextTest text -> text.test((String) arguments[0], (String) arguments[1]);
        };
    }

    /// Whether arguments of these types may be meant; dyn may be anything, and an integer constant
    /// a double.
    boolean accepts(Node[] arguments, boolean adapting) {
        if (arguments.length != parameters.size()) {
            return false;
        }
        for (int i = 0; i < arguments.length; i++) {
            Type parameter = parameters.get(i);
            boolean adapts = adapting && parameter == Scalar.DOUBLE && arguments[i].adapts();
            if (!adapts && !fits(arguments[i].type, parameter)) {
                return false;
            }
        }
        return true;
    }

    private static boolean fits(Type argument, Type parameter) {
        if (argument == Scalar.DYN || parameter == Scalar.DYN || argument.equals(parameter)) {
            return true;
        }
        if (argument instanceof Type.ListOf(Type a) && parameter instanceof Type.ListOf(Type b)) {
            return fits(a, b);
        }
        return argument instanceof Type.MapOf && parameter instanceof Type.MapOf;
    }

    boolean holds(Object[] arguments) {
        for (int i = 0; i < arguments.length; i++) {
            if (!parameters.get(i).holds(arguments[i])) {
                return false;
            }
        }
        return true;
    }

    String shown() {
        boolean member = name.startsWith(".");
        List<Type> arguments = member ? parameters.subList(1, parameters.size()) : parameters;
        String list = arguments.toString();
        return (member ? parameters.getFirst() + name : name) + "(" + list.substring(1, list.length() - 1) + ")";
    }
}
