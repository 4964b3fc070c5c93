package dev.weir.engine.decode;

import dev.weir.engine.FieldType;
import dev.weir.engine.ReadingJson;

/// The exceptions that several decoders throw, worded alike.
final class Fault {
    private static final int SHOWN = 40;

    private Fault() {}

    static DecodeException malformed(String message) {
        return new DecodeException("malformed", message);
    }

    static DecodeException tooLarge(String message) {
        return new DecodeException("too-large", message);
    }

    static DecodeException noReading(String what) {
        return new DecodeException("no-reading", what + " holds no reading");
    }

    static DecodeException tooMany(int limit) {
        return tooLarge("payload holds more than " + limit + " readings; send fewer at a time");
    }

    /// @param was the value as it should appear in the message
    static DecodeException wrongType(String field, FieldType expected, String was) {
        return new DecodeException(
                "wrong-type", "field " + shown(field) + " must be a " + expected.word() + ", but was " + was);
    }

    static DecodeException tooBig(String field, String was) {
        return new DecodeException(
                "wrong-type", "field " + shown(field) + " must be a number that a double can hold, but was " + was);
    }

    /// A text from a device, quoted and cut so that it can stand in a message.
    static String shown(String text) {
        StringBuilder out = new StringBuilder(SHOWN + 8);
        ReadingJson.quote(out, text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…");
        return out.toString();
    }
}
