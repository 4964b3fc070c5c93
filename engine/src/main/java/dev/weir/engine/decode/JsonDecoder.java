package dev.weir.engine.decode;

import dev.weir.engine.Message;
import dev.weir.engine.Reading;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// A JSON object, or a list of them; or the same in CBOR.
///
/// A device sends its fields in the same order most of the time. So each name remembers what
/// followed it, and the parser is asked whether that comes next, which compares bytes in place;
/// only a surprise is looked up. Numbers and names make no objects.
final class JsonDecoder implements Decoder {
    private final Syntax syntax;
    private final Fields fields;
    private final JsonLevel root;

    JsonDecoder(Syntax syntax, Fields fields) {
        this.syntax = syntax;
        this.fields = fields;
        this.root = new JsonLevel(fields, "");
    }

    @Override
    public void decode(Message message, Output out) throws DecodeException, InterruptedException {
        try (JsonParser parser = syntax.open(message)) {
            JsonToken token = parser.nextToken();
            if (token == JsonToken.START_OBJECT) {
                Reading reading = reading(parser, out);
                end(parser);
                out.accept(reading);
            } else if (token == JsonToken.START_ARRAY) {
                list(parser, out);
                end(parser);
            } else {
                throw Fault.malformed("payload must be a " + syntax.word + " object or a list of objects, but "
                        + (token == null ? "is empty" : "begins with " + named(token)));
            }
        } catch (JacksonException fault) {
            throw syntax.malformed(fault);
        }
    }

    private void list(JsonParser parser, Output out) throws DecodeException, InterruptedException {
        int count = 0;
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            if (token != JsonToken.START_OBJECT) {
                throw Fault.malformed("element " + count + " of the list must be an object, but is " + named(token));
            }
            if (++count > MAX_READINGS) {
                throw Fault.tooMany(MAX_READINGS);
            }
            out.accept(reading(parser, out));
        }
        if (count == 0) {
            throw Fault.noReading("the list");
        }
    }

    private static void end(JsonParser parser) throws DecodeException {
        JsonToken token = parser.nextToken();
        if (token != null) {
            throw Fault.malformed("payload must end after its first value, but goes on with " + named(token));
        }
    }

    private Reading reading(JsonParser parser, Output out) throws DecodeException {
        Reading reading = out.blank();
        object(parser, root, reading);
        return Target.complete(reading);
    }

    /// Recursion is bounded by the parser's limit on nesting.
    private void object(JsonParser parser, JsonLevel level, Reading reading) throws DecodeException {
        JsonName previous = null;
        JsonName expected = level.first;
        while (true) {
            JsonName name = expected;
            if (name == null || !parser.nextName(name.serialized)) {
                String text = name == null ? parser.nextName() : parser.currentName();
                if (text == null || parser.currentToken() != JsonToken.PROPERTY_NAME) {
                    return;
                }
                name = level.find(text, previous);
            }
            value(parser, name, reading);
            previous = name;
            expected = name.next;
        }
    }

    private void value(JsonParser parser, JsonName name, Reading reading) throws DecodeException {
        Target target = name.target;
        JsonToken token = parser.nextToken();
        if (token == JsonToken.VALUE_NULL) {
            return;
        }
        if (target.role() == Target.Role.TIME || target.role() == Target.Role.DEVICE) {
            stamp(parser, token, target, reading);
            return;
        }
        switch (token) {
            case VALUE_NUMBER_FLOAT -> target.real(reading, parser.getDoubleValue());
            case VALUE_NUMBER_INT -> whole(parser, target, reading);
            case VALUE_STRING -> target.text(reading, parser.getString());
            case VALUE_TRUE -> target.flag(reading, true);
            case VALUE_FALSE -> target.flag(reading, false);
            case START_OBJECT -> {
                target.object();
                object(parser, name.children(fields), reading);
            }
            case START_ARRAY -> {
                target.list();
                parser.skipChildren();
            }
            case VALUE_EMBEDDED_OBJECT -> data(parser, target, reading);
            default -> throw Fault.malformed("unexpected " + named(token));
        }
    }

    private static void data(JsonParser parser, Target target, Reading reading) throws DecodeException {
        String text = CborItems.data(parser);
        if (text == null) {
            throw Fault.malformed("a simple value must be true, false or null");
        }
        target.text(reading, text);
    }

    private static void whole(JsonParser parser, Target target, Reading reading) throws DecodeException {
        if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            target.real(reading, parser.getDoubleValue());
        } else {
            target.whole(reading, parser.getLongValue());
        }
    }

    private void stamp(JsonParser parser, JsonToken token, Target target, Reading reading) throws DecodeException {
        boolean number = token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT;
        boolean time = target.role() == Target.Role.TIME;
        if (token != JsonToken.VALUE_STRING && !(number && (time || token == JsonToken.VALUE_NUMBER_INT))) {
            throw new DecodeException(
                    time ? "bad-time" : "bad-device",
                    "the " + (time ? "time" : "device") + " must be a text or a number, but was " + named(token));
        }
        if (time) {
            char[] chars = parser.getStringCharacters();
            Target.time(reading, Times.parse(chars, parser.getStringOffset(), parser.getStringLength(), fields.unit));
        } else {
            Target.device(reading, parser.getString());
        }
    }

    private static String named(@Nullable JsonToken token) {
        return switch (token) {
            case null -> "nothing";
            case START_OBJECT -> "an object";
            case START_ARRAY -> "a list";
            case VALUE_STRING -> "a text";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            case VALUE_NULL -> "null";
            default -> token.toString();
        };
    }
}
