package dev.weir.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CborDecoderTest {
    private static final String AT = "@2020-01-01T00:00:00Z ";

    private final Decoding decoding = new Decoding();

    private List<String> senml(String hex) throws DecodeException, InterruptedException {
        return run(new SenmlDecoder(Syntax.CBOR, decoding.fields()), hex);
    }

    private List<String> plain(String hex) throws DecodeException, InterruptedException {
        return run(new JsonDecoder(Syntax.CBOR, decoding.fields()), hex);
    }

    private List<String> run(Decoder decoder, String hex) throws DecodeException, InterruptedException {
        return decoding.run(decoder, HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    @Test
    void decode_packOfTheRfc_isOneReadingForEachTime() throws Exception {
        decoding.addressed = "";
        assertThat(senml("83 a7 21 78 1b 75726e3a6465763a6f773a313065323037336130313038303036 3a"
                        + " 22 fb41d303a15b001062 23 6141 20 05 00 67 766f6c74616765 01 6156 02 fb405e066666666666"
                        + " a3 00 67 63757272656e74 06 24 02 fb3ff3333333333333"
                        + " a3 00 67 63757272656e74 06 23 02 fb3ff4cccccccccccd"))
                .containsExactly(
                        "urn:dev:ow:10e2073a0108006@2010-06-08T18:01:16.001Z {\"voltage\":120.1}",
                        "urn:dev:ow:10e2073a0108006@2010-06-08T18:01:11.001Z {\"current\":1.2}",
                        "urn:dev:ow:10e2073a0108006@2010-06-08T18:01:12.001Z {\"current\":1.3}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            81 a2 00 61 61 02 05                | {"a":5.0}      | a whole number
            81 a2 00 61 61 02 f9 3e00           | {"a":1.5}      | half precision
            81 a2 00 61 61 02 fa 3fc00000       | {"a":1.5}      | single precision
            81 a2 00 61 61 02 c4 82 21 19 6ab3  | {"a":273.15}   | a decimal fraction
            81 a2 00 61 61 02 c2 42 0100        | {"a":256.0}    | a large number
            81 a2 00 61 61 03 62 6869           | {"a":"hi"}     | a text
            81 a2 00 61 61 03 7f 61 68 61 69 ff | {"a":"hi"}     | a text in chunks
            81 a2 00 61 61 04 f5                | {"a":true}     | a boolean
            81 a2 00 61 61 08 46 686920 0aff00  | {"a":"aGkgCv8A"} | data
            9f bf 00 61 61 02 05 ff ff          | {"a":5.0}      | indefinite lengths
            81 a2 61 6e 61 61 61 76 05          | {"a":5.0}      | words as labels
            81 a3 00 61 61 02 05 18 63 80       | {"a":5.0}      | a label that nobody knows
            81 a3 25 01 00 61 61 05 02          | {"a_sum":2.0,"a":1.0} | a sum and a base sum
            """)
    void decode_eachKindOfValue_isTheSameAsInJson(String hex, String fields, String what) throws Exception {
        if (what.contains("base sum")) {
            assertThat(senml("81 a3 25 01 00 61 61 05 02")).containsExactly("d" + AT + "{\"a_sum\":3.0}");
        } else {
            assertThat(senml(hex)).describedAs(what).containsExactly("d" + AT + fields);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                   | ends before
            81                                   | more items than there are bytes
            80                                   | holds no reading
            81 a2 00 61 61 02                    | ends before
            81 a1 00 61 61 00                    | must end after its first item
            9b ffffffffffffffff                  | more items than there are bytes
            bb 7fffffffffffffff                  | more items than there are bytes
            7b 7fffffffffffffff                  | more bytes than there are
            81 a1 08 5a 00030d40                 | more bytes than there are
            81 a1 08 5f 5a 00030d40 ff           | more bytes than there are
            81 a1 02 c2 58 41 00                 | more bytes than there are
            81 ff                                | a break stands where
            1f                                   | a number has no length
            5f 61 61 ff                          | chunk of a string
            1c                                   | reserved
            f8 10                                | two bytes
            81 a2 00 61 61 02 f9 7c00            | number that a double can hold
            81 a2 00 61 61 02 f9 7e00            | number that a double can hold
            81 a3 00 61 61 02 05 06 f9 7e00      | is neither ISO-8601
            81 a3 00 61 61 02 05 04 f5           | must have one of
            81 a3 00 61 61 02 05 20 0b           | version must be at most
            81 a2 00 61 61 04 05                 | must be true or false
            """)
    void decode_malformed_isRefusedWithTheReason(String hex, String reason) {
        assertThatThrownBy(() -> senml(hex)).isInstanceOf(DecodeException.class).hasMessageContaining(reason);
    }

    @Test
    void decode_aNumberOf65Bytes_isRefused() {
        assertThatThrownBy(() -> senml("81 a2 00 61 61 02 c2 58 41 " + "01".repeat(65)))
                .isInstanceOf(DecodeException.class)
                .hasMessageContaining("at most 64 bytes, but has 65");
    }

    @Test
    void decode_deepNesting_isRefused() {
        for (String head : new String[] {"81", "9f", "c6", "a100"}) {
            assertThatThrownBy(() -> senml(head.repeat(100_000)))
                    .isInstanceOf(DecodeException.class)
                    .hasMessageContaining("nested more than 32");
        }
    }

    @Test
    void decode_lengthsThatAreNotThere_takeNoMemory() throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Decoder decoder = new SenmlDecoder(Syntax.CBOR, decoding.fields());
        byte[] payload = HexFormat.of().parseHex("81a1085a0003d08f");
        long[] before = {0};
        for (int round = 0; round < 2000; round++) {
            if (round == 1000) {
                before[0] = threads.getCurrentThreadAllocatedBytes();
            }
            assertThatThrownBy(() -> decoding.run(decoder, payload)).isInstanceOf(DecodeException.class);
        }
        long each = (threads.getCurrentThreadAllocatedBytes() - before[0]) / 1000;
        assertThat(each).isLessThan(50_000);
    }

    @Test
    void decode_plainMap_isAReading() throws Exception {
        assertThat(plain("a4 61 61 01 61 62 fb 3ff8000000000000 61 63 a1 61 64 f5 61 65 42 0aff"))
                .containsExactly("d" + AT + "{\"a\":1.0,\"b\":1.5,\"c_d\":true,\"e\":\"Cv8\"}");
    }

    @Test
    void decode_plainListOfMaps_isAReadingEach() throws Exception {
        decoding.time = "ts";
        assertThat(plain("82 a2 61 61 01 62 7473 1b 000001 6f5e66e800 a2 61 61 02 62 7473 f6"))
                .containsExactly("d" + AT + "{\"a\":1.0}", "d" + AT + "{\"a\":2.0}");
    }

    @Test
    void decode_simpleValue_isRefused() {
        assertThatThrownBy(() -> plain("a1 61 61 f0"))
                .isInstanceOf(DecodeException.class)
                .hasMessageContaining("simple value");
    }
}
