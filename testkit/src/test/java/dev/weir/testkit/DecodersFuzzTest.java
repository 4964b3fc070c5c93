package dev.weir.testkit;

import dev.weir.engine.Message;
import dev.weir.engine.Meters;
import dev.weir.engine.Reading;
import dev.weir.engine.Schema;
import dev.weir.engine.config.ConfigFile;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Shape;
import dev.weir.engine.config.Yaml;
import dev.weir.engine.decode.DecodeException;
import dev.weir.engine.decode.DecodeShape;
import dev.weir.engine.decode.Decoder;
import dev.weir.engine.decode.Decoders;
import dev.weir.engine.expression.Kind;
import dev.weir.runtime.Lane;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Payloads of hostile devices. They stand here, beside the frame, since the engine comes before
/// the testkit in the build.
class DecodersFuzzTest {
    /// What a reading of many fields, its schema and a message may take at first.
    private static final long FIXED = 256 << 10;

    /// A reading of 256 fields for a comma is the worst that a byte can ask for.
    private static final long EACH = 4096;

    private static final String[] JSON_WORDS = {
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\"",
        "\\u0000",
        "\\ud800",
        "null",
        "true",
        "false",
        "\"device\":",
        "\"time\":",
        "{}",
        "[]",
        "{\"a\":",
        "[[",
        "\\",
        "\u0000",
        "é",
        "1e400",
        "-0",
        "\"a\":1,"
    };

    private static final String[] SENML_WORDS = {
        "\"bn\":",
        "\"bt\":",
        "\"bu\":",
        "\"bv\":",
        "\"bs\":",
        "\"bver\":",
        "\"n\":",
        "\"u\":",
        "\"v\":",
        "\"vs\":",
        "\"vb\":",
        "\"vd\":",
        "\"s\":",
        "\"t\":",
        "\"ut\":",
        "{",
        "}",
        ",",
        "[",
        "]",
        "\"a_\":1",
        "null",
        "-1",
        "1e99"
    };

    @Test
    void json_anyPayload_isReadOrRefused() throws Exception {
        fuzz("json")
                .seeds("{\"ts\":\"2020-01-01T00:00:00Z\",\"t\":21.5,\"ok\":true,\"note\":\"a\\u00e9\\n\"}")
                .seeds("[{\"ts\":1577836800000,\"a\":{\"b\":[1,2]}},{\"n\":-1.5e3}]", "{}", "[]", "1", "\"\"")
                .words(JSON_WORDS)
                .run(decoding("{ json: { time: ts } }"));
    }

    @Test
    void cbor_anyPayload_isReadOrRefused() throws Exception {
        fuzz("cbor")
                .seed(hex("a36274731a5e0be1006174f94d6062 6f6bf5"))
                .seed(hex("82a1616101a16162fb3ff8000000000000"))
                .seed(hex("bf6161 9f0102ff 6162 7f6161ff ff"))
                .seed(hex("a16161c249010000000000000000"))
                .run(decoding("{ cbor: { time: ts } }"));
    }

    @Test
    void senmlJson_anyPayload_isReadOrRefused() throws Exception {
        fuzz("senml-json")
                .seeds("[{\"bn\":\"urn:dev:ow:10e2073a01080063:\",\"bt\":1.276020076e9,\"bu\":\"A\",\"bver\":5,"
                        + "\"n\":\"voltage\",\"u\":\"V\",\"v\":120.1},{\"n\":\"current\",\"t\":-5,\"v\":1.2}]")
                .seeds("[{\"n\":\"dev/label\",\"vs\":\"on\"},{\"n\":\"dev/open\",\"vb\":true,\"s\":1.5}]", "[]")
                .words(SENML_WORDS)
                .run(decoding("{ senml-json: {} }"));
    }

    @Test
    void senmlCbor_anyPayload_isReadOrRefused() throws Exception {
        fuzz("senml-cbor")
                .seed(hex("82a421656465763a2f22fb41d303a15b00106200 6174 02f94d60 a2 0067766f6c74616765 02 19 0102"))
                .seed(hex("81a3206564 65763a2f 0061 74 02f94d60"))
                .seed(hex("81a2006664 65762f6f6e 04f5"))
                .run(decoding("{ senml-cbor: {} }"));
    }

    @Test
    void csv_anyPayload_isReadOrRefused() throws Exception {
        fuzz("csv")
                .seeds("time,device,t\n2020-01-01T00:00:00Z,d1,21.5\n1577836800000,\"d\"\"2\",\n", "a\n\n", "\"\n\"")
                .words(",", "\n", "\r\n", "\"", "\"\"", ",,,,", "\uFEFF", "time", "true", ";", "\t", "é", "\"\n")
                .run(decoding("{ csv: { time: time } }"));
    }

    @Test
    void lineProtocol_anyPayload_isReadOrRefused() throws Exception {
        fuzz("line-protocol")
                .seeds(
                        "weather,site=roof\\ 1,host=a t=21.5,n=7i,u=8u,ok=t,note=\"a \\\"b\\\"\\\\\" 1577836800000000000\n")
                .seeds("# comment\nm v=1\r\n\nm,t=a v=-1e-3 5\n", "m v=\"1\n2\"\nm v=2", "m\\,x v=1")
                .words(",", "=", " ", "\n", "\r\n", "\"", "\\", "\\,", "\\=", "\\ ", "\\\"", "#", "i", "u", "t", "F")
                .words("m v=1 5\n", ",a=b", "18446744073709551615u", "9223372036854775807i", "é", "\t")
                .run(decoding("{ line-protocol: { device: host, measurement: m } }"));
    }

    private static Fuzz fuzz(String name) {
        return Fuzz.of(name).allocating(FIXED, EACH);
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    private static Fuzz.Reader decoding(String options) {
        Schema schema = new Schema("s");
        Problems problems = new Problems();
        Shape shape = Shape.of("A pipeline", DecodeShape.option());
        Section pipeline = Section.check(
                Yaml.parse(new ConfigFile("t.yaml", "decode: " + options + "\n"), Map.of(), problems)
                        .orElseThrow(),
                shape,
                problems);
        Decoder decoder = Decoders.compile(pipeline, schema, null, Meters.none(), problems);
        if (problems.hasErrors()) {
            throw new IllegalStateException(problems.all().toString());
        }
        return input -> {
            Counting out = new Counting(schema);
            try {
                decoder.decode(Message.of("a", input), out);
                return "read " + (out.readings > 1 ? "many " : "one ") + out.kinds;
            } catch (DecodeException refused) {
                return refused.reason() + " " + refused.getMessage();
            }
        };
    }

    private static final class Counting implements Decoder.Output {
        private final Schema schema;
        private final EnumSet<Kind> kinds = EnumSet.noneOf(Kind.class);
        private int readings;

        Counting(Schema schema) {
            this.schema = schema;
        }

        @Override
        public Reading blank() {
            return new Reading(schema, "d", 0, 0, "s", 1, 1, Lane.SAMPLE);
        }

        @Override
        public void accept(Reading reading) {
            if (reading.device().isEmpty()) {
                throw new AssertionError("a reading without a device");
            }
            for (int slot = 0; slot < Math.min(reading.slots(), 8); slot++) {
                kinds.add(reading.kind(slot));
            }
            if (++readings > Decoder.MAX_READINGS) {
                throw new AssertionError("more than " + Decoder.MAX_READINGS + " readings of one message");
            }
        }
    }
}
