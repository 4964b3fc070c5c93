package dev.weir.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.FieldType;
import dev.weir.engine.Message;
import dev.weir.engine.Meters;
import dev.weir.engine.Reading;
import dev.weir.engine.Schema;
import dev.weir.runtime.Lane;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Random and damaged payloads: a decoder answers with readings or a [DecodeException], nothing
/// else. A failing seed replays with `-Dweir.seed=N`.
class DecoderProperties {
    private static final long ROUND_NANOS = 2_000_000_000L;
    private static final Schema SCHEMA = new Schema("s");

    enum Format {
        JSON("{\"ts\":\"2010-05-10T12:34:56.5Z\",\"id\":\"m\",\"a\":27.97,\"l\":1,\"g\":{\"x\":[1,{}],\"y\":null}}"),
        SENML("[{\"bn\":\"urn:a:\",\"bt\":1.27e9,\"bv\":1,\"n\":\"t\",\"u\":\"C\",\"v\":1,\"t\":-5},"
                + "{\"n\":\"l\",\"vs\":\"x\"},{\"n\":\"b\",\"vb\":true,\"s\":1}]"),
        CSV("ts,id,a,l\n2010-05-10 12:34:56,m,\"27.97\",1\r\n5,\"m\"\"2\",,9\n"),
        RAW("27.97"),
        LINES("m\\,x,id=a\\ b,t=x\\=y a=27.97,l=1i,u=2u,b=t,s=\"q \\\" \\\\\" 1273489200123456789\r\n# c\nm a=1"),
        CBOR("a4 627473 1b0000016f5e66e800 626964 616d 6161 fb403bf851eb851eb8 6167 a1 6178 82 01 a0"),
        SENML_CBOR("83 a7 21 64 75726e3a 22 fb41d303a15b001062 23 6141 20 05 00 61 76 01 6156 02 fb405e066666666666"
                + " a3 00 61 63 06 24 03 7f 61 68 61 69 ff bf 00 61 62 02 c4 82 21 19 6ab3 05 c2 42 0100 ff");

        private final String example;

        private boolean isBinary() {
            return this == CBOR || this == SENML_CBOR;
        }

        private byte[] bytes() {
            return isBinary()
                    ? HexFormat.of().parseHex(example.replace(" ", ""))
                    : example.getBytes(StandardCharsets.UTF_8);
        }

        Format(String example) {
            this.example = example;
        }

        Decoder decoder() throws DecodeException {
            Fields fields = new Fields(
                    SCHEMA, "ts", EpochUnit.MS, this == SENML || this == SENML_CBOR ? null : "id", Meters.none());
            return switch (this) {
                case JSON -> new JsonDecoder(Syntax.JSON, fields);
                case SENML -> new SenmlDecoder(Syntax.JSON, fields);
                case CBOR -> new JsonDecoder(Syntax.CBOR, fields);
                case SENML_CBOR -> new SenmlDecoder(Syntax.CBOR, fields);
                case CSV -> new CsvDecoder(fields, ',', List.of());
                case LINES -> new LineProtocolDecoder(fields, EpochUnit.NS, "kind");
                case RAW -> new RawDecoder(fields, "value");
            };
        }
    }

    static {
        SCHEMA.declare(new Schema.Field("l", FieldType.LONG, null));
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void decode_damagedPayloads_neverThrowsAnythingElse(Format format) throws Exception {
        long seed = Long.getLong("weir.seed", System.nanoTime());
        SplittableRandom random = new SplittableRandom(seed);
        Decoder decoder = format.decoder();
        long end = System.nanoTime() + ROUND_NANOS;
        int refused = 0;
        int rounds = 0;
        while (System.nanoTime() - end < 0) {
            byte[] payload = damaged(format, random);
            Counting out = new Counting();
            try {
                decoder.decode(Message.of("a", payload), out);
                assertThat(out.accepted).isPositive();
            } catch (DecodeException expected) {
                refused++;
                assertThat(expected.getMessage()).hasSizeLessThan(500);
            } catch (RuntimeException | Error wrong) {
                throw new AssertionError(
                        "seed " + seed + ", round " + rounds + ": "
                                + HexFormat.of().formatHex(payload),
                        wrong);
            }
            rounds++;
        }
        System.out.println(format + ": seed " + seed + ", " + rounds + " rounds, " + refused + " refused");
        assertThat(refused).isBetween(1, rounds);
    }

    /// A few edits, of bytes or of pieces copied within the payload; now and then plain noise.
    private static byte[] damaged(Format format, SplittableRandom random) {
        if (random.nextInt(20) == 0) {
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            return noise;
        }
        byte[] bytes = format.bytes();
        for (int edits = random.nextInt(5); edits >= 0; edits--) {
            if (format.isBinary() && bytes.length > 0 && random.nextBoolean()) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                continue;
            }
            if (random.nextInt(4) > 0) {
                bytes = retyped(bytes, random);
                continue;
            }
            int from = random.nextInt(bytes.length + 1);
            int cut = random.nextInt(Math.min(4, bytes.length - from) + 1);
            byte[] insert = insertion(bytes, random);
            byte[] next = new byte[bytes.length - cut + insert.length];
            System.arraycopy(bytes, 0, next, 0, from);
            System.arraycopy(insert, 0, next, from, insert.length);
            System.arraycopy(bytes, from + cut, next, from + insert.length, bytes.length - from - cut);
            bytes = next;
        }
        return bytes;
    }

    /// Another digit for a digit, another letter for a letter: most of these still read well.
    private static byte[] retyped(byte[] bytes, SplittableRandom random) {
        byte[] result = bytes.clone();
        for (int i = bytes.length == 0 ? 0 : random.nextInt(bytes.length); i < bytes.length; i++) {
            if (result[i] >= '0' && result[i] <= '9') {
                result[i] = (byte) ('0' + random.nextInt(10));
                break;
            } else if (result[i] >= 'a' && result[i] <= 'z') {
                result[i] = (byte) ('a' + random.nextInt(26));
                break;
            }
        }
        return result;
    }

    private static byte[] insertion(byte[] bytes, SplittableRandom random) {
        String alphabet = "{}[]\",:\\0123456789.eE+-tfn_ \n\ru\u0000é";
        if (random.nextInt(4) == 0) {
            int from = random.nextInt(bytes.length + 1);
            int to = random.nextInt(from, bytes.length + 1);
            return java.util.Arrays.copyOfRange(bytes, from, to);
        }
        int count = random.nextInt(4);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static final class Counting implements Decoder.Output {
        int accepted;

        @Override
        public Reading blank() {
            return new Reading(SCHEMA, "d", Decoding.NOW, Decoding.NOW, "s", 1, 1, Lane.SAMPLE);
        }

        @Override
        public void accept(Reading reading) {
            accepted++;
        }
    }
}
