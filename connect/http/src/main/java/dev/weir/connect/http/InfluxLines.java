package dev.weir.connect.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// A line of InfluxDB's line protocol, as far as a door must know it: where it ends, its
/// measurement and its time. The rest is for the decoder to judge.
final class InfluxLines {
    private final byte[] bytes;
    private final int start;
    private final int end;

    InfluxLines(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.start = start;
        this.end = end;
    }

    /// Finds the lines in a body, comments and blank ones left out. A line goes on behind a line
    /// end inside of quotes.
    static void scan(byte[] bytes, int length, Elements.Sink sink) throws Refusal {
        int at = 0;
        while (at < length) {
            if (Elements.isBlank(bytes[at])) {
                at++;
                continue;
            }
            int from = at;
            boolean comment = bytes[at] == '#';
            at = comment ? endOf(bytes, at, length) : end(bytes, at, length);
            int to = at;
            while (to > from && Elements.isBlank(bytes[to - 1])) {
                to--;
            }
            if (!comment) {
                sink.add(from, to);
            }
        }
    }

    private static int endOf(byte[] bytes, int from, int length) {
        int at = from;
        while (at < length && bytes[at] != '\n') {
            at++;
        }
        return at;
    }

    private static int end(byte[] bytes, int from, int length) {
        int at = key(bytes, from, length);
        while (at < length && bytes[at] == ' ') {
            at++;
        }
        at = fields(bytes, at, length);
        return endOf(bytes, at, length);
    }

    /// Goes behind measurement and tags.
    private static int key(byte[] bytes, int from, int length) {
        int at = from;
        while (at < length && bytes[at] != ' ' && bytes[at] != '\n') {
            at += escapes(bytes, at, length) ? 2 : 1;
        }
        return at;
    }

    private static int fields(byte[] bytes, int from, int length) {
        int at = from;
        boolean value = false;
        while (at < length && bytes[at] != ' ' && bytes[at] != '\n') {
            if (value && bytes[at] == '"') {
                at = quoted(bytes, at + 1, length);
                value = false;
            } else {
                boolean escaped = escapes(bytes, at, length);
                value = bytes[at] == '=';
                at += escaped ? 2 : 1;
            }
        }
        return at;
    }

    private static int quoted(byte[] bytes, int from, int length) {
        int at = from;
        while (at < length && bytes[at] != '"') {
            at += bytes[at] == '\\' && at + 1 < length && (bytes[at + 1] == '"' || bytes[at + 1] == '\\') ? 2 : 1;
        }
        return Math.min(at + 1, length);
    }

    private static boolean escapes(byte[] bytes, int at, int length) {
        return bytes[at] == '\\'
                && at + 1 < length
                && (bytes[at + 1] == ',' || bytes[at + 1] == '=' || bytes[at + 1] == ' ');
    }

    /// The measurement, unescaped; what is no UTF-8 in it is replaced.
    String measurement() throws Refusal {
        byte[] out = new byte[Math.min(end - start, 1024)];
        int length = 0;
        for (int at = start; at < end && bytes[at] != ',' && bytes[at] != ' ' && length < out.length; at++) {
            if (escapes(bytes, at, end)) {
                at++;
            }
            out[length++] = bytes[at];
        }
        if (length == 0) {
            throw new Refusal(400, "malformed", "begins without a measurement");
        }
        return new String(out, 0, length, StandardCharsets.UTF_8);
    }

    /// The line with its time in nanoseconds, or empty where nothing changes.
    ///
    /// @param unit how many nanoseconds its time counts
    Optional<byte[]> inNanos(long unit) throws Refusal {
        int at = key(bytes, start, end);
        while (at < end && bytes[at] == ' ') {
            at++;
        }
        at = fields(bytes, at, end);
        while (at < end && bytes[at] == ' ') {
            at++;
        }
        if (unit == 1 || at >= end || end - at > 20) {
            return Optional.empty();
        }
        try {
            long time = Long.parseLong(new String(bytes, at, end - at, StandardCharsets.US_ASCII));
            byte[] nanos = String.valueOf(Math.multiplyExact(time, unit)).getBytes(StandardCharsets.US_ASCII);
            byte[] line = Arrays.copyOf(Arrays.copyOfRange(bytes, start, at), at - start + nanos.length);
            System.arraycopy(nanos, 0, line, at - start, nanos.length);
            return Optional.of(line);
        } catch (NumberFormatException noTime) {
            // The decoder says better what is wrong with it.
            return Optional.empty();
        } catch (ArithmeticException outside) {
            throw new Refusal(400, "bad-time", "time lies outside of 1678 to 2261: is the precision right?");
        }
    }
}
