package dev.weir.engine.expression;

/// The six operators that compare two values.
enum Comparison {
    LESS("<"),
    AT_MOST("<="),
    GREATER(">"),
    AT_LEAST(">="),
    EQUAL("=="),
    DIFFERENT("!=");

    final String sign;

    Comparison(String sign) {
        this.sign = sign;
    }

    static Comparison of(String sign) {
        for (Comparison operator : values()) {
            if (operator.sign.equals(sign)) {
                return operator;
            }
        }
        throw new IllegalArgumentException("no comparison operator: " + sign);
    }

    boolean equality() {
        return this == EQUAL || this == DIFFERENT;
    }

    /// The operator that says the same with its operands swapped.
    Comparison swapped() {
        return switch (this) {
            case LESS -> GREATER;
            case AT_MOST -> AT_LEAST;
            case GREATER -> LESS;
            case AT_LEAST -> AT_MOST;
            case EQUAL, DIFFERENT -> this;
        };
    }

    // Chains of tests rather than a switch: a switch over an enum reads two arrays first.

    boolean test(double a, double b) {
        if (this == GREATER) {
            return a > b;
        }
        if (this == LESS) {
            return a < b;
        }
        if (this == AT_LEAST) {
            return a >= b;
        }
        if (this == AT_MOST) {
            return a <= b;
        }
        return (a == b) == (this == EQUAL);
    }

    boolean test(long a, long b) {
        return test(Long.compare(a, b));
    }

    /// Of the order that [Values#order] gave.
    boolean test(int order) {
        if (order == Values.UNORDERED) {
            return this == DIFFERENT;
        }
        return switch (this) {
            case LESS -> order < 0;
            case AT_MOST -> order <= 0;
            case GREATER -> order > 0;
            case AT_LEAST -> order >= 0;
            case EQUAL -> order == 0;
            case DIFFERENT -> order != 0;
        };
    }

    boolean test(Object a, Object b) {
        return equality() ? Values.equal(a, b) == (this == EQUAL) : test(Values.order(a, b));
    }
}
