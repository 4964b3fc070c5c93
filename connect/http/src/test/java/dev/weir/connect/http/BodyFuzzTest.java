package dev.weir.connect.http;

import dev.weir.testkit.Fuzz;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Bodies of hostile clients: they are split into messages that lie within them, or refused.
class BodyFuzzTest {
    /// The offsets of parts, and a converted line; a comma can ask for no more.
    private static final long FIXED = 256 << 10;

    private static final long EACH = 512;

    @Test
    void influx_anyBody_isSplitOrRefused() throws Exception {
        Fuzz.of("influx-body")
                .allocating(FIXED, EACH)
                .seeds("weather,city=Oslo t=21.5,note=\"a \\\"b\\\" c\" 1577836800\nweather,city=Rome t=2 1577836801\n")
                .seeds("# comment\r\n\nm\\ n,a\\=b=c f=\"two\nlines\",g=1i\n", "m f=1 99999999999999999")
                .words(",", " ", "=", "\\", "\"", "\n", "#", "m f=1 1", "/", "+", "..", "\u0000", "\r")
                .run(input -> split(new Influx(true), "/api/v2/write", "", input));
    }

    @Test
    void json_anyBody_isSplitOrRefused() throws Exception {
        Fuzz.of("json-body")
                .allocating(FIXED, EACH)
                .seeds("[{\"t\":1},{\"t\":[1,2,{\"a\":\"]}\"}]} ]", "{\"t\":21.5}", " [ ] ", "[[{}]]")
                .words("{", "}", "[", "]", ",", "\"", "\\", "{},", "null", "\n", "\\u0000")
                .run(input -> split(new Readings(), "/a/b", "application/json", input));
    }

    @Test
    void lines_anyBody_isSplitOrRefused() throws Exception {
        Fuzz.of("lines-body")
                .allocating(FIXED, EACH)
                .seeds("{\"t\":1}\n{\"t\":2}\r\n\n  {} ", "\n")
                .words("\n", "\r", " ", "\t", "{}")
                .run(input -> split(new Readings(), "/a/b", "application/x-ndjson", input));
    }

    private static Object split(Dialect dialect, String path, String type, byte[] input) {
        Map<String, String> parameters = Map.of("bucket", "b", "precision", "s");
        try (Body body = new Body(new Budget(1 << 20))) {
            body.add(input, input.length);
            Batch batch = dialect.wish(new Dialect.Query(path, type, parameters, "", 0))
                    .split(body);
            int bytes = 0;
            for (int i = 0; i < batch.size(); i++) {
                bytes += batch.message(i).length();
            }
            // A time in nanoseconds is longer by nine digits than one in seconds.
            if (bytes > input.length + 9 * batch.size()) {
                throw new AssertionError(input.length + " bytes became " + bytes);
            }
            if (batch.size() > 0 && batch.number(batch.size() - 1) > input.length) {
                throw new AssertionError("the last part has the number " + batch.number(batch.size() - 1));
            }
            return batch.size() == 0 ? "nothing" : batch.size() == 1 ? "one" : "many";
        } catch (Refusal refused) {
            if (refused.status != 400 && refused.status != 413) {
                throw new AssertionError("an answer of " + refused.status + " to a bad body", refused);
            }
            return refused.status + " " + refused.detail();
        }
    }
}
