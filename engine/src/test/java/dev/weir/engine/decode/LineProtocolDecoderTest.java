package dev.weir.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.weir.engine.FieldType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineProtocolDecoderTest {
    private static final String AT = "d@2020-01-01T00:00:00Z ";

    private final Decoding decoding = new Decoding();

    private List<String> decode(String payload) throws DecodeException, InterruptedException {
        return decoding.run(new LineProtocolDecoder(decoding.fields(), EpochUnit.NS, null), payload);
    }

    /// From InfluxDB's reference of the line protocol and the tests of its parser. In the table
    /// `\\n` is a line end.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            m v=1                             | {"v":1.0}
            m v=1.                            | {"v":1.0}
            m v=.5                            | {"v":0.5}
            m v=-1.234456e+78                 | {"v":-1.234456E78}
            m v=1e-3                          | {"v":0.001}
            m v=3.141592653589793238          | {"v":3.141592653589793}
            m v=1i                            | {"v":1.0}
            m v=-9223372036854775808i         | {"v":-9.223372036854776E18}
            m v=18446744073709551615u         | {"v":1.8446744073709552E19}
            m a=t,b=T,c=true,d=True,e=TRUE    | {"a":true,"b":true,"c":true,"d":true,"e":true}
            m a=f,b=F,c=false,d=False,e=FALSE | {"a":false,"b":false,"c":false,"d":false,"e":false}
            m,site=roof,b=2 v=1               | {"site":"roof","b":"2","v":1.0}
            m v="a b,c=d"                     | {"v":"a b,c=d"}
            m v=""                            | {"v":""}
            m v="say \\"hi\\" c:\\\\x \\y"    | {"v":"say \\"hi\\" c:\\\\x \\\\y"}
            m v="two\\nlines",w=1             | {"v":"two\\nlines","w":1.0}
            m\\,x\\ y=z,t\\ a\\=g=v\\,a\\ l\\=u f\\,k=1 | {"t a=g":"v,a l=u","f,k":1.0}
            m,path=c:\\dir v=1                | {"path":"c:\\\\dir","v":1.0}
            m,t=\\\\\\,x v=1                  | {"t":"\\\\\\\\,x","v":1.0}
            m,ort=Köln v="grün"               | {"ort":"Köln","v":"grün"}
            m v=1\\r                          | {"v":1.0}
            m   v=1                           | {"v":1.0}
            `  m v=1  `                       | {"v":1.0}
            # note\\nm v=1                    | {"v":1.0}
            "m",t="q" v=1                     | {"t":"\\"q\\"","v":1.0}
            """)
    void decode_corner_isRead(String payload, String fields) throws Exception {
        assertThat(decode(payload.replace("\\n", "\n").replace("\\r", "\r"))).containsExactly(AT + fields);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            m                        | has no fields
            m,t=a                    | has no fields
            m v                      | "v" where NAME=VALUE
            m v=                     | without a value
            m v=abc                  | "abc" where a value
            m v=1x                   | "1x" where a value
            m v=1i2                  | "1i2" where a number
            m v=9223372036854775808i | fits 64 bits
            m v=-1u                  | an unsigned number
            m v=i                    | where a number
            m v=NaN                  | "NaN" where a value
            m v=0x1                  | "0x1" where a number
            m v="a                   | not closed
            m v="a"b                 | behind a closing quote
            m,t= v=1                 | a tag without a value
            m,t v=1                  | "t" where NAME=VALUE
            m,=a v=1                 | without a name
            m, v=1                   | without a name
            ,t=a v=1                 | without a measurement
            m v=1,                   | without a name
            m v=1 x                  | "x" where a number
            m v=1 1.5                | "1.5" where a number
            m v=1 1 2                | behind its time
            m v=1 1,a=2              | behind its time
            m v=1\\nn                | line 2 has no fields
            # only a comment         | holds no reading
            """)
    void decode_malformed_isRefusedWithTheReason(String payload, String reason) {
        assertThatThrownBy(() -> decode(payload.replace("\\n", "\n"))).hasMessageContaining(reason);
    }

    @Test
    void decode_timestamp_countsTheUnit() throws Exception {
        assertThat(decode("m v=1 1273489200123456789\r\n"))
                .containsExactly("d@2010-05-10T11:00:00.123456789Z {\"v\":1.0}");
        Decoder seconds = new LineProtocolDecoder(decoding.fields(), EpochUnit.S, null);
        assertThat(decoding.run(seconds, "m v=1 -1")).containsExactly("d@1969-12-31T23:59:59Z {\"v\":1.0}");
        assertThatThrownBy(() -> decoding.run(seconds, "m v=1 1273489200123456789"))
                .asInstanceOf(type(DecodeException.class))
                .extracting(DecodeException::reason)
                .isEqualTo("bad-time");
    }

    @Test
    void decode_deviceTag_becomesTheDevice() throws Exception {
        decoding.device = "host";
        decoding.addressed = "";
        assertThat(decode("cpu,host=a\\ 1,cpu=0 load=0.5\ncpu,host=b load=1\n"))
                .containsExactly(
                        "a 1@2020-01-01T00:00:00Z {\"cpu\":\"0\",\"load\":0.5}",
                        "b@2020-01-01T00:00:00Z {\"load\":1.0}");
        assertThatThrownBy(() -> decode("cpu load=1")).hasMessageContaining("which device");
    }

    @Test
    void decode_measurementOption_keepsIt() throws Exception {
        Decoder decoder = new LineProtocolDecoder(decoding.fields(), EpochUnit.NS, "kind");
        assertThat(decoding.run(decoder, "a\\,b v=1")).containsExactly(AT + "{\"kind\":\"a,b\",\"v\":1.0}");
    }

    @Test
    void decode_namesInAnotherOrder_areFound() throws Exception {
        assertThat(decode("m a=1,b=2,c=3\nm c=3,a=1\nm b=2,c=3"))
                .containsExactly(
                        AT + "{\"a\":1.0,\"b\":2.0,\"c\":3.0}",
                        AT + "{\"a\":1.0,\"c\":3.0}",
                        AT + "{\"b\":2.0,\"c\":3.0}");
    }

    @Test
    void decode_declaredLong_keepsAllDigits() throws Exception {
        decoding.declare("n", FieldType.LONG);
        assertThat(decode("m n=9007199254740993i,u=1u")).containsExactly(AT + "{\"n\":9007199254740993,\"u\":1.0}");
        assertThatThrownBy(() -> decode("m n=1.5")).hasMessageContaining("must be a long");
    }

    @Test
    void decode_badBytes_areNoText() {
        byte[] payload = {'m', ',', 't', '=', (byte) 0xc3, ' ', 'v', '=', '1'};
        assertThatThrownBy(() -> decoding.run(new LineProtocolDecoder(decoding.fields(), EpochUnit.NS, null), payload))
                .hasMessageContaining("not UTF-8");
    }
}
