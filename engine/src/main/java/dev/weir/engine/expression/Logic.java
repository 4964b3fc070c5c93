package dev.weir.engine.expression;

/// Truth: `!`, chains of `&&` and `||`, and the condition.
final class Logic {
    private Logic() {}

    static final class Not extends Node.Flag {
        private final Node operand;

        Not(Node operand, int offset) {
            super(offset);
            this.operand = operand;
        }

        @Override
        boolean flag(Bindings bindings) {
            return !operand.flag(bindings);
        }
    }

    /// `a && b && …` ([#all]) or `a || b || …`. As in CEL the order does not matter for errors: a
    /// term that decides wins over one that fails.
    static final class Chain extends Node.Flag {
        private final boolean all;
        private final Node first;
        private final Node second;
        private final Node[] terms;

        Chain(boolean all, Node[] terms, int offset) {
            super(offset);
            this.all = all;
            this.first = terms[0];
            this.second = terms[1];
            this.terms = terms;
        }

        @Override
        boolean flag(Bindings bindings) {
            // Call sites of their own for the first two, which the JIT then knows apart.
            int at = 0;
            try {
                if (first.flag(bindings) != all) {
                    return !all;
                }
                at = 1;
                if (second.flag(bindings) != all) {
                    return !all;
                }
            } catch (EvaluationException e) {
                return decidedAfter(at, e, bindings);
            }
            return terms.length == 2 ? all : rest(bindings);
        }

        private boolean rest(Bindings bindings) {
            for (int i = 2; i < terms.length; i++) {
                try {
                    if (terms[i].flag(bindings) != all) {
                        return !all;
                    }
                } catch (EvaluationException e) {
                    return decidedAfter(i, e, bindings);
                }
            }
            return all;
        }

        private boolean decidedAfter(int failed, EvaluationException failure, Bindings bindings) {
            if (failure.reason() == EvaluationException.Reason.LIMIT) {
                throw failure;
            }
            for (int i = failed + 1; i < terms.length; i++) {
                try {
                    if (terms[i].flag(bindings) != all) {
                        return !all;
                    }
                } catch (EvaluationException _) {
                    // the first failure is the one that is told, unless a later term decides
                }
            }
            throw failure;
        }
    }

    /// `test ? then : otherwise`
    static final class Conditional extends Node {
        private final Node test;
        private final Node then;
        private final Node otherwise;

        Conditional(Node test, Node then, Node otherwise, Type type, int offset) {
            super(type, offset);
            this.test = test;
            this.then = then;
            this.otherwise = otherwise;
        }

        private Node chosen(Bindings bindings) {
            return test.flag(bindings) ? then : otherwise;
        }

        @Override
        boolean flag(Bindings bindings) {
            return chosen(bindings).flag(bindings);
        }

        @Override
        double real(Bindings bindings) {
            return chosen(bindings).real(bindings);
        }

        @Override
        long whole(Bindings bindings) {
            // Of branches of different types one may be uint, whose bits are no int.
            return type == Scalar.DYN ? super.whole(bindings) : chosen(bindings).whole(bindings);
        }

        @Override
        String text(Bindings bindings) {
            return chosen(bindings).text(bindings);
        }

        @Override
        Object value(Bindings bindings) {
            return chosen(bindings).value(bindings);
        }
    }
}
