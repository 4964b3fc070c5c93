package dev.weir.engine.expression;

import dev.weir.engine.expression.EvaluationException.Reason;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// Values as text.
final class Text {
    private static final int SHOWN = 40;
    private static final double PLAIN_FROM = 1e-7;
    private static final double PLAIN_TO = 1e21;

    private Text() {}

    /// Refuses a text that would be too long.
    static void check(long length) {
        if (length > Limits.TEXT) {
            throw new EvaluationException(
                    Reason.LIMIT, "a text is at most " + Limits.TEXT + " characters, but would have " + length);
        }
    }

    static String of(Object value) {
        return switch (value) {
            case Double real -> of((double) real);
            case Instant moment -> of(moment);
            case Duration duration -> of(duration);
            case Bytes bytes -> decoded(bytes);
            case Type type -> Values.typeName(type);
            default -> value.toString();
        };
    }

    /// The shortest decimal that reads back as the same double; with an exponent only below 1e-7
    /// and from 1e21.
    static String of(double real) {
        if (Double.isNaN(real)) {
            return "NaN";
        }
        if (Double.isInfinite(real)) {
            return real > 0 ? "Infinity" : "-Infinity";
        }
        if (real == 0) {
            return 1 / real < 0 ? "-0" : "0";
        }
        double size = Math.abs(real);
        BigDecimal decimal = new BigDecimal(Double.toString(real)).stripTrailingZeros();
        if (size >= PLAIN_FROM && size < PLAIN_TO) {
            return decimal.toPlainString();
        }
        return Double.toString(real).replace(".0E", "E").replace("E", real < 1 && size < 1 ? "e" : "e+");
    }

    static String of(Instant moment) {
        return DateTimeFormatter.ISO_INSTANT.format(moment.atOffset(ZoneOffset.UTC));
    }

    static String of(Duration duration) {
        BigDecimal seconds = BigDecimal.valueOf(duration.getSeconds()).add(BigDecimal.valueOf(duration.getNano(), 9));
        String text = seconds.signum() == 0 ? "0" : seconds.stripTrailingZeros().toPlainString();
        return text + "s";
    }

    private static String decoded(Bytes bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toArray()))
                    .toString();
        } catch (CharacterCodingException _) {
            throw new EvaluationException(Reason.INVALID, "these bytes are not UTF-8 text");
        }
    }

    /// A value in a message: short, strings in quotes.
    static String shown(Object value) {
        String text = switch (value) {
            case Bytes bytes -> bytes.size() + " bytes";
            case java.util.Collection<?> list -> "a list of " + list.size();
            case java.util.Map<?, ?> map -> "a map of " + map.size();
            default -> of(value);
        };
        String cut = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
        return value instanceof String ? "'" + cut + "'" : cut;
    }
}
