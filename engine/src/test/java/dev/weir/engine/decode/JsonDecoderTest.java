package dev.weir.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.weir.engine.FieldType;
import dev.weir.engine.Schema;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonDecoderTest {
    private static final String AT = "@2020-01-01T00:00:00Z ";

    private final Decoding decoding = new Decoding();

    private List<String> decode(String payload) throws DecodeException, InterruptedException {
        return decoding.run(new JsonDecoder(Syntax.JSON, decoding.fields()), payload);
    }

    private void assertRefused(String payload, String reason, String message) {
        assertThatThrownBy(() -> decode(payload))
                .asInstanceOf(type(DecodeException.class))
                .satisfies(refused -> {
                    assertThat(refused.reason()).isEqualTo(reason);
                    assertThat(refused).hasMessageContaining(message);
                });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {}                                      | {}
                    {"a":1}                                 | {"a":1.0}
                    {"a":-0.5e3,"b":true,"c":false}         | {"a":-500.0,"b":true,"c":false}
                    {"a":null,"b":"x"}                      | {"b":"x"}
                    {"a":{"b":{"c":1},"d":2},"e":3}         | {"a_b_c":1.0,"a_d":2.0,"e":3.0}
                    {"a":{},"b":1}                          | {"b":1.0}
                    {"a":[1,[2,{"b":3}]],"b":1}             | {"b":1.0}
                    {"a":1,"a":2}                           | {"a":2.0}
                    {"a b":1,"ü":2,"select":3}              | {"a b":1.0,"ü":2.0,"select":3.0}
                    {"a":123456789012345678901234567890}    | {"a":1.2345678901234568E29}
                    {"a":"\\u00e9\\n","b":""}               | {"a":"é\\n","b":""}
                    """)
    void decode_object_keepsItsFields(String payload, String expected) throws Exception {
        assertThat(decode(payload)).containsExactly("d" + AT + expected);
    }

    @Test
    void decode_list_givesAReadingForEachElement() throws Exception {
        assertThat(decode("[{\"a\":1},{\"b\":2}]")).containsExactly("d" + AT + "{\"a\":1.0}", "d" + AT + "{\"b\":2.0}");
    }

    @Test
    void decode_sameDecoderWithFieldsInOtherOrders_findsEachBySlot() throws Exception {
        Decoder decoder = new JsonDecoder(Syntax.JSON, decoding.fields());
        for (int i = 0; i < 3; i++) {
            assertThat(decoding.run(decoder, "{\"a\":1,\"b\":2,\"c\":3}"))
                    .containsExactly("d" + AT + "{\"a\":1.0,\"b\":2.0,\"c\":3.0}");
            assertThat(decoding.run(decoder, "{\"c\":3,\"a\":1}")).containsExactly("d" + AT + "{\"a\":1.0,\"c\":3.0}");
            assertThat(decoding.run(decoder, "{\"b\":2,\"ab\":4}"))
                    .containsExactly("d" + AT + "{\"b\":2.0,\"ab\":4.0}");
        }
    }

    @Test
    void decode_payloadInsideALargerArray_readsOnlyItsPart() throws Exception {
        byte[] bytes = "xx{\"a\":1}yy".getBytes(StandardCharsets.UTF_8);
        new JsonDecoder(Syntax.JSON, decoding.fields())
                .decode(new dev.weir.engine.Message("a", bytes, 2, 7, null, null, 0), decoding);
        assertThat(decoding.readings).hasSize(1);
    }

    @Test
    void decode_declaredLong_keepsAllItsDigits() throws Exception {
        decoding.declare("seq", FieldType.LONG);
        assertThat(decode("{\"seq\":9007199254740993}")).containsExactly("d" + AT + "{\"seq\":9007199254740993}");
        assertThat(decode("{\"seq\":3.0}")).containsExactly("d" + AT + "{\"seq\":3}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    LONG    | "abc"                | field "f" must be a long, but was "abc"
                    LONG    | 1.5                  | field "f" must be a long, but was 1.5
                    LONG    | 92233720368547758070 | field "f" must be a long, but was
                    LONG    | true                 | field "f" must be a long, but was true
                    DOUBLE  | "1"                  | field "f" must be a double, but was "1"
                    DOUBLE  | [1]                  | field "f" must be a double, but was a list
                    DOUBLE  | {"a":1}              | field "f" must be a double, but was an object
                    BOOLEAN | 1                    | field "f" must be a boolean, but was 1
                    STRING  | 1                    | field "f" must be a string, but was 1
                    """)
    void decode_declaredFieldOfOtherType_isRefused(FieldType type, String value, String message) {
        decoding.declare("f", type);
        assertRefused("{\"f\":" + value + "}", "wrong-type", message);
    }

    @Test
    void decode_numberBeyondDouble_isRefused() {
        assertRefused("{\"a\":1e999}", "wrong-type", "a double can hold");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "1",
                "\"a\"",
                "null",
                "{",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{a:1}",
                "{'a':1}",
                "[1]",
                "[{}",
                "[{},]",
                "{} {}",
                "{\"a\":NaN}",
                "{\"a\":01}",
                "{\"a\":\"\u0001\"}",
                "[[{}]]",
                "{\"a\":tru}"
            })
    void decode_malformed_isRefused(String payload) {
        assertRefused(payload, "malformed", "");
    }

    @Test
    void decode_notUtf8_isRefused() {
        assertThatThrownBy(() -> decoding.run(
                        new JsonDecoder(Syntax.JSON, decoding.fields()),
                        new byte[] {'{', '"', 'a', '"', ':', '"', -1, '"', '}'}))
                .isInstanceOf(DecodeException.class);
    }

    @Test
    void decode_emptyList_isRefused() {
        assertRefused("[]", "no-reading", "holds no reading");
    }

    @Test
    void decode_deepNesting_isRefused() {
        assertRefused("{\"a\":".repeat(5000), "malformed", "nesting");
        assertRefused("{\"a\":" + "[".repeat(5000), "malformed", "nesting");
    }

    @Test
    void decode_longName_isRefused() throws Exception {
        assertThat(decode("{\"" + "n".repeat(64) + "\":1}")).hasSize(1);
        assertRefused("{\"" + "n".repeat(65) + "\":1}", "too-large", "64 characters");
        assertRefused("{\"" + "n".repeat(40) + "\":{\"" + "m".repeat(40) + "\":1}}", "too-large", "64 characters");
        assertRefused("{\"" + "n".repeat(100_000) + "\":1}", "malformed", "");
    }

    @Test
    void decode_moreReadingsThanAllowed_givesTheFirstAndRefusesTheRest() {
        assertRefused("[" + "{},".repeat(10_000) + "{}]", "too-large", "10000 readings");
        assertThat(decoding.readings).hasSize(10_000);
    }

    @Test
    void decode_listWithAWrongElement_givesWhatCameBefore() {
        assertRefused("[{\"a\":1},2]", "malformed", "element 1");
        assertThat(decoding.readings).hasSize(1);
    }

    @Test
    void decode_valuesThatAreNotKept_areCounted() throws Exception {
        decode("{\"a\":[1],\"\":1,\"b\\u0000\":2,\"c\":3}");
        assertThat(decoding.meters.notKept("list")).isEqualTo(1);
        assertThat(decoding.meters.notKept("name")).isEqualTo(2);
        assertThat(decoding.schema.fields()).extracting(Schema.Field::name).containsExactly("c");
    }

    @Test
    void decode_moreNamesThanSlots_keepsTheFirstAndCountsTheRest() throws Exception {
        Decoder decoder = new JsonDecoder(Syntax.JSON, decoding.fields());
        for (int i = 0; i < 3000; i++) {
            decoding.run(decoder, "{\"n" + i + "\":1,\"n0\":2}");
        }
        assertThat(decoding.schema.size()).isEqualTo(Schema.MAX_FIELDS);
        assertThat(decoding.meters.notKept("too-many")).isEqualTo(3000 - Schema.MAX_FIELDS);
        assertThat(decoding.run(decoder, "{\"n0\":7}")).containsExactly("d" + AT + "{\"n0\":7.0}");
    }

    @Test
    void decode_nullField_getsNoSlot() throws Exception {
        decode("{\"a\":null}");
        assertThat(decoding.schema.size()).isZero();
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
                    '"2010-05-10T12:34:56.5Z"', 2010-05-10T12:34:56.500Z
                    '"2010-05-10T12:34:56+02:00"', 2010-05-10T10:34:56Z
                    1273494896500, 2010-05-10T12:34:56.500Z
                    1273494896500.25, 2010-05-10T12:34:56.500250Z
                    null, 2020-01-01T00:00:00Z
                    """)
    void decode_timeField_becomesTheTime(String value, String expected) throws Exception {
        decoding.time = "ts";
        assertThat(decode("{\"ts\":" + value + ",\"a\":1}")).containsExactly("d@" + expected + " {\"a\":1.0}");
    }

    @Test
    void decode_timeFieldInNestedObject_isFoundByItsPath() throws Exception {
        decoding.time = "meta_ts";
        assertThat(decode("{\"meta\":{\"ts\":0}}")).containsExactly("d@1970-01-01T00:00:00Z {}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "[]", "{}", "\"yesterday\"", "1e30", "99999999999999999999"})
    void decode_badTime_isRefused(String value) {
        decoding.time = "ts";
        assertThatThrownBy(() -> decode("{\"ts\":" + value + "}"))
                .asInstanceOf(type(DecodeException.class))
                .extracting(DecodeException::reason)
                .isIn("bad-time");
    }

    @Test
    void decode_deviceField_becomesTheDevice() throws Exception {
        decoding.device = "id";
        decoding.addressed = "";
        assertThat(decode("[{\"id\":\"x\"},{\"id\":17}]")).containsExactly("x" + AT + "{}", "17" + AT + "{}");
        assertRefused("{\"a\":1}", "no-device", "device");
        assertRefused("{\"id\":\"\"}", "bad-device", "1 to 256");
        assertRefused("{\"id\":\"a\\u0007\"}", "bad-device", "control");
        assertRefused("{\"id\":1.5}", "bad-device", "a number");
    }
}
