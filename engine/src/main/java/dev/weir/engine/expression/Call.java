package dev.weir.engine.expression;

import dev.weir.engine.expression.EvaluationException.Reason;
import java.util.List;
import java.util.function.DoublePredicate;
import java.util.function.DoubleUnaryOperator;

/// Calls of functions.
final class Call {
    private Call() {}

    /// A call of the only overload that can be meant, or of one of several that the values decide.
    static Node of(List<Function> candidates, Node[] arguments, int offset) {
        Function only = candidates.getFirst();
        if (candidates.size() == 1) {
            switch (only.body()) {
                case Function.OfReal(DoubleUnaryOperator operator) -> {
                    return new OfReal(operator, arguments[0], offset);
                }
                case Function.RealTest(DoublePredicate predicate) -> {
                    return new RealTest(predicate, arguments[0], offset);
                }
                case Function.TextTest test -> {
                    if (arguments[1] instanceof Constant constant && constant.value instanceof String part) {
                        return new TextTestOfConstant(test, arguments[0], part, offset);
                    }
                    return new TextTest(test, arguments[0], arguments[1], offset);
                }
                case Function.Boxed _ -> {
                    // as below
                }
            }
        }
        Type result = only.result();
        for (Function candidate : candidates) {
            result = Type.join(result, candidate.result());
        }
        return new Boxed(candidates, arguments, result, offset);
    }

    static final class OfReal extends Node.Real {
        private final DoubleUnaryOperator operator;
        private final Node argument;

        OfReal(DoubleUnaryOperator operator, Node argument, int offset) {
            super(offset);
            this.operator = operator;
            this.argument = argument;
        }

        @Override
        double real(Bindings bindings) {
            return operator.applyAsDouble(argument.real(bindings));
        }
    }

    static final class RealTest extends Node.Flag {
        private final DoublePredicate predicate;
        private final Node argument;

        RealTest(DoublePredicate predicate, Node argument, int offset) {
            super(offset);
            this.predicate = predicate;
            this.argument = argument;
        }

        @Override
        boolean flag(Bindings bindings) {
            return predicate.test(argument.real(bindings));
        }
    }

    static final class TextTest extends Node.Flag {
        private final Function.TextTest test;
        private final Node text;
        private final Node part;

        TextTest(Function.TextTest test, Node text, Node part, int offset) {
            super(offset);
            this.test = test;
            this.text = text;
            this.part = part;
        }

        @Override
        boolean flag(Bindings bindings) {
            String a = text.text(bindings);
            String b = part.text(bindings);
            try {
                return test.test(a, b);
            } catch (EvaluationException e) {
                throw e.at(offset);
            }
        }
    }

    /// `device.startsWith('gh-')`
    static final class TextTestOfConstant extends Node.Flag {
        private final Function.TextTest test;
        private final Node text;
        private final String part;

        TextTestOfConstant(Function.TextTest test, Node text, String part, int offset) {
            super(offset);
            this.test = test;
            this.text = text;
            this.part = part;
        }

        @Override
        boolean flag(Bindings bindings) {
            return test.test(text.text(bindings), part);
        }
    }

    /// `text.matches('…')` with a constant pattern.
    static final class Matches extends Node.Flag {
        private final Regex regex;
        private final Node text;

        Matches(Regex regex, Node text, int offset) {
            super(offset);
            this.regex = regex;
            this.text = text;
        }

        @Override
        boolean flag(Bindings bindings) {
            String value = text.text(bindings);
            try {
                return regex.find(value);
            } catch (EvaluationException e) {
                throw e.at(offset);
            }
        }
    }

    /// `double(x)` of a number.
    static final class ToReal extends Node.Real {
        private final Node argument;

        ToReal(Node argument, int offset) {
            super(offset);
            this.argument = argument;
        }

        @Override
        double real(Bindings bindings) {
            Kind kind = argument.kind(bindings);
            if (kind == Kind.DOUBLE) {
                return argument.real(bindings);
            }
            if (kind == Kind.LONG) {
                return argument.whole(bindings);
            }
            Object value = argument.value(bindings);
            try {
                return Convert.toReal(value);
            } catch (EvaluationException e) {
                throw e.at(offset);
            }
        }
    }

    /// `int(x)` of a number.
    static final class ToWhole extends Node.Whole {
        private final Node argument;

        ToWhole(Node argument, int offset) {
            super(Scalar.INT, offset);
            this.argument = argument;
        }

        @Override
        long whole(Bindings bindings) {
            Kind kind = argument.kind(bindings);
            if (kind == Kind.LONG) {
                return argument.whole(bindings);
            }
            try {
                return kind == Kind.DOUBLE
                        ? Convert.toWhole(argument.real(bindings))
                        : Convert.toWhole(argument.value(bindings));
            } catch (EvaluationException e) {
                throw e.at(offset);
            }
        }
    }

    /// `math.greatest` and `math.least` of doubles.
    static final class Extreme extends Node.Real {
        private final boolean greatest;
        private final Node[] arguments;

        Extreme(boolean greatest, Node[] arguments, int offset) {
            super(offset);
            this.greatest = greatest;
            this.arguments = arguments;
        }

        @Override
        double real(Bindings bindings) {
            double extreme = arguments[0].real(bindings);
            for (int i = 1; i < arguments.length; i++) {
                double next = arguments[i].real(bindings);
                extreme = greatest ? (next > extreme ? next : extreme) : (next < extreme ? next : extreme);
            }
            return extreme;
        }
    }

    static final class Boxed extends Node {
        private final Function[] candidates;
        private final Node[] arguments;

        Boxed(List<Function> candidates, Node[] arguments, Type type, int offset) {
            super(type, offset);
            this.candidates = candidates.toArray(Function[]::new);
            this.arguments = arguments;
        }

        @Override
        Object value(Bindings bindings) {
            Object[] values = new Object[arguments.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = arguments[i].value(bindings);
            }
            try {
                for (Function candidate : candidates) {
                    if (candidate.holds(values)) {
                        return candidate.apply(values);
                    }
                }
                for (Function candidate : candidates) {
                    Object[] adapted = adapted(candidate, values);
                    if (candidate.holds(adapted)) {
                        return candidate.apply(adapted);
                    }
                }
                throw Values.noOverload(candidates[0].name(), values);
            } catch (EvaluationException e) {
                throw e.at(offset);
            } catch (ArithmeticException | IndexOutOfBoundsException e) {
                throw new EvaluationException(Reason.INVALID, offset, candidates[0].name() + ": " + e.getMessage());
            }
        }

        private Object[] adapted(Function candidate, Object[] values) {
            Object[] adapted = values.clone();
            for (int i = 0; i < adapted.length; i++) {
                if (candidate.parameters().get(i) == Scalar.DOUBLE && arguments[i].adapts()) {
                    adapted[i] = (double) (long) adapted[i];
                }
            }
            return adapted;
        }
    }
}
