package dev.weir.engine.decode;

import java.math.BigInteger;

/// Decides whether a text is a number: an optional sign, digits with an optional point among or
/// around them, an optional exponent. Stricter than `Double.parseDouble`, which also takes `NaN`,
/// `1f`, `0x1p3` and blanks.
final class Numbers {
    private static final int MAX_LENGTH = 64;

    private Numbers() {}

    static boolean isNumber(String text) {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            return false;
        }
        int at = sign(text, 0);
        int whole = digits(text, at);
        int count = whole - at;
        at = whole;
        if (at < text.length() && text.charAt(at) == '.') {
            int fraction = digits(text, at + 1);
            count += fraction - at - 1;
            at = fraction;
        }
        if (count == 0) {
            return false;
        }
        if (at < text.length() && (text.charAt(at) | 0x20) == 'e') {
            int first = sign(text, at + 1);
            at = digits(text, first);
            if (at == first) {
                return false;
            }
        }
        return at == text.length();
    }

    /// Whether it is a whole number that a long can hold.
    static boolean isLong(String text) {
        int first = sign(text, 0);
        if (first == text.length() || digits(text, first) != text.length() || text.length() > MAX_LENGTH) {
            return false;
        }
        return text.length() <= 18 || new BigInteger(text).bitLength() < 64;
    }

    private static int sign(String text, int at) {
        return at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+') ? at + 1 : at;
    }

    private static int digits(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at;
    }
}
