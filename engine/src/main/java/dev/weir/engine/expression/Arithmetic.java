package dev.weir.engine.expression;

import dev.weir.engine.expression.EvaluationException.Reason;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The five operators on values. Integers, timestamps and durations that leave their range are
/// errors.
enum Arithmetic {
    ADD("+"),
    SUBTRACT("-"),
    MULTIPLY("*"),
    DIVIDE("/"),
    REMAINDER("%");

    static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");
    // The range of CEL: about 10,000 years.
    private static final long SECONDS = 315_576_000_000L;

    final String sign;

    Arithmetic(String sign) {
        this.sign = sign;
    }

    static Arithmetic of(String sign) {
        for (Arithmetic operator : values()) {
            if (operator.sign.equals(sign)) {
                return operator;
            }
        }
        throw new IllegalArgumentException("no arithmetic operator: " + sign);
    }

    double apply(double a, double b) {
        // A chain of tests, since a switch over an enum reads two arrays first.
        if (this == ADD) {
            return a + b;
        }
        if (this == SUBTRACT) {
            return a - b;
        }
        if (this == MULTIPLY) {
            return a * b;
        }
        if (this == DIVIDE) {
            return a / b;
        }
        throw Values.noOverload(sign, a, b);
    }

    long apply(long a, long b) {
        try {
            return switch (this) {
                case ADD -> Math.addExact(a, b);
                case SUBTRACT -> Math.subtractExact(a, b);
                case MULTIPLY -> Math.multiplyExact(a, b);
                case DIVIDE -> Math.divideExact(a, notZero(b));
                case REMAINDER -> a % notZero(b);
            };
        } catch (ArithmeticException _) {
            throw new EvaluationException(Reason.OVERFLOW, a + " " + sign + " " + b + " does not fit an int");
        }
    }

    long applyUnsigned(long a, long b) {
        long result = switch (this) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> Long.divideUnsigned(a, notZero(b));
            case REMAINDER -> Long.remainderUnsigned(a, notZero(b));
        };
        boolean fits = switch (this) {
            case ADD -> Long.compareUnsigned(result, a) >= 0;
            case SUBTRACT -> Long.compareUnsigned(a, b) >= 0;
            case MULTIPLY -> Math.unsignedMultiplyHigh(a, b) == 0;
            case DIVIDE, REMAINDER -> true;
        };
        if (!fits) {
            throw new EvaluationException(
                    Reason.OVERFLOW, new Unsigned(a) + " " + sign + " " + new Unsigned(b) + " does not fit a uint");
        }
        return result;
    }

    private static long notZero(long divisor) {
        if (divisor == 0) {
            throw new EvaluationException(Reason.DIVISION_BY_ZERO, "division by zero");
        }
        return divisor;
    }

    Object apply(Object a, Object b) {
        return switch (a) {
            case Double x when b instanceof Double y -> apply((double) x, (double) y);
            case Long x when b instanceof Long y -> apply((long) x, (long) y);
            case Unsigned x when b instanceof Unsigned y -> new Unsigned(applyUnsigned(x.bits(), y.bits()));
            default ->
                switch (this) {
                    case ADD -> sum(a, b);
                    case SUBTRACT -> difference(a, b);
                    case MULTIPLY, DIVIDE, REMAINDER -> throw Values.noOverload(sign, a, b);
                };
        };
    }

    private static Object sum(Object a, Object b) {
        return switch (a) {
            case String x
            when b instanceof String y -> {
                Text.check(x.length() + (long) y.length());
                yield x.concat(y);
            }
            case Bytes x
            when b instanceof Bytes y -> {
                Text.check(x.size() + (long) y.size());
                yield x.concat(y);
            }
            case List<?> x when b instanceof List<?> y -> concat(x, y);
            case Instant x when b instanceof Duration y -> moment(x, y);
            case Duration x when b instanceof Instant y -> moment(y, x);
            case Duration x when b instanceof Duration y -> bounded(x.plus(y));
            default -> throw Values.noOverload("+", a, b);
        };
    }

    private static Object difference(Object a, Object b) {
        return switch (a) {
            case Instant x when b instanceof Duration y -> moment(x, y.negated());
            case Instant x when b instanceof Instant y -> nanoseconds(Duration.between(y, x));
            case Duration x when b instanceof Duration y -> bounded(x.minus(y));
            default -> throw Values.noOverload("-", a, b);
        };
    }

    private static List<Object> concat(List<?> a, List<?> b) {
        checkElements(a.size() + (long) b.size());
        List<Object> all = new ArrayList<>(a.size() + b.size());
        all.addAll(a);
        all.addAll(b);
        return Collections.unmodifiableList(all);
    }

    static void checkElements(long size) {
        if (size > Limits.ELEMENTS) {
            throw new EvaluationException(
                    Reason.LIMIT, "a list or map has at most " + Limits.ELEMENTS + " elements, but would have " + size);
        }
    }

    private static Instant moment(Instant moment, Duration distance) {
        try {
            return bounded(moment.plus(distance));
        } catch (DateTimeException | ArithmeticException _) {
            throw new EvaluationException(Reason.OVERFLOW, "the timestamp is outside of the years 1 to 9999");
        }
    }

    static Instant bounded(Instant moment) {
        if (moment.isBefore(FIRST) || moment.isAfter(LAST)) {
            throw new EvaluationException(Reason.OVERFLOW, "the timestamp is outside of the years 1 to 9999");
        }
        return moment;
    }

    static Duration bounded(Duration duration) {
        if (Math.abs(duration.toSeconds()) > SECONDS) {
            throw new EvaluationException(Reason.OVERFLOW, "a duration is at most " + SECONDS + "s");
        }
        return duration;
    }

    /// The distance of two timestamps has to fit nanoseconds in 64 bits, as in CEL's own run times.
    private static Duration nanoseconds(Duration duration) {
        try {
            return Duration.ofNanos(duration.toNanos());
        } catch (ArithmeticException _) {
            throw new EvaluationException(Reason.OVERFLOW, "the timestamps are more than 292 years apart");
        }
    }
}
