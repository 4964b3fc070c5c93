package dev.weir.engine.decode;

import dev.weir.engine.Message;
import dev.weir.engine.Reading;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// InfluxDB's line protocol, one reading for each line: `weather,site=roof temp=21.5,wet=f
/// 1700000000`. Tags and fields both become fields; of two with one name the later counts.
///
/// Like [JsonDecoder] it expects names in the order of last time, and compares bytes in place.
final class LineProtocolDecoder implements Decoder {
    private static final byte[][] TRUE = words("t", "T", "true", "True", "TRUE");
    private static final byte[][] FALSE = words("f", "F", "false", "False", "FALSE");

    private final EpochUnit unit;
    private final JsonLevel names;
    private final @Nullable Target measurement;

    /// @param unit what the time of a line counts
    /// @param measurement the field for the measurement; null to leave it out
    LineProtocolDecoder(Fields fields, EpochUnit unit, @Nullable String measurement) throws DecodeException {
        this.unit = unit;
        this.names = new JsonLevel(fields, "");
        this.measurement = measurement == null ? null : fields.target(measurement);
    }

    private static byte[][] words(String... words) {
        byte[][] bytes = new byte[words.length][];
        for (int i = 0; i < words.length; i++) {
            bytes[i] = words[i].getBytes(StandardCharsets.US_ASCII);
        }
        return bytes;
    }

    @Override
    public void decode(Message message, Output out) throws DecodeException, InterruptedException {
        LineCursor cursor = new LineCursor(message.bytes(), message.offset(), message.length());
        int count = 0;
        while (cursor.nextLine()) {
            if (++count > MAX_READINGS) {
                throw Fault.tooMany(MAX_READINGS);
            }
            out.accept(reading(cursor, out.blank()));
        }
        if (count == 0) {
            throw Fault.noReading("the text");
        }
    }

    private Reading reading(LineCursor cursor, Reading reading) throws DecodeException {
        cursor.measurement();
        if (measurement != null) {
            store(measurement, cursor.text(), reading);
        }
        JsonName previous = null;
        while (cursor.comma()) {
            previous = name(cursor, previous);
            cursor.tagValue();
            store(previous.target, cursor.text(), reading);
        }
        if (!cursor.space()) {
            throw cursor.malformed("has no fields");
        }
        do {
            previous = name(cursor, previous);
            value(cursor, previous.target, reading);
        } while (cursor.comma());
        if (cursor.space()) {
            Target.time(reading, time(cursor));
        }
        return Target.complete(reading);
    }

    private JsonName name(LineCursor cursor, @Nullable JsonName previous) throws DecodeException {
        cursor.name();
        JsonName expected = previous == null ? names.first : previous.next;
        if (expected != null && cursor.is(expected.serialized.asUnquotedUTF8())) {
            return expected;
        }
        return names.find(cursor.text(), previous);
    }

    private long time(LineCursor cursor) throws DecodeException {
        long stamp = cursor.timestamp();
        try {
            return Math.multiplyExact(stamp, unit.nanos);
        } catch (ArithmeticException outside) {
            throw new DecodeException(
                    "bad-time",
                    "time " + stamp + " lies outside of 1678 to 2261: does it count something else than the '"
                            + unit.word() + "' of 'unit:'");
        }
    }

    private static void store(Target target, String text, Reading reading) throws DecodeException {
        if (target.role() == Target.Role.DEVICE) {
            Target.device(reading, text);
        } else {
            target.text(reading, text);
        }
    }

    private static void value(LineCursor cursor, Target target, Reading reading) throws DecodeException {
        if (cursor.isQuoted()) {
            cursor.quoted();
            store(target, cursor.text(), reading);
            return;
        }
        cursor.plain();
        if (target.role() == Target.Role.DEVICE) {
            Target.device(reading, cursor.text());
            return;
        }
        byte last = cursor.last();
        if ((last >= '0' && last <= '9') || last == '.') {
            target.real(reading, real(cursor));
        } else if (last == 'i') {
            target.whole(reading, cursor.wholeBeforeSuffix());
        } else if (last == 'u') {
            unsigned(cursor, target, reading);
        } else {
            target.flag(reading, flag(cursor));
        }
    }

    private static double real(LineCursor cursor) throws DecodeException {
        String text = cursor.text();
        if (!Numbers.isNumber(text)) {
            throw cursor.malformed("has " + Fault.shown(text) + " where a number was expected");
        }
        return Double.parseDouble(text);
    }

    /// What no long can hold becomes a double.
    private static void unsigned(LineCursor cursor, Target target, Reading reading) throws DecodeException {
        String text = cursor.text();
        try {
            long value = Long.parseUnsignedLong(text, 0, text.length() - 1, 10);
            if (value >= 0) {
                target.whole(reading, value);
            } else {
                target.real(reading, Double.parseDouble(Long.toUnsignedString(value)));
            }
        } catch (NumberFormatException none) {
            throw cursor.malformed("has " + Fault.shown(text) + " where an unsigned number was expected");
        }
    }

    private static boolean flag(LineCursor cursor) throws DecodeException {
        for (byte[] word : TRUE) {
            if (cursor.is(word)) {
                return true;
            }
        }
        for (byte[] word : FALSE) {
            if (cursor.is(word)) {
                return false;
            }
        }
        throw cursor.malformed("has " + Fault.shown(cursor.text())
                + " where a value was expected: 1.5, 1i, 1u, true, or a text in double quotes");
    }
}
