package dev.weir.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.weir.engine.FieldType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SenmlDecoderTest {
    private static final String AT = "@2020-01-01T00:00:00Z ";

    private final Decoding decoding = new Decoding();

    private List<String> decode(String payload) throws DecodeException, InterruptedException {
        return decoding.run(new SenmlDecoder(Syntax.JSON, decoding.fields()), payload);
    }

    @Test
    void decode_rfcSinglePoint_isADeviceWithAValue() throws Exception {
        decoding.addressed = "";
        assertThat(decode("[{\"n\":\"urn:dev:ow:10e2073a01080063\",\"u\":\"Cel\",\"v\":23.1}]"))
                .containsExactly("urn:dev:ow:10e2073a01080063" + AT + "{\"value\":23.1}");
    }

    @Test
    void decode_rfcMultipleMeasurements_isOneReadingForEachTime() throws Exception {
        decoding.addressed = "";
        assertThat(decode("""
                        [{"bn":"urn:dev:ow:10e2073a01080063:","bt":1.276020076001e+09,"bu":"A","bver":5,
                          "n":"voltage","u":"V","v":120.1},
                         {"n":"current","t":-5,"v":1.2},
                         {"n":"current","t":-4,"v":1.3},
                         {"n":"current","v":1.7}]"""))
                .containsExactly(
                        "urn:dev:ow:10e2073a01080063@2010-06-08T18:01:16.001Z {\"voltage\":120.1,\"current\":1.7}",
                        "urn:dev:ow:10e2073a01080063@2010-06-08T18:01:11.001Z {\"current\":1.2}",
                        "urn:dev:ow:10e2073a01080063@2010-06-08T18:01:12.001Z {\"current\":1.3}");
    }

    @Test
    void decode_rfcMultipleTypes_keepsTextAndData() throws Exception {
        assertThat(decode("""
                        [{"bn":"urn:dev:ow:10e2073a01080063:","n":"temp","u":"Cel","v":23.1},
                         {"n":"label","vs":"Machine Room"},
                         {"n":"open","vb":false},
                         {"n":"nfc-reader","vd":"aGkgCg"}]"""))
                .containsExactly("d" + AT
                        + "{\"temp\":23.1,\"label\":\"Machine Room\",\"open\":false,\"nfc-reader\":\"aGkgCg\"}");
    }

    @Test
    void decode_relativeTimes_countFromNow() throws Exception {
        assertThat(decode("[{\"n\":\"a\",\"t\":-1,\"v\":1},{\"n\":\"a\",\"t\":268435455,\"v\":2},"
                        + "{\"n\":\"a\",\"t\":268435456,\"v\":3}]"))
                .containsExactly(
                        "d@2019-12-31T23:59:59Z {\"a\":1.0}",
                        "d@2028-07-03T21:24:15Z {\"a\":2.0}",
                        "d@1978-07-04T21:24:16Z {\"a\":3.0}");
    }

    @Test
    void decode_baseValuesAndSums_areAdded() throws Exception {
        assertThat(decode("[{\"bv\":10,\"n\":\"a\",\"v\":1.5},{\"n\":\"b\"},{\"bs\":100,\"n\":\"c\",\"v\":1,\"s\":5}]"))
                .containsExactly("d" + AT + "{\"a\":11.5,\"b\":10.0,\"c_sum\":105.0,\"c\":11.0}");
    }

    @Test
    void decode_severalDevices_areSeparateReadings() throws Exception {
        decoding.addressed = "";
        assertThat(decode("[{\"n\":\"m1/t\",\"v\":1},{\"n\":\"m2/t\",\"v\":2},{\"bn\":\"m1/\",\"n\":\"h\",\"v\":3}]"))
                .containsExactly("m1" + AT + "{\"t\":1.0,\"h\":3.0}", "m2" + AT + "{\"t\":2.0}");
    }

    @Test
    void decode_baseRecordWithoutValue_isNoReading() throws Exception {
        assertThat(decode("[{\"bn\":\"x:\"},{\"n\":\"a\",\"v\":1}]")).containsExactly("d" + AT + "{\"a\":1.0}");
    }

    @Test
    void decode_declaredLong_isExact() throws Exception {
        decoding.declare("seq", FieldType.LONG);
        assertThat(decode("[{\"n\":\"seq\",\"v\":9007199254740993}]"))
                .containsExactly("d" + AT + "{\"seq\":9007199254740993}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {}                                  | malformed
                    []                                  | no-reading
                    [{"bn":"a"}]                        | no-reading
                    [1]                                 | malformed
                    [{"n":"a","v":1}                    | malformed
                    [{"n":"a","v":1}] x                 | malformed
                    [{"n":"a","v":"1"}]                 | malformed
                    [{"n":"a","v":1,"vs":"x"}]          | malformed
                    [{"n":"a","vb":1}]                  | malformed
                    [{"n":1,"v":1}]                     | malformed
                    [{"n":"a"}]                         | malformed
                    [{"v":1}]                           | malformed
                    [{"n":"_a","v":1}]                  | malformed
                    [{"n":"a b","v":1}]                 | malformed
                    [{"n":"a","v":1,"new_":1}]          | unsupported
                    [{"bver":11,"n":"a","v":1}]         | unsupported
                    [{"n":"a","v":1,"t":1e30}]          | bad-time
                    [{"bt":9e9,"n":"a","v":1,"t":9e9}]  | bad-time
                    """)
    void decode_wrongPack_isRefused(String payload, String reason) {
        assertThatThrownBy(() -> decode(payload))
                .asInstanceOf(type(DecodeException.class))
                .extracting(DecodeException::reason)
                .isEqualTo(reason);
        assertThat(decoding.readings).isEmpty();
    }

    @Test
    void decode_unknownLabel_isIgnored() throws Exception {
        assertThat(decode("[{\"n\":\"a\",\"v\":1,\"ut\":5,\"x\":{\"y\":[1]}}]")).hasSize(1);
    }

    @Test
    void decode_nameWithoutDevice_isRefused() {
        decoding.addressed = "";
        assertThatThrownBy(() -> decode("[{\"n\":\"temperature\",\"v\":1}]"))
                .asInstanceOf(type(DecodeException.class))
                .extracting(DecodeException::reason)
                .isEqualTo("no-device");
    }

    @Test
    void decode_moreReadingsThanAreHeld_isRefused() {
        StringBuilder pack = new StringBuilder("[");
        for (int i = 0; i <= SenmlDecoder.MAX_HELD; i++) {
            pack.append(i == 0 ? "" : ",")
                    .append("{\"n\":\"a\",\"v\":1,\"t\":-")
                    .append(i)
                    .append('}');
        }
        assertThatThrownBy(() -> decode(pack + "]")).hasMessageContaining("1024 readings");
    }
}
