package dev.weir.engine.decode;

import java.math.BigDecimal;
import java.math.RoundingMode;

/// Reads times into nanoseconds since 1970 without making a `String`.
///
/// Knows `2010-05-10T12:34:56.123456789+02:00` and its shorter forms (no offset is UTC, a space
/// instead of `T`, no seconds, no time), and numbers with or without a fraction and an exponent.
/// What lies outside of 1677-09-21 to 2262-04-11 does not fit and is refused.
final class Times {
    private static final int MAX_LENGTH = 64;
    private static final int[] DAYS_BEFORE = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /// The text, and how far it is read.
    private final char[] chars;

    private final int start;
    private final int end;
    private int at;

    private Times(char[] chars, int start, int length) {
        this.chars = chars;
        this.start = start;
        this.end = start + length;
        this.at = start;
    }

    /// A time in either form.
    ///
    /// @param unit what a plain number counts
    static long parse(char[] chars, int offset, int length, EpochUnit unit) throws DecodeException {
        Times times = new Times(chars, offset, length);
        if (length == 0 || length > MAX_LENGTH) {
            throw times.bad();
        }
        boolean date = length >= 10 && chars[offset + 4] == '-';
        try {
            return date ? times.iso() : times.number(unit);
        } catch (ArithmeticException outside) {
            throw times.bad();
        }
    }

    static long parse(String text, EpochUnit unit) throws DecodeException {
        return parse(text.toCharArray(), 0, text.length(), unit);
    }

    private long iso() throws DecodeException {
        int year = digits(4);
        expect('-');
        int month = digits(2);
        expect('-');
        int day = digits(2);
        if (month < 1 || month > 12 || day < 1 || day > lengthOf(year, month)) {
            throw bad();
        }
        long seconds = epochDay(year, month, day) * 86_400;
        long fraction = 0;
        if (at < end) {
            if (chars[at] != 'T' && chars[at] != 't' && chars[at] != ' ') {
                throw bad();
            }
            at++;
            seconds += clock();
            fraction = fraction();
            seconds -= offset();
        }
        return total(seconds, fraction);
    }

    /// Adds up without overflowing half-way: the last second before 1970's nanoseconds run out is
    /// only reached with its fraction.
    private static long total(long seconds, long fraction) {
        return seconds < 0 && fraction > 0
                ? Math.addExact(Math.multiplyExact(seconds + 1, NANOS_PER_SECOND), fraction - NANOS_PER_SECOND)
                : Math.addExact(Math.multiplyExact(seconds, NANOS_PER_SECOND), fraction);
    }

    private int clock() throws DecodeException {
        int hour = digits(2);
        expect(':');
        int minute = digits(2);
        int second = 0;
        if (at < end && chars[at] == ':') {
            at++;
            second = digits(2);
        }
        // A leap second counts as the first of the next minute.
        if (hour > 23 || minute > 59 || second > 60) {
            throw bad();
        }
        return hour * 3600 + minute * 60 + second;
    }

    private long fraction() throws DecodeException {
        if (at == end || (chars[at] != '.' && chars[at] != ',')) {
            return 0;
        }
        at++;
        return fractionDigits();
    }

    /// Digits behind the point, in billionths. What is finer is cut off.
    private long fractionDigits() throws DecodeException {
        int first = at;
        long value = 0;
        int scale = 0;
        for (; at < end && isDigit(chars[at]); at++) {
            if (scale < 9) {
                value = value * 10 + chars[at] - '0';
                scale++;
            }
        }
        if (at == first) {
            throw bad();
        }
        for (; scale < 9; scale++) {
            value *= 10;
        }
        return value;
    }

    private int offset() throws DecodeException {
        if (at == end) {
            return 0;
        }
        char sign = chars[at++];
        if (sign == 'Z' || sign == 'z') {
            if (at != end) {
                throw bad();
            }
            return 0;
        }
        if (sign != '+' && sign != '-') {
            throw bad();
        }
        int hours = digits(2);
        int minutes = 0;
        if (at < end) {
            if (chars[at] == ':') {
                at++;
            }
            minutes = digits(2);
        }
        if (at != end || hours > 18 || minutes > 59) {
            throw bad();
        }
        int seconds = hours * 3600 + minutes * 60;
        return sign == '-' ? -seconds : seconds;
    }

    private long number(EpochUnit unit) throws DecodeException {
        boolean negative = chars[at] == '-';
        if (negative) {
            at++;
        }
        int first = at;
        long whole = 0;
        for (; at < end && isDigit(chars[at]); at++) {
            whole = Math.addExact(Math.multiplyExact(whole, 10L), chars[at] - '0');
        }
        if (at == first) {
            throw bad();
        }
        long billionths = 0;
        if (at < end && chars[at] == '.') {
            at++;
            billionths = fractionDigits();
        }
        if (at < end) {
            return withExponent(unit);
        }
        long fraction = billionths / (NANOS_PER_SECOND / unit.nanos);
        long nanos = Math.addExact(Math.multiplyExact(whole, unit.nanos), fraction);
        return negative ? -nanos : nanos;
    }

    /// The rare form `1.276020076001e+09`, which RFC 8428 uses in its examples.
    private long withExponent(EpochUnit unit) throws DecodeException {
        if (chars[at] != 'e' && chars[at] != 'E') {
            throw bad();
        }
        at++;
        if (at < end && (chars[at] == '+' || chars[at] == '-')) {
            at++;
        }
        int first = at;
        while (at < end && isDigit(chars[at])) {
            at++;
        }
        if (at == first || at - first > 3 || at != end) {
            throw bad();
        }
        return new BigDecimal(chars, start, end - start)
                .multiply(BigDecimal.valueOf(unit.nanos))
                .setScale(0, RoundingMode.DOWN)
                .longValueExact();
    }

    private int digits(int count) throws DecodeException {
        if (end - at < count) {
            throw bad();
        }
        int value = 0;
        for (int stop = at + count; at < stop; at++) {
            if (!isDigit(chars[at])) {
                throw bad();
            }
            value = value * 10 + chars[at] - '0';
        }
        return value;
    }

    private void expect(char c) throws DecodeException {
        if (at == end || chars[at] != c) {
            throw bad();
        }
        at++;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static int lengthOf(int year, int month) {
        return month == 2 && isLeap(year) ? 29 : DAYS_BEFORE[month] - DAYS_BEFORE[month - 1];
    }

    private static boolean isLeap(int year) {
        return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    }

    private static long epochDay(int year, int month, int day) {
        int before = year - 1;
        long days = 365L * before + before / 4 - before / 100 + before / 400;
        return days + DAYS_BEFORE[month - 1] + (month > 2 && isLeap(year) ? 1 : 0) + day - 1 - 719_162;
    }

    private DecodeException bad() {
        String text = new String(chars, start, Math.min(end - start, MAX_LENGTH));
        return new DecodeException(
                "bad-time",
                "time " + Fault.shown(text) + " is neither ISO-8601 (2010-05-10T12:34:56Z) nor a number since 1970,"
                        + " or lies outside of 1678 to 2261");
    }
}
