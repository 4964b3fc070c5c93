package dev.weir.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.weir.engine.FieldType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextDecodersTest {
    private static final String AT = "d@2020-01-01T00:00:00Z ";

    private final Decoding decoding = new Decoding();

    private List<String> csv(String payload, String... columns) throws DecodeException, InterruptedException {
        return decoding.run(new CsvDecoder(decoding.fields(), ',', List.of(columns)), payload);
    }

    private List<String> raw(String payload) throws DecodeException, InterruptedException {
        return decoding.run(new RawDecoder(decoding.fields(), "value"), payload);
    }

    @Test
    void csv_withHeaderLine_namesTheFields() throws Exception {
        assertThat(csv("a,b c,d\r\n1,x,true\r\n\r\n,-2.5e1,FALSE"))
                .containsExactly(AT + "{\"a\":1.0,\"b c\":\"x\",\"d\":true}", AT + "{\"b c\":-25.0,\"d\":false}");
    }

    @Test
    void csv_withColumns_readsTheFirstLineToo() throws Exception {
        assertThat(csv("1,2\n", "a", "b")).containsExactly(AT + "{\"a\":1.0,\"b\":2.0}");
    }

    @Test
    void csv_withQuotes_keepsWhatIsInside() throws Exception {
        assertThat(csv("\"a,\"\"x\"\"\",b\n\"l1\nl2\",\"7\"\n"))
                .containsExactly(AT + "{\"a,\\\"x\\\"\":\"l1\\nl2\",\"b\":7.0}");
    }

    @Test
    void csv_withByteOrderMark_skipsIt() throws Exception {
        assertThat(csv("\uFEFFa\n1")).containsExactly(AT + "{\"a\":1.0}");
    }

    @Test
    void csv_withTimeAndDevice_stampsThem() throws Exception {
        decoding.time = "ts";
        decoding.device = "id";
        assertThat(csv("ts,id,a\n2010-05-10 00:00:00,m1,1\n1000,m2,2"))
                .containsExactly("m1@2010-05-10T00:00:00Z {\"a\":1.0}", "m2@1970-01-01T00:00:01Z {\"a\":2.0}");
    }

    @Test
    void csv_headerThatChanges_isFollowed() throws Exception {
        Decoder decoder = new CsvDecoder(decoding.fields(), ';', List.of());
        assertThat(decoding.run(decoder, "a;b\n1;2")).containsExactly(AT + "{\"a\":1.0,\"b\":2.0}");
        assertThat(decoding.run(decoder, "b;a\n1;2")).containsExactly(AT + "{\"a\":2.0,\"b\":1.0}");
    }

    @Test
    void csv_declaredTypes_areEnforced() throws Exception {
        decoding.declare("seq", FieldType.LONG).declare("name", FieldType.STRING);
        assertThat(csv("9007199254740993,007", "seq", "name"))
                .containsExactly(AT + "{\"seq\":9007199254740993,\"name\":\"007\"}");
        assertThatThrownBy(() -> csv("x,y", "seq", "name")).hasMessage("field \"seq\" must be a long, but was \"x\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    a,b\\n1      | malformed
                    a,b\\n1,2,3  | malformed
                    a\\n"1       | malformed
                    a\\n"1"2     | malformed
                    a            | no-reading
                    \\n          | no-reading
                    """)
    void csv_malformed_isRefused(String payload, String reason) {
        assertThatThrownBy(() -> csv(payload.replace("\\n", "\n")))
                .asInstanceOf(type(DecodeException.class))
                .extracting(DecodeException::reason)
                .isEqualTo(reason);
    }

    @Test
    void csv_lineNumberInMessage_countsQuotedLineEnds() {
        assertThatThrownBy(() -> csv("a,b\n\"x\ny\",1\n2")).hasMessageContaining("line 4");
    }

    @ParameterizedTest
    @CsvSource({"21.5,21.5", "' -3 ',-3.0", "on,'\"on\"'", "NaN,'\"NaN\"'", "1f,'\"1f\"'", "true,'\"true\"'"})
    void raw_payload_isOneValue(String payload, String expected) throws Exception {
        assertThat(raw(payload)).containsExactly(AT + "{\"value\":" + expected + "}");
    }

    @Test
    void raw_declaredBoolean_readsTheWord() throws Exception {
        decoding.declare("value", FieldType.BOOLEAN);
        assertThat(raw("true")).containsExactly(AT + "{\"value\":true}");
    }

    @Test
    void raw_emptyOrBinary_isRefused() {
        assertThatThrownBy(() -> raw(" ")).hasMessageContaining("no reading");
        assertThatThrownBy(() -> decoding.run(new RawDecoder(decoding.fields(), "v"), new byte[] {-1}))
                .hasMessageContaining("UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-0", "+1", "1.", ".5", "1e5", "1E-5", "12.5e+3"})
    void isNumber_ofNumbers_isTrue(String text) {
        assertThat(Numbers.isNumber(text)).isTrue();
        assertThat(Double.parseDouble(text)).isFinite();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", ".", "e5", "1e", "1e+", "1x", "0x1p3", "1d", "Infinity", " 1", "1_000", "１"})
    void isNumber_ofOthers_isFalse(String text) {
        assertThat(Numbers.isNumber(text)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "9223372036854775807,true",
        "9223372036854775808,false",
        "-9223372036854775808,true",
        "+7,true",
        "1.0,false",
        "-,false"
    })
    void isLong_atItsBounds_isExact(String text, boolean expected) {
        assertThat(Numbers.isLong(text)).isEqualTo(expected);
    }
}
