package dev.weir.engine;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// Renders readings as JSON, the same wherever a reading leaves Weir as text: webhooks, dead
/// letters, the API, a command without a `payload`.
///
/// ```json
/// {"stream":"climate","device":"mote-1","time":"2010-05-10T12:34:56.5Z",
///  "received":"2010-05-10T12:34:57Z","source":"motes","fields":{"temperature":27.97,"seq":1}}
/// ```
///
/// Fields come in the order of their slots; empty slots are left out. A number that JSON cannot
/// say (NaN, infinity) is null. Half a surrogate pair becomes U+FFFD, so that the text is always
/// valid UTF-8. Stateless; any thread may call it.
public final class ReadingJson {
    private static final char[] HEX = "0123456789abcdef".toCharArray();
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int SECONDS_PER_DAY = 86_400;

    private ReadingJson() {}

    /// One reading as an object.
    public static String text(Reading reading) {
        StringBuilder out = new StringBuilder(192);
        append(out, reading);
        return out.toString();
    }

    /// One reading as an object, in UTF-8.
    public static byte[] bytes(Reading reading) {
        return text(reading).getBytes(StandardCharsets.UTF_8);
    }

    /// Several readings as an array, in UTF-8.
    public static byte[] bytes(List<Reading> readings) {
        StringBuilder out = new StringBuilder(192 * readings.size() + 2).append('[');
        for (int i = 0; i < readings.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            append(out, readings.get(i));
        }
        return out.append(']').toString().getBytes(StandardCharsets.UTF_8);
    }

    /// Appends one reading as an object.
    public static void append(StringBuilder out, Reading reading) {
        out.append("{\"stream\":");
        quote(out, reading.stream());
        out.append(",\"device\":");
        quote(out, reading.device());
        out.append(",\"time\":\"");
        time(out, reading.time());
        out.append("\",\"received\":\"");
        time(out, reading.received());
        out.append("\",\"source\":");
        quote(out, reading.source());
        out.append(",\"fields\":");
        fields(out, reading);
        out.append('}');
    }

    /// Appends only the fields, as an object.
    public static void fields(StringBuilder out, Reading reading) {
        List<Schema.Field> fields = reading.schema().fields();
        out.append('{');
        boolean first = true;
        for (int slot = 0; slot < reading.slots(); slot++) {
            FieldType type = reading.type(slot);
            if (type == null) {
                continue;
            }
            if (!first) {
                out.append(',');
            }
            first = false;
            quote(out, fields.get(slot).name());
            out.append(':');
            switch (type) {
                case DOUBLE -> number(out, reading.real(slot));
                case LONG -> out.append(reading.whole(slot));
                case BOOLEAN -> out.append(reading.flag(slot));
                case STRING -> quote(out, reading.text(slot));
            }
        }
        out.append('}');
    }

    /// Appends a number, or `null` where JSON has none.
    public static void number(StringBuilder out, double value) {
        if (Double.isFinite(value)) {
            out.append(value);
        } else {
            out.append("null");
        }
    }

    /// Appends a text in quotes, escaped.
    public static void quote(StringBuilder out, String text) {
        out.append('"');
        int length = text.length();
        int plain = 0;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x20 && c != '"' && c != '\\' && !Character.isSurrogate(c)) {
                continue;
            }
            out.append(text, plain, i);
            if (Character.isSurrogate(c)) {
                boolean pair =
                        Character.isHighSurrogate(c) && i + 1 < length && Character.isLowSurrogate(text.charAt(i + 1));
                if (pair) {
                    out.append(c).append(text.charAt(++i));
                } else {
                    out.append('\uFFFD');
                }
            } else {
                escape(out, c);
            }
            plain = i + 1;
        }
        out.append(text, plain, length).append('"');
    }

    private static void escape(StringBuilder out, char c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> out.append("\\u00").append(HEX[c >> 4]).append(HEX[c & 15]);
        }
    }

    /// Appends a time as ISO-8601 in UTC, with as many digits of the second as it needs:
    /// `2010-05-10T12:34:56.5Z`.
    ///
    /// @param nanos nanoseconds since 1970-01-01T00:00:00Z
    public static void time(StringBuilder out, long nanos) {
        long seconds = Math.floorDiv(nanos, NANOS_PER_SECOND);
        int fraction = (int) Math.floorMod(nanos, NANOS_PER_SECOND);
        int day = (int) Math.floorDiv(seconds, SECONDS_PER_DAY);
        int second = Math.floorMod(seconds, SECONDS_PER_DAY);
        date(out, day);
        out.append('T');
        digits(out, second / 3600, 2);
        out.append(':');
        digits(out, second / 60 % 60, 2);
        out.append(':');
        digits(out, second % 60, 2);
        if (fraction != 0) {
            int width = 9;
            while (fraction % 10 == 0) {
                fraction /= 10;
                width--;
            }
            out.append('.');
            digits(out, fraction, width);
        }
        out.append('Z');
    }

    /// The civil date of a day, counted in years that begin in March so that the leap day is the
    /// last (Howard Hinnant, "chrono-compatible low-level date algorithms").
    private static void date(StringBuilder out, int epochDay) {
        int shifted = epochDay + 719_468;
        int era = Math.floorDiv(shifted, 146_097);
        int dayOfEra = shifted - era * 146_097;
        int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int march = (5 * dayOfYear + 2) / 153;
        int month = march < 10 ? march + 3 : march - 9;
        digits(out, yearOfEra + era * 400 + (month <= 2 ? 1 : 0), 4);
        out.append('-');
        digits(out, month, 2);
        out.append('-');
        digits(out, dayOfYear - (153 * march + 2) / 5 + 1, 2);
    }

    private static void digits(StringBuilder out, int value, int width) {
        for (int power = POWERS[width - 1]; power > 0; power /= 10) {
            out.append((char) ('0' + value / power % 10));
        }
    }

    private static final int[] POWERS = {1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000};
}
