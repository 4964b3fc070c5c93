package dev.weir.engine.expression;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Decodes what stands between the quotes of a string or bytes literal.
final class Escapes {
    private static final String LETTERS = "abfnrtv\\?\"'`";
    private static final String MEANINGS = "\u0007\b\f\n\r\t\u000b\\?\"'`";

    private final String source;
    private final int end;
    private final boolean raw;
    private int at;

    Escapes(String source, int start, int end, boolean raw) {
        this.source = source;
        this.at = start;
        this.end = end;
        this.raw = raw;
    }

    String text() {
        StringBuilder text = new StringBuilder(end - at);
        while (at < end) {
            int c = source.charAt(at);
            if (c == '\\' && !raw) {
                text.appendCodePoint(escape(false));
            } else {
                text.append((char) c);
                at++;
            }
        }
        return text.toString();
    }

    Bytes bytes() {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        while (at < end) {
            if (source.charAt(at) == '\\' && !raw) {
                octets.write(escape(true));
            } else {
                int c = source.codePointAt(at);
                octets.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
                at += Character.charCount(c);
            }
        }
        return Bytes.of(octets.toByteArray());
    }

    private int escape(boolean octet) {
        int start = at;
        at++;
        char c = at < end ? source.charAt(at) : 0;
        int simple = LETTERS.indexOf(c);
        if (c != 0 && simple >= 0) {
            at++;
            return MEANINGS.charAt(simple);
        }
        if (c == 'x' || c == 'X') {
            at++;
            return number(start, 2, 16);
        }
        if (c >= '0' && c <= '3') {
            return number(start, 3, 8);
        }
        if ((c == 'u' || c == 'U') && !octet) {
            at++;
            int point = number(start, c == 'u' ? 4 : 8, 16);
            if (!Character.isValidCodePoint(point) || (point >= 0xD800 && point <= 0xDFFF)) {
                throw new Mistake(start, "this escape is not a Unicode character");
            }
            return point;
        }
        throw new Mistake(
                start,
                octet && (c == 'u' || c == 'U')
                        ? "\\u is for text, bytes take \\x"
                        : "unknown escape, expected one of \\n \\t \\r \\\\ \\' \\\" \\x41 \\101 \\u0041; a raw string is r'...'");
    }

    private int number(int start, int digits, int radix) {
        int stop = at + digits;
        int number = 0;
        for (; at < stop; at++) {
            int digit = at < end ? Character.digit(source.charAt(at), radix) : -1;
            if (digit < 0 || source.charAt(at) > 127) {
                throw new Mistake(start, "this escape takes " + digits + " digits of base " + radix);
            }
            number = number * radix + digit;
        }
        return number;
    }
}
