package dev.weir.engine.decode;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Takes InfluxDB's line protocol apart, one token after the other, without copying what nobody
/// asks for. For one thread.
final class LineCursor {
    private final byte[] bytes;
    private final int end;
    private int at;
    private int line = 1;

    /// The token that was read last, and whether it has escapes.
    private int from;

    private int to;
    private boolean escaped;
    private boolean inQuotes;

    LineCursor(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        this.at = offset;
        this.end = offset + length;
    }

    /// Goes to the next line that is neither empty nor a comment.
    ///
    /// @return false at the end
    boolean nextLine() {
        while (at < end) {
            byte b = bytes[at];
            if (b == '#') {
                skipComment();
            } else if (b == '\n') {
                line++;
                at++;
            } else if (b == ' ' || b == '\r' || b == '\t') {
                at++;
            } else {
                return true;
            }
        }
        return false;
    }

    private void skipComment() {
        while (at < end && bytes[at] != '\n') {
            at++;
        }
    }

    /// Reads the measurement, in which `=` is a letter like others.
    void measurement() throws DecodeException {
        token(false);
        if (from == to) {
            throw malformed("begins without a measurement");
        }
    }

    /// Reads the name of a tag or field, and the `=` behind it.
    void name() throws DecodeException {
        token(true);
        if (from == to) {
            throw malformed("has a tag or field without a name");
        }
        if (at == end || bytes[at] != '=') {
            throw malformed("has " + Fault.shown(text()) + " where NAME=VALUE was expected");
        }
        at++;
    }

    /// Reads a tag's value.
    void tagValue() throws DecodeException {
        token(true);
        if (from == to || (at < end && bytes[at] == '=')) {
            throw malformed("has a tag without a value, or with a '=' in it that is not escaped");
        }
    }

    private void token(boolean equals) {
        begin(false);
        for (; at < end; at++) {
            byte b = bytes[at];
            if (b == '\\' && at + 1 < end && isEscapable(bytes[at + 1])) {
                escaped = true;
                at++;
            } else if (b == ',' || b == ' ' || b == '\n' || (equals && b == '=')) {
                break;
            }
        }
        to = at > from && isCarriageReturn(at - 1) ? at - 1 : at;
    }

    private void begin(boolean quotes) {
        from = at;
        escaped = false;
        inQuotes = quotes;
    }

    private boolean isCarriageReturn(int where) {
        return bytes[where] == '\r' && (where + 1 == end || bytes[where + 1] == '\n');
    }

    private static boolean isEscapable(byte b) {
        return b == ',' || b == '=' || b == ' ';
    }

    /// Whether the value that comes is a text in quotes.
    boolean isQuoted() {
        return at < end && bytes[at] == '"';
    }

    /// Reads a text in quotes, in which the line may end and the text go on.
    void quoted() throws DecodeException {
        at++;
        begin(true);
        for (; at < end && bytes[at] != '"'; at++) {
            if (bytes[at] == '\n') {
                line++;
            } else if (bytes[at] == '\\' && at + 1 < end && (bytes[at + 1] == '"' || bytes[at + 1] == '\\')) {
                escaped = true;
                at++;
            }
        }
        if (at == end) {
            throw malformed("has a text whose quotes are not closed");
        }
        to = at++;
        if (at < end && bytes[at] != ',' && bytes[at] != ' ' && !isLineEnd()) {
            throw malformed("has something behind a closing quote");
        }
    }

    /// Reads a value that is no text in quotes.
    void plain() throws DecodeException {
        begin(false);
        while (at < end && bytes[at] != ',' && bytes[at] != ' ' && !isLineEnd()) {
            at++;
        }
        to = at;
        if (from == to) {
            throw malformed("has a field without a value");
        }
    }

    private boolean isLineEnd() {
        return bytes[at] == '\n' || isCarriageReturn(at);
    }

    /// Whether another tag or field follows; goes behind the comma then.
    boolean comma() {
        boolean more = at < end && bytes[at] == ',';
        if (more) {
            at++;
        }
        return more;
    }

    /// Goes to the next part of the line.
    ///
    /// @return whether there is one
    boolean space() throws DecodeException {
        int before = at;
        while (at < end && bytes[at] == ' ') {
            at++;
        }
        if (at == end || isLineEnd()) {
            return false;
        }
        if (at == before) {
            throw malformed("has something that belongs nowhere");
        }
        return true;
    }

    /// Reads the time, a whole number, and what may follow it: nothing.
    long timestamp() throws DecodeException {
        plain();
        if (at < end && !isLineEnd() && (bytes[at] == ',' || space())) {
            throw malformed("goes on behind its time");
        }
        return whole(to);
    }

    int length() {
        return to - from;
    }

    byte first() {
        return bytes[from];
    }

    byte last() {
        return bytes[to - 1];
    }

    /// Whether the token is these bytes.
    boolean is(byte[] expected) {
        return !escaped && Arrays.equals(bytes, from, to, expected, 0, expected.length);
    }

    /// The token's whole number up to `until`.
    ///
    /// @throws DecodeException if it is none, or too large for a long
    long whole(int until) throws DecodeException {
        boolean negative = bytes[from] == '-';
        int digit = negative || bytes[from] == '+' ? from + 1 : from;
        if (digit == until) {
            throw number();
        }
        long value = 0;
        for (; digit < until; digit++) {
            int next = bytes[digit] - '0';
            // Counted downwards, since there is one more below zero than above.
            if (next < 0 || next > 9 || value < (Long.MIN_VALUE + next) / 10) {
                throw number();
            }
            value = value * 10 - next;
        }
        if (!negative && value == Long.MIN_VALUE) {
            throw number();
        }
        return negative ? value : -value;
    }

    /// The token's whole number without its last letter.
    long wholeBeforeSuffix() throws DecodeException {
        return whole(to - 1);
    }

    /// The token, unescaped.
    String text() throws DecodeException {
        byte[] source = bytes;
        int start = from;
        int stop = to;
        if (escaped) {
            source = new byte[to - from];
            start = 0;
            stop = unescape(source);
        }
        for (int i = start; i < stop; i++) {
            if (source[i] < 0) {
                return utf8(source, start, stop);
            }
        }
        return new String(source, start, stop - start, StandardCharsets.ISO_8859_1);
    }

    private int unescape(byte[] out) {
        int length = 0;
        for (int i = from; i < to; i++) {
            boolean escape = bytes[i] == '\\'
                    && i + 1 < to
                    && (inQuotes ? bytes[i + 1] == '"' || bytes[i + 1] == '\\' : isEscapable(bytes[i + 1]));
            if (escape) {
                i++;
            }
            out[length++] = bytes[i];
        }
        return length;
    }

    private String utf8(byte[] source, int start, int stop) throws DecodeException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(source, start, stop - start))
                    .toString();
        } catch (CharacterCodingException notText) {
            throw malformed("has a text that is not UTF-8");
        }
    }

    private DecodeException number() throws DecodeException {
        return malformed("has " + Fault.shown(text()) + " where a number was expected that fits 64 bits");
    }

    DecodeException malformed(String what) {
        return Fault.malformed("line " + line + " " + what);
    }
}
