package dev.weir.engine.decode;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// The labels of one SenML record, and the base values that go on from record to record. For one
/// thread and one pack.
final class SenmlRecord {
    private static final int VERSION = 10;

    /// The words for the numbers that CBOR has for them, from -6 on (RFC 8428, table 4).
    private static final List<String> WORDS =
            List.of("bs", "bv", "bu", "bt", "bn", "bver", "n", "u", "v", "vs", "vb", "s", "t", "ut", "vd");

    private static final int FIRST_WORD = -6;

    private final Syntax syntax;

    /// Base values: hold from the record that has them on.
    String baseName = "";

    long baseTime;

    @Nullable
    Double baseValue;

    @Nullable
    Double baseSum;

    /// Of this record only.
    String name = "";

    long time;

    @Nullable
    Double value;

    @Nullable
    Long whole;

    @Nullable
    Boolean flag;

    @Nullable
    String text;

    @Nullable
    Double sum;

    SenmlRecord(Syntax syntax) {
        this.syntax = syntax;
    }

    /// Reads one record, whose opening brace is read already.
    void read(JsonParser parser) throws DecodeException {
        name = "";
        time = 0;
        value = null;
        whole = null;
        flag = null;
        text = null;
        sum = null;
        int values = 0;
        for (String label = parser.nextName(); label != null; label = parser.nextName()) {
            JsonToken token = parser.nextToken();
            String word = syntax == Syntax.CBOR ? word(label) : label;
            values += label(parser, word, token) ? 1 : 0;
        }
        if (values > 1) {
            throw Fault.malformed("a record must have one of v, vs, vb and vd, but has " + values);
        }
    }

    private static String word(String label) {
        boolean number = label.length() <= 2 && Numbers.isLong(label);
        int index = number ? Integer.parseInt(label) - FIRST_WORD : -1;
        return index >= 0 && index < WORDS.size() ? WORDS.get(index) : label;
    }

    /// Whether it was the record's value.
    private boolean label(JsonParser parser, String label, JsonToken token) throws DecodeException {
        switch (label) {
            case "bn" -> baseName = string(parser, label, token);
            case "bt" -> baseTime = seconds(parser, label, token);
            case "bv" -> baseValue = number(parser, label, token);
            case "bs" -> baseSum = number(parser, label, token);
            case "bver" -> version(number(parser, label, token));
            case "n" -> name = string(parser, label, token);
            case "t" -> time = seconds(parser, label, token);
            case "s" -> sum = number(parser, label, token);
            case "v" -> {
                value = number(parser, label, token);
                boolean exact = token == JsonToken.VALUE_NUMBER_INT
                        && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
                whole = exact ? parser.getLongValue() : null;
                return true;
            }
            case "vs" -> {
                text = string(parser, label, token);
                return true;
            }
            case "vd" -> {
                text = token == JsonToken.VALUE_EMBEDDED_OBJECT ? CborItems.data(parser) : string(parser, label, token);
                return true;
            }
            case "vb" -> {
                if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
                    throw Fault.malformed("label 'vb' must be true or false");
                }
                flag = token == JsonToken.VALUE_TRUE;
                return true;
            }
            default -> unknown(parser, label);
        }
        return false;
    }

    /// Units and update times say nothing about a value; a label that ends in `_` must be
    /// understood by whoever reads the pack (RFC 8428, 4.4).
    private static void unknown(JsonParser parser, String label) throws DecodeException {
        if (label.endsWith("_")) {
            throw new DecodeException(
                    "unsupported", "label " + Fault.shown(label) + " must be understood, and is not known here");
        }
        parser.skipChildren();
    }

    private static void version(double version) throws DecodeException {
        if (!(version >= 1 && version <= VERSION)) {
            throw new DecodeException(
                    "unsupported", "SenML version must be at most " + VERSION + ", but was " + version);
        }
    }

    private static String string(JsonParser parser, String label, JsonToken token) throws DecodeException {
        if (token != JsonToken.VALUE_STRING) {
            throw Fault.malformed("label '" + label + "' must be a text");
        }
        return parser.getString();
    }

    private static double number(JsonParser parser, String label, JsonToken token) throws DecodeException {
        expectNumber(label, token);
        return parser.getDoubleValue();
    }

    private static long seconds(JsonParser parser, String label, JsonToken token) throws DecodeException {
        expectNumber(label, token);
        char[] chars = parser.getStringCharacters();
        return Times.parse(chars, parser.getStringOffset(), parser.getStringLength(), EpochUnit.S);
    }

    private static void expectNumber(String label, JsonToken token) throws DecodeException {
        if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_NUMBER_FLOAT) {
            throw Fault.malformed("label '" + label + "' must be a number");
        }
    }
}
