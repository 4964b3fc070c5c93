package dev.weir.engine.decode;

import dev.weir.engine.Message;
import dev.weir.engine.Reading;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// A SenML pack in JSON or CBOR (RFC 8428).
///
/// Records of the same device and time become one reading; readings come in the order in which
/// they begin. The device is that of the address; where the address has none it is the base name
/// without a `:`, `/`, `_` or `.` at its end. The field is the record's own name, or `value` where
/// it has none. Without a base name the name is cut at its last `/`; a whole `urn:` is a device
/// with the field `value`.
///
/// A sum `s` becomes the field `<name>_sum`. Data (`vd`) is the base64 text that JSON has for it.
/// Units are not converted.
final class SenmlDecoder implements Decoder {
    /// How many readings of a pack are held until its end, since any record may belong to any of
    /// them.
    static final int MAX_HELD = 1024;

    /// Below it a time is relative to now: 2²⁸ seconds.
    private static final long ABSOLUTE = (1L << 28) * 1_000_000_000L;

    private final Syntax syntax;
    private final Fields fields;
    private final ConcurrentHashMap<String, Target> targets = new ConcurrentHashMap<>();

    SenmlDecoder(Syntax syntax, Fields fields) {
        this.syntax = syntax;
        this.fields = fields;
    }

    private record Key(String device, long time) {}

    /// Device and field of a record.
    private record Place(String device, String field) {}

    @Override
    public void decode(Message message, Output out) throws DecodeException, InterruptedException {
        Map<Key, Reading> held = new LinkedHashMap<>();
        try (JsonParser parser = syntax.open(message)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw Fault.malformed("payload must be a SenML pack, which is a " + syntax.word + " list");
            }
            pack(parser, out, held);
            if (parser.nextToken() != null) {
                throw Fault.malformed("payload must end after the pack");
            }
        } catch (JacksonException fault) {
            throw syntax.malformed(fault);
        }
        if (held.isEmpty()) {
            throw Fault.noReading("the pack");
        }
        for (Reading reading : held.values()) {
            out.accept(reading);
        }
    }

    private void pack(JsonParser parser, Output out, Map<Key, Reading> held) throws DecodeException {
        SenmlRecord record = new SenmlRecord(syntax);
        Reading blank = out.blank();
        String addressed = blank.device();
        long now = blank.received();
        Reading spare = blank;
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            if (token != JsonToken.START_OBJECT) {
                throw Fault.malformed("a pack must hold records, which are " + syntax.word + " objects");
            }
            record.read(parser);
            if (isBaseOnly(record)) {
                continue;
            }
            Place place = place(record, addressed);
            Key key = new Key(place.device, time(record, now));
            Reading reading = held.get(key);
            if (reading == null) {
                if (held.size() == MAX_HELD) {
                    throw Fault.tooMany(MAX_HELD);
                }
                reading = spare == null ? out.blank() : spare;
                spare = null;
                Target.device(reading, key.device);
                Target.time(reading, key.time);
                held.put(key, reading);
            }
            set(reading, place.field, record);
        }
    }

    private static boolean isBaseOnly(SenmlRecord record) {
        return record.name.isEmpty() && !hasValue(record) && record.baseValue == null && record.baseSum == null;
    }

    private static boolean hasValue(SenmlRecord record) {
        return record.value != null || record.text != null || record.flag != null || record.sum != null;
    }

    private static long time(SenmlRecord record, long now) throws DecodeException {
        try {
            long time = Math.addExact(record.baseTime, record.time);
            return time < ABSOLUTE ? Math.addExact(now, time) : time;
        } catch (ArithmeticException outside) {
            throw new DecodeException("bad-time", "base time and time add up to a year beyond 2261");
        }
    }

    private static Place place(SenmlRecord record, String addressed) throws DecodeException {
        String base = record.baseName;
        String name = record.name;
        check(base + name);
        String field = name.isEmpty() ? "value" : name;
        if (!addressed.isEmpty()) {
            return new Place(addressed, field);
        }
        if (!base.isEmpty()) {
            return new Place(withoutSeparator(base), field);
        }
        int slash = name.lastIndexOf('/');
        if (slash > 0 && slash < name.length() - 1) {
            return new Place(name.substring(0, slash), name.substring(slash + 1));
        }
        if (name.startsWith("urn:")) {
            return new Place(name, "value");
        }
        throw new DecodeException(
                "no-device",
                "nothing says which device sent " + Fault.shown(name) + "; send a base name (bn), or put {device}"
                        + " into 'topic:'");
    }

    private static String withoutSeparator(String base) {
        int end = base.length();
        while (end > 1 && ":/_.".indexOf(base.charAt(end - 1)) >= 0) {
            end--;
        }
        return base.substring(0, end);
    }

    /// RFC 8428, 4.5.1: letters, digits and `-:./_`, the first of them a letter or a digit.
    private static void check(String name) throws DecodeException {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!plain && (i == 0 || "-:./_".indexOf(c) < 0)) {
                throw Fault.malformed("name " + Fault.shown(name) + " must have only letters, digits and -:./_, and"
                        + " begin with a letter or digit");
            }
        }
        if (name.isEmpty()) {
            throw Fault.malformed("a record with a value must have a name (n) or a base name (bn)");
        }
    }

    private void set(Reading reading, String field, SenmlRecord record) throws DecodeException {
        if (record.sum != null || record.baseSum != null) {
            target(field + "_sum").real(reading, sum(record.sum, record.baseSum));
        }
        if (record.text != null) {
            target(field).text(reading, record.text);
        } else if (record.flag != null) {
            target(field).flag(reading, record.flag);
        } else if (record.whole != null && record.baseValue == null) {
            target(field).whole(reading, record.whole);
        } else if (record.value != null || record.baseValue != null) {
            target(field).real(reading, sum(record.value, record.baseValue));
        } else if (record.sum == null && record.baseSum == null) {
            throw Fault.malformed("record " + Fault.shown(field) + " has no value");
        }
    }

    private static double sum(@Nullable Double value, @Nullable Double base) {
        return (value == null ? 0 : value) + (base == null ? 0 : base);
    }

    private Target target(String field) throws DecodeException {
        Target known = targets.get(field);
        if (known == null) {
            known = fields.target(field);
            if (fields.mayRemember()) {
                targets.putIfAbsent(field, known);
            }
        }
        return known;
    }
}
