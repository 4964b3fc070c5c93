package dev.weir.engine.expression;

import java.time.Duration;

/// Arithmetic, by what is known of its operands.
final class Calculate {
    private Calculate() {}

    static Node of(Arithmetic operator, Node left, Node right, Type type, int offset) {
        if (type == Scalar.DOUBLE) {
            return reals(operator, left, right, offset);
        }
        if (type == Scalar.INT || type == Scalar.UINT) {
            return new Wholes(operator, left, right, type, offset);
        }
        return new Dynamic(operator, left, right, type, offset);
    }

    /// One class for each operator: a switch in one class cost more than the arithmetic.
    private static Node reals(Arithmetic operator, Node left, Node right, int offset) {
        return switch (operator) {
            case ADD -> new Sum(left, right, offset);
            case SUBTRACT -> new Difference(left, right, offset);
            case MULTIPLY -> new Product(left, right, offset);
            case DIVIDE -> new Quotient(left, right, offset);
            case REMAINDER -> throw new IllegalArgumentException("doubles have no remainder");
        };
    }

    private static final class Sum extends Node.Real {
        private final Node left;
        private final Node right;

        Sum(Node left, Node right, int offset) {
            super(offset);
            this.left = left;
            this.right = right;
        }

        @Override
        double real(Bindings bindings) {
            return left.real(bindings) + right.real(bindings);
        }
    }

    private static final class Difference extends Node.Real {
        private final Node left;
        private final Node right;

        Difference(Node left, Node right, int offset) {
            super(offset);
            this.left = left;
            this.right = right;
        }

        @Override
        double real(Bindings bindings) {
            return left.real(bindings) - right.real(bindings);
        }
    }

    private static final class Product extends Node.Real {
        private final Node left;
        private final Node right;

        Product(Node left, Node right, int offset) {
            super(offset);
            this.left = left;
            this.right = right;
        }

        @Override
        double real(Bindings bindings) {
            return left.real(bindings) * right.real(bindings);
        }
    }

    private static final class Quotient extends Node.Real {
        private final Node left;
        private final Node right;

        Quotient(Node left, Node right, int offset) {
            super(offset);
            this.left = left;
            this.right = right;
        }

        @Override
        double real(Bindings bindings) {
            return left.real(bindings) / right.real(bindings);
        }
    }

    static final class Wholes extends Node.Whole {
        private final Arithmetic operator;
        private final Node left;
        private final Node right;

        Wholes(Arithmetic operator, Node left, Node right, Type type, int offset) {
            super(type, offset);
            this.operator = operator;
            this.left = left;
            this.right = right;
        }

        @Override
        long whole(Bindings bindings) {
            try {
                if (type == Scalar.INT) {
                    return operator.apply(left.whole(bindings), right.whole(bindings));
                }
                return operator.applyUnsigned(unsigned(left, bindings), unsigned(right, bindings));
            } catch (EvaluationException e) {
                throw e.at(offset);
            }
        }
    }

    private static long unsigned(Node node, Bindings bindings) {
        if (node.type == Scalar.UINT) {
            return node.whole(bindings);
        }
        Object value = node.value(bindings);
        if (value instanceof Unsigned unsigned) {
            return unsigned.bits();
        }
        throw node.wrong(Scalar.UINT, value);
    }

    /// Operands of which one is dyn, or that are no numbers. Numbers of foretold kinds are not
    /// boxed.
    static final class Dynamic extends Node {
        private final Arithmetic operator;
        private final Node left;
        private final Node right;
        private final boolean foretells;

        Dynamic(Arithmetic operator, Node left, Node right, Type type, int offset) {
            super(type, offset);
            this.operator = operator;
            this.left = left;
            this.right = right;
            this.foretells = left.foretells() && right.foretells();
        }

        @Override
        boolean foretells() {
            return foretells;
        }

        @Override
        Kind kind(Bindings bindings) {
            if (!foretells || type != Scalar.DYN) {
                return Kind.OTHER;
            }
            Kind a = left.kind(bindings);
            Kind b = right.kind(bindings);
            if (a == Kind.LONG && b == Kind.LONG) {
                return Kind.LONG;
            }
            boolean reals = (a == Kind.DOUBLE || left.adapts()) && (b == Kind.DOUBLE || right.adapts());
            return reals && operator != Arithmetic.REMAINDER ? Kind.DOUBLE : Kind.OTHER;
        }

        @Override
        double real(Bindings bindings) {
            double a = left.real(bindings);
            double b = right.real(bindings);
            try {
                return operator.apply(a, b);
            } catch (EvaluationException e) {
                throw e.at(offset);
            }
        }

        @Override
        long whole(Bindings bindings) {
            long a = left.whole(bindings);
            long b = right.whole(bindings);
            try {
                return operator.apply(a, b);
            } catch (EvaluationException e) {
                throw e.at(offset);
            }
        }

        @Override
        Object value(Bindings bindings) {
            Kind kind = kind(bindings);
            if (kind == Kind.DOUBLE) {
                return real(bindings);
            }
            if (kind == Kind.LONG) {
                return whole(bindings);
            }
            Object a = left.value(bindings);
            Object b = right.value(bindings);
            try {
                return operator.apply(adapted(left, a, b), adapted(right, b, a));
            } catch (EvaluationException e) {
                throw e.at(offset);
            }
        }

        private static Object adapted(Node node, Object value, Object other) {
            return node.adapts() && other instanceof Double ? (Object) (double) (long) value : value;
        }
    }

    /// `-operand`
    static final class Negative extends Node {
        private final Node operand;

        Negative(Node operand, int offset) {
            super(operand.type, offset);
            this.operand = operand;
        }

        @Override
        boolean foretells() {
            return operand.foretells();
        }

        @Override
        Kind kind(Bindings bindings) {
            return operand.kind(bindings);
        }

        @Override
        double real(Bindings bindings) {
            return -operand.real(bindings);
        }

        @Override
        long whole(Bindings bindings) {
            return negated(operand.whole(bindings));
        }

        private long negated(long whole) {
            try {
                return Arithmetic.SUBTRACT.apply(0, whole);
            } catch (EvaluationException e) {
                throw e.at(offset);
            }
        }

        @Override
        Object value(Bindings bindings) {
            return switch (operand.value(bindings)) {
                case Double real -> -real;
                case Long whole -> negated(whole);
                case Duration duration -> duration.negated();
                case Object other -> throw Values.noOverload("-", other).at(offset);
            };
        }
    }
}
