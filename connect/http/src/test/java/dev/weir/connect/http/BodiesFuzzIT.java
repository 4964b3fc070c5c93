package dev.weir.connect.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weir.connect.http.IngestOptions.Limits;
import dev.weir.engine.Message;
import dev.weir.engine.Meters;
import dev.weir.engine.Reading;
import dev.weir.engine.ReadingJson;
import dev.weir.engine.Schema;
import dev.weir.engine.access.Access;
import dev.weir.engine.config.ConfigFile;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Shape;
import dev.weir.engine.config.Yaml;
import dev.weir.engine.decode.DecodeException;
import dev.weir.engine.decode.DecodeShape;
import dev.weir.engine.decode.Decoder;
import dev.weir.engine.decode.Decoders;
import dev.weir.runtime.Lane;
import dev.weir.testkit.Fuzz;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Hostile bodies and hostile requests.
class BodiesFuzzIT {
    private static final String[] LINE_WORDS = {
        ",", "=", " ", "\n", "\r\n", "\"", "\\", "\\,", "\\=", "\\ ", "\\\"", "#", "\t", "m v=1 5\n", "é"
    };

    @Test
    void jsonElements_anyBody_areObjectsWithinIt() throws Exception {
        Fuzz.of("json-elements")
                .seeds("[{\"a\":\"]}\\\"\"} ,\n{\"b\":[{},{}]}]", "{\"a\":1}", "[]", "\uFEFF[{}]", "[{},[{}]]")
                .words("{", "}", "[", "]", ",", "\"", "\\", "\\\"", " ", "{},", "\uFEFF", "\u0000")
                .allocating(16 << 10, 64)
                .run(input -> split(input));
    }

    /// Who splits must see the same lines as who decodes.
    @Test
    void influxLines_anyBody_splitAsTheDecoderReads() throws Exception {
        Schema schema = new Schema("s");
        Decoder decoder = decoder(schema);
        Fuzz.of("influx-lines")
                .seeds("weather,site=roof\\ 1 t=21.5,n=7i,ok=t,note=\"a \\\"b\\\"\\\\\" 1577836800000000000\nm v=1")
                .seeds("# c\n\n a v=\"x\ny \\\" z\",w=1 5\r\n  \nb,t=\" v=2\nc\\,d v=3", "m v=\"1\n#2\"\n")
                .words(LINE_WORDS)
                .run(input -> {
                    List<String> whole = decode(decoder, schema, input, 0, input.length);
                    List<String> parts = new ArrayList<>();
                    InfluxLines.scan(input, input.length, (from, to) -> {
                        parts.addAll(decode(decoder, schema, input, from, to - from));
                        inMicros(new InfluxLines(input, from, to));
                    });
                    if (!isRefused(whole) && !whole.equals(parts)) {
                        throw new AssertionError("as a whole " + whole + ", line by line " + parts);
                    }
                    return (isRefused(whole) ? whole.getLast() : "read")
                            + (isRefused(parts) ? parts.getLast() : "read");
                });
    }

    @Test
    void source_anyRequest_isAnsweredAndNeverABug() throws Exception {
        Limits limits = new Limits(
                4096,
                1 << 20,
                64,
                Duration.ofMillis(50),
                Duration.ofSeconds(5),
                Duration.ofSeconds(2),
                0,
                16,
                Duration.ofMinutes(1));
        try (Door door = new Door(limits, Access.open(), List.of("https://ui.example"))) {
            door.inlet.keep = false;
            requests().run(input -> {
                String answer = send(door, input);
                if (answer.contains("HTTP/1.1 500")) {
                    throw new AssertionError(answer);
                }
                return answer.lines().findFirst().orElse("");
            });
            if (door.post("/a", "application/json", "{}").statusCode() != 204) {
                throw new AssertionError("the source takes nothing any more");
            }
        }
    }

    private static Fuzz requests() {
        String head = " HTTP/1.1\r\nHost: x\r\n";
        return Fuzz.of("http")
                .atMost(4096)
                .seeds("POST /a/b" + head + "Content-Type: application/json\r\nContent-Length: 7\r\n\r\n[{},{}]")
                .seeds("POST /a" + head + "Idempotency-Key: k\r\nWeir-Hops: 1\r\nContent-Length: 2\r\n\r\n{}")
                .seeds("POST /write?db=d&precision=s&u=a&p=b" + head + "Content-Length: 7\r\n\r\nm v=1 5")
                .seeds("POST /query" + head + "Content-Length: 19\r\n\r\nq=CREATE+DATABASE+d")
                .seeds("POST /a" + head + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")
                .seeds("GET /ping" + head + "\r\nHEAD /health" + head + "\r\n", "OPTIONS *" + head + "\r\n")
                .words("/", "%", "%2f", "%00", "..", "?", "&", "=", ";", "\r\n", ":", "POST ", "GET ", " HTTP/1.1\r\n")
                .words("Content-Encoding: gzip\r\n", "Expect: 100-continue\r\n", "Authorization: Basic Og==\r\n")
                .words("Origin: https://ui.example\r\n", "Content-Type: application/x-ndjson\r\n", "http://x");
    }

    private static String send(Door door, byte[] input) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), door.source.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(input);
            socket.shutdownOutput();
            return new String(socket.getInputStream().readNBytes(64 << 10), ISO_8859_1);
        } catch (IOException reset) {
            // Who talks nonsense may be hung up on.
            return "";
        }
    }

    private static void inMicros(InfluxLines line) {
        try {
            line.inNanos(1000);
        } catch (Refusal tooFar) {
            // The only thing that it may say.
            if (!tooFar.reason.equals("bad-time")) {
                throw new AssertionError(tooFar);
            }
        }
    }

    private static String split(byte[] input) {
        int[] last = {0};
        int[] count = {0};
        try {
            JsonElements.scan(input, input.length, (from, to) -> {
                if (from < last[0] || to <= from || to > input.length || input[from] != '{') {
                    throw new AssertionError("a part from " + from + " to " + to);
                }
                last[0] = to;
                count[0]++;
            });
            return "parts " + Math.min(count[0], 3);
        } catch (Refusal refused) {
            return refused.detail();
        }
    }

    private static boolean isRefused(List<String> readings) {
        return readings.stream().anyMatch(reading -> reading.startsWith("refused: "));
    }

    private static Decoder decoder(Schema schema) {
        Problems problems = new Problems();
        Section pipeline = Section.check(
                Yaml.parse(new ConfigFile("t.yaml", "decode: { line-protocol: {} }\n"), Map.of(), problems)
                        .orElseThrow(),
                Shape.of("A pipeline", DecodeShape.option()),
                problems);
        return Decoders.compile(pipeline, schema, null, Meters.none(), problems);
    }

    private static List<String> decode(Decoder decoder, Schema schema, byte[] bytes, int from, int length) {
        List<String> readings = new ArrayList<>();
        try {
            decoder.decode(new Message("a", bytes, from, length, null, "fuzz", 0), new Decoder.Output() {
                @Override
                public Reading blank() {
                    return new Reading(schema, "d", 0, 0, "s", 1, 1, Lane.SAMPLE);
                }

                @Override
                public void accept(Reading reading) {
                    readings.add(new String(ReadingJson.bytes(reading), UTF_8));
                }
            });
        } catch (DecodeException e) {
            // A body without a line is none to the decoder, and nothing to do for the source.
            if (!e.reason().equals("no-reading")) {
                readings.add("refused: " + e.getMessage());
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return readings;
    }
}
