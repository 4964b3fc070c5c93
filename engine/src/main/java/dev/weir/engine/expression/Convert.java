package dev.weir.engine.expression;

import dev.weir.engine.expression.EvaluationException.Reason;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Conversions between types: those that lose more than a fraction are errors.
final class Convert {
    private static final int LONGEST = 400;
    private static final Pattern REAL = Pattern.compile("[+-]?(\\d+\\.?\\d*+|\\.\\d++)([eE][+-]?\\d++)?+");
    private static final Pattern PART = Pattern.compile("(\\d++(?:\\.\\d*+)?+|\\.\\d++)(ns|us|µs|ms|s|m|h)");

    private Convert() {}

    static EvaluationException impossible(Object value, String target) {
        return new EvaluationException(Reason.INVALID, Text.shown(value) + " is not " + target);
    }

    private static EvaluationException range(Object value, String target) {
        return new EvaluationException(Reason.OVERFLOW, Text.shown(value) + " does not fit " + target);
    }

    static double toReal(Object value) {
        return switch (value) {
            case Double real -> real;
            case Long whole -> whole;
            case Unsigned unsigned -> unsigned.real();
            case String text -> parseReal(text);
            default -> throw Values.noOverload("double", value);
        };
    }

    private static double parseReal(String text) {
        if (text.length() <= LONGEST && REAL.matcher(text).matches()) {
            return Double.parseDouble(text);
        }
        return switch (text) {
            case "NaN" -> Double.NaN;
            case "Infinity", "+Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> throw impossible(text, "a double");
        };
    }

    static long toWhole(double real) {
        if (!(real > -0x1p63 && real < 0x1p63)) {
            throw range(real, "an int");
        }
        return (long) real;
    }

    static long toWhole(Object value) {
        return switch (value) {
            case Long whole -> whole;
            case Double real -> toWhole((double) real);
            case Unsigned unsigned -> {
                if (unsigned.bits() < 0) {
                    throw range(value, "an int");
                }
                yield unsigned.bits();
            }
            case String text -> {
                try {
                    yield Long.parseLong(text);
                } catch (NumberFormatException _) {
                    throw impossible(text, "an int");
                }
            }
            case Instant moment -> moment.getEpochSecond();
            default -> throw Values.noOverload("int", value);
        };
    }

    static Unsigned toUnsigned(Object value) {
        return switch (value) {
            case Unsigned unsigned -> unsigned;
            case Long whole -> {
                if (whole < 0) {
                    throw range(value, "a uint");
                }
                yield new Unsigned(whole);
            }
            case Double real -> {
                if (!(real > -1 && real < 0x1p64)) {
                    throw range(value, "a uint");
                }
                yield new Unsigned(real < 0x1p63 ? (long) (double) real : (long) (real - 0x1p63) + Long.MIN_VALUE);
            }
            case String text -> {
                try {
                    yield new Unsigned(Long.parseUnsignedLong(text));
                } catch (NumberFormatException _) {
                    throw impossible(text, "a uint");
                }
            }
            default -> throw Values.noOverload("uint", value);
        };
    }

    static boolean toFlag(String text) {
        return switch (text) {
            case "1", "t", "T", "true", "TRUE", "True" -> true;
            case "0", "f", "F", "false", "FALSE", "False" -> false;
            default -> throw impossible(text, "a bool");
        };
    }

    static Bytes toBytes(String text) {
        return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Of RFC 3339 text.
    static Instant toMoment(String text) {
        try {
            return Arithmetic.bounded(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException _) {
            throw impossible(text, "a timestamp (RFC 3339, as 2026-11-21T10:00:00Z)");
        }
    }

    static Instant toMoment(long epochSeconds) {
        try {
            return Arithmetic.bounded(Instant.ofEpochSecond(epochSeconds));
        } catch (DateTimeException _) {
            throw range(epochSeconds, "a timestamp");
        }
    }

    /// Of numbers with units: `1h30m`, `-1.5s`, `10ms`.
    static Duration toDuration(String text) {
        boolean negative = text.startsWith("-");
        int at = negative || text.startsWith("+") ? 1 : 0;
        Matcher part = PART.matcher(text);
        Duration sum = Duration.ZERO;
        try {
            if (at == text.length() || text.length() > LONGEST) {
                throw impossible(text, "a duration (as 1h30m, 1.5s, 10ms)");
            }
            while (at < text.length()) {
                part.region(at, text.length());
                if (!part.lookingAt()) {
                    if (at == text.length() - 1 && text.endsWith("0") && sum.isZero() && at <= 1) {
                        return sum;
                    }
                    throw impossible(text, "a duration (as 1h30m, 1.5s, 10ms)");
                }
                sum = sum.plus(part(part.group(1), part.group(2)));
                at = part.end();
            }
            return Arithmetic.bounded(negative ? sum.negated() : sum);
        } catch (ArithmeticException _) {
            throw range(text, "a duration");
        }
    }

    private static Duration part(String number, String unit) {
        long nanos = switch (unit) {
            case "ns" -> 1;
            case "us", "µs" -> 1_000;
            case "ms" -> 1_000_000;
            case "s" -> 1_000_000_000;
            case "m" -> 60_000_000_000L;
            default -> 3_600_000_000_000L;
        };
        java.math.BigInteger all = new java.math.BigDecimal(number)
                .multiply(java.math.BigDecimal.valueOf(nanos))
                .toBigInteger();
        java.math.BigInteger[] split = all.divideAndRemainder(java.math.BigInteger.valueOf(1_000_000_000));
        return Duration.ofSeconds(split[0].longValueExact(), split[1].longValueExact());
    }
}
