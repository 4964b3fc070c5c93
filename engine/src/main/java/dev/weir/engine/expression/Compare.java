package dev.weir.engine.expression;

/// Comparisons, by what is known of their operands.
final class Compare {
    private Compare() {}

    static Node of(Comparison operator, Node left, Node right, int offset) {
        if (left instanceof Field field && right instanceof Constant constant && constant.value instanceof Number) {
            return new FieldWithNumber(operator, field, constant, offset);
        }
        if (right instanceof Field field && left instanceof Constant constant && constant.value instanceof Number) {
            return new FieldWithNumber(operator.swapped(), field, constant, offset);
        }
        if (left.type == Scalar.DOUBLE && right.type == Scalar.DOUBLE) {
            return new Reals(operator, left, right, offset);
        }
        if (left.type == Scalar.INT && right.type == Scalar.INT) {
            return new Wholes(operator, left, right, offset);
        }
        boolean numbers = left.type != Scalar.UINT && right.type != Scalar.UINT;
        if (numbers && left.foretells() && right.foretells()) {
            return new Foretold(operator, left, right, offset);
        }
        return new Boxed(operator, left, right, offset);
    }

    /// `temperature > 30.0`, declared or not: the leaf of most filters and rules, hence one node
    /// instead of three. Whatever the operator, it holds for the doubles of one closed range, or
    /// for all others.
    static final class FieldWithNumber extends Node.Flag {
        private final int slot;
        private final double low;
        private final double high;
        private final boolean inside;
        private final Comparison operator;
        private final Field field;
        private final Constant constant;

        FieldWithNumber(Comparison operator, Field field, Constant constant, int offset) {
            super(offset);
            double real = ((Number) constant.value).doubleValue();
            this.slot = field.slot;
            this.low = low(operator, real);
            this.high = high(operator, real);
            this.inside = operator != Comparison.DIFFERENT;
            this.operator = operator;
            this.field = field;
            this.constant = constant;
        }

        /// NaN, which nothing is above, where nothing is greater than the constant.
        private static double low(Comparison operator, double real) {
            return switch (operator) {
                case LESS, AT_MOST -> Double.NEGATIVE_INFINITY;
                case GREATER -> real == Double.POSITIVE_INFINITY ? Double.NaN : Math.nextUp(real);
                case AT_LEAST, EQUAL, DIFFERENT -> real;
            };
        }

        private static double high(Comparison operator, double real) {
            return switch (operator) {
                case GREATER, AT_LEAST -> Double.POSITIVE_INFINITY;
                case LESS -> real == Double.NEGATIVE_INFINITY ? Double.NaN : Math.nextDown(real);
                case AT_MOST, EQUAL, DIFFERENT -> real;
            };
        }

        @Override
        boolean flag(Bindings bindings) {
            if (bindings.kind(slot) == Kind.DOUBLE) {
                double value = bindings.real(slot);
                return (value >= low && value <= high) == inside;
            }
            return other(bindings);
        }

        private boolean other(Bindings bindings) {
            if (bindings.kind(slot) != Kind.LONG) {
                return boxed(operator, field, constant, bindings, offset);
            }
            long whole = bindings.whole(slot);
            return constant.value instanceof Long number
                    ? operator.test(whole, (long) number)
                    : operator.test((double) whole, constant.real(bindings));
        }
    }

    static final class Reals extends Node.Flag {
        private final Comparison operator;
        private final Node left;
        private final Node right;

        Reals(Comparison operator, Node left, Node right, int offset) {
            super(offset);
            this.operator = operator;
            this.left = left;
            this.right = right;
        }

        @Override
        boolean flag(Bindings bindings) {
            return operator.test(left.real(bindings), right.real(bindings));
        }
    }

    static final class Wholes extends Node.Flag {
        private final Comparison operator;
        private final Node left;
        private final Node right;

        Wholes(Comparison operator, Node left, Node right, int offset) {
            super(offset);
            this.operator = operator;
            this.left = left;
            this.right = right;
        }

        @Override
        boolean flag(Bindings bindings) {
            return operator.test(left.whole(bindings), right.whole(bindings));
        }
    }

    /// Looks at the kinds first, so that numbers of dyn operands are not boxed.
    static final class Foretold extends Node.Flag {
        private final Comparison operator;
        private final Node left;
        private final Node right;

        Foretold(Comparison operator, Node left, Node right, int offset) {
            super(offset);
            this.operator = operator;
            this.left = left;
            this.right = right;
        }

        @Override
        boolean flag(Bindings bindings) {
            Kind a = left.kind(bindings);
            Kind b = right.kind(bindings);
            if (a == Kind.DOUBLE) {
                if (b == Kind.DOUBLE) {
                    return operator.test(left.real(bindings), right.real(bindings));
                }
                if (b == Kind.LONG) {
                    return operator.test(left.real(bindings), (double) right.whole(bindings));
                }
            } else if (a == Kind.LONG) {
                if (b == Kind.LONG) {
                    return operator.test(left.whole(bindings), right.whole(bindings));
                }
                if (b == Kind.DOUBLE) {
                    return operator.test((double) left.whole(bindings), right.real(bindings));
                }
            }
            return boxed(operator, left, right, bindings, offset);
        }
    }

    static final class Boxed extends Node.Flag {
        private final Comparison operator;
        private final Node left;
        private final Node right;

        Boxed(Comparison operator, Node left, Node right, int offset) {
            super(offset);
            this.operator = operator;
            this.left = left;
            this.right = right;
        }

        @Override
        boolean flag(Bindings bindings) {
            return boxed(operator, left, right, bindings, offset);
        }
    }

    private static boolean boxed(Comparison operator, Node left, Node right, Bindings bindings, int offset) {
        Object a = left.value(bindings);
        Object b = right.value(bindings);
        try {
            return operator.test(a, b);
        } catch (EvaluationException e) {
            throw e.at(offset);
        }
    }
}
