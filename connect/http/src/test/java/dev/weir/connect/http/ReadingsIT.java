package dev.weir.connect.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.Message;
import dev.weir.engine.Receipt;
import dev.weir.testkit.Tool;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ReadingsIT {
    private static final String JSON = "application/json";

    private Door door;

    @BeforeEach
    void open() throws Exception {
        door = new Door();
    }

    @AfterEach
    void close() {
        door.close();
    }

    private static void assertProblem(HttpResponse<String> response, int status, String text) {
        assertThat(response.body()).contains(text, "\"status\":" + status);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    }

    private static String text(Message message) {
        return new String(message.payload(), UTF_8);
    }

    @Test
    void post_object_isOneMessageWithThePathAsAddress() throws Exception {
        HttpResponse<String> response =
                door.post("/greenhouse/n%C3%B6rd/climate", "application/json; charset=utf-8", "{\"t\":1}");
        assertThat(response.statusCode()).isEqualTo(204);
        var taken = door.inlet.next();
        assertThat(taken.address()).isEqualTo("greenhouse/nörd/climate");
        assertThat(taken.contentType()).isEqualTo(JSON);
        assertThat(taken.text()).isEqualTo("{\"t\":1}");
        assertThat(taken.sender()).startsWith("127.0.0.1:");
    }

    @Test
    void post_list_isOneMessageForEachElementInOrder() throws Exception {
        assertThat(door.post("/a", JSON, "\uFEFF [ {\"a\":\"]}\\\"\"} ,\n{\"b\":[{},{}]}] ")
                        .statusCode())
                .isEqualTo(204);
        assertThat(door.inlet.texts(2)).containsExactly("{\"a\":\"]}\\\"\"}", "{\"b\":[{},{}]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/x-ndjson", "application/jsonl"})
    void post_lines_isOneMessageForEachLine(String type) throws Exception {
        assertThat(door.post("/a", type, "{\"a\":1}\r\n\n  {\"a\":2}\n{\"a\":3}")
                        .statusCode())
                .isEqualTo(204);
        assertThat(door.inlet.texts(3)).containsExactly("{\"a\":1}", "{\"a\":2}", "{\"a\":3}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/senml+json",
                "application/senml+cbor",
                "application/cbor",
                "text/csv",
                "text/plain",
                "application/octet-stream"
            })
    void post_otherTypes_areOneMessageAsTheyAre(String type) throws Exception {
        assertThat(door.post("/a", type, "[{}]\n[{}]").statusCode()).isEqualTo(204);
        var taken = door.inlet.next();
        assertThat(taken.text()).isEqualTo("[{}]\n[{}]");
        assertThat(taken.contentType()).isEqualTo(type);
    }

    @Test
    void post_gzip_isUnpacked() throws Exception {
        assertThat(door.post("/a", JSON, Door.gzip("[{\"a\":1},{\"a\":2}]".getBytes(UTF_8)), "Content-Encoding", "gzip")
                        .statusCode())
                .isEqualTo(204);
        assertThat(door.inlet.texts(2)).containsExactly("{\"a\":1}", "{\"a\":2}");
    }

    @Test
    void post_tenThousandLines_allArriveInOrder() throws Exception {
        String body =
                IntStream.range(0, 10_000).mapToObj(i -> "{\"n\":" + i + "}").collect(Collectors.joining("\n"));
        assertThat(door.post("/a", "application/x-ndjson", body).statusCode()).isEqualTo(204);
        assertThat(door.inlet.texts(10_000)).isEqualTo(body.lines().toList());
        assertThat(door.inFlight()).isZero();
    }

    @Test
    void post_withCurlChunkedAndFromAFile_isTaken(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("b.json"), "[{\"a\":1},{\"a\":2}]");
        Tool.Result result = Tool.require("curl", "curl")
                .run(
                        Duration.ofSeconds(10),
                        "-sS",
                        "-w",
                        "%{http_code}",
                        "-H",
                        "Content-Type: application/json",
                        "-H",
                        "Transfer-Encoding: chunked",
                        "--data-binary",
                        "@" + file,
                        door.url("/a/b"));
        assertThat(result.output()).isEqualTo("204");
        assertThat(door.inlet.texts(2)).containsExactly("{\"a\":1}", "{\"a\":2}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``            | the body is empty
            []            | holds no reading
            1             | must be a JSON object
            [1]           | element 0 of the list must be an object
            [{},]         | element 1 of the list must be an object
            [{} {}]       | behind element 0
            [{},{"a":"}]  | element 1 of the list is not closed
            [{}]x         | goes on behind the list
            [             | element 0
            """)
    void post_brokenList_takesNothing(String body, String detail) throws Exception {
        assertProblem(door.post("/a", JSON, body), 400, detail);
        assertThat(door.inlet.taken).isEmpty();
        assertThat(door.inlet.reasons).containsExactly("malformed");
    }

    @ParameterizedTest
    @CsvSource({"/a+b,400", "/a/%23,400", "/a//b,400", "/,400", "/a%00,400", "/a%zz,400"})
    void post_badAddress_isRefused(String path, int status) throws Exception {
        String answer =
                door.raw("POST " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}");
        assertThat(answer).startsWith("HTTP/1.1 " + status);
        assertThat(door.inlet.taken).isEmpty();
    }

    @Test
    void post_undecodableElement_is400AndTellsWhich() throws Exception {
        door.inlet.receipt = new Receipt.Undecodable("wrong-type", "field \"t\" must be a double");
        HttpResponse<String> response = door.post("/a", "application/x-ndjson", "{\"t\":\"x\"}\n\n{\"t\":\"y\"}");
        assertProblem(response, 400, "line 1: field \\\"t\\\" must be a double");
        assertThat(response.body()).contains("\"accepted\":0,\"rejected\":2", "{\"line\":3,\"reason\":\"wrong-type\"");
    }

    @Test
    void post_unmatchedAddress_is404() throws Exception {
        door.inlet.receipt = Receipt.UNMATCHED;
        assertProblem(door.post("/nobody", JSON, "[{},{}]"), 404, "no pipeline wants this address");
        assertThat(door.inlet.count).hasValue(1);
    }

    @Test
    void post_unknownTypeOrEncoding_is415() throws Exception {
        assertProblem(door.post("/a", "application/xml", "<a/>"), 415, "'application/xml'");
        assertThat(door.inlet.reasons).containsExactly("unsupported-type");
        HttpResponse<String> zstd = door.post("/a", JSON, "{}", "Content-Encoding", "zstd");
        assertProblem(zstd, 415, "gzip or none");
        assertThat(zstd.headers().firstValue("Accept-Encoding")).hasValue("gzip");
    }

    @Test
    void post_asCurlDoesUnlessToldOtherwise_isOneMessageOfNoType() throws Exception {
        assertThat(door.post("/a", "application/x-www-form-urlencoded", "{\"t\":1}")
                        .statusCode())
                .isEqualTo(204);
        var taken = door.inlet.next();
        assertThat(taken.text()).isEqualTo("{\"t\":1}");
        assertThat(taken.contentType()).isEqualTo("null");
    }

    @Test
    void post_someLinesUndecodable_takesTheOthersAndSaysWhichFailed() throws Exception {
        door.inlet.judge =
                message -> text(message).contains("x") ? new Receipt.Undecodable("malformed", "no") : Receipt.ACCEPTED;
        HttpResponse<String> response = door.post("/a", "application/x-ndjson", "{}\nx\n{}\n\nx\nx\n{}\nx");
        assertProblem(response, 400, "line 2: no");
        assertThat(response.body()).contains("\"accepted\":3,\"rejected\":4,\"failed\":\"2,5-6,8\"");
    }

    @Test
    void post_moreFailuresThanAnAnswerMayTell_isAnsweredBriefly() throws Exception {
        door.inlet.judge = message ->
                text(message).contains("x") ? new Receipt.Undecodable("malformed", "é".repeat(500)) : Receipt.ACCEPTED;
        HttpResponse<String> response = door.post("/a", "application/x-ndjson", "{}\nx\n".repeat(5_000));
        assertProblem(response, 400, "\"rejected\":5000");
        assertThat(response.body().getBytes(UTF_8).length).isLessThan(IdempotencyKeys.BYTES_EACH - 2048);
    }

    @Test
    void post_noRoomForTheRest_saysWhereToGoOn() throws Exception {
        door.inlet.judge = message -> text(message).contains("stop") ? Receipt.OVERLOADED : Receipt.ACCEPTED;
        HttpResponse<String> response = door.post("/a", "application/x-ndjson", "{}\n\n{}\n{\"stop\":1}\n{}");
        assertProblem(response, 503, "send again from line 4 on");
        assertThat(response.body()).contains("\"resend-from\":4", "\"accepted\":2");
    }

    @Test
    void post_pipelined_isAnsweredInOrderOnOneConnection() throws Exception {
        String head = " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n";
        String answer = door.raw("POST /a" + head + "\r\n{}" + "GET /b HTTP/1.1\r\nHost: x\r\n\r\n" + "POST /c" + head
                + "Connection: close\r\n\r\n{}");
        assertThat(answer.replaceAll("(?s).*?HTTP/1.1 (\\d+) [^H]*", "$1 ")).startsWith("204 405 204");
        assertThat(door.inlet.next().address()).isEqualTo("a");
        assertThat(door.inlet.next().address()).isEqualTo("c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST * HTTP/1.1", "POST http://x HTTP/1.1", "POST http://x?a=b HTTP/1.1"})
    void post_withoutPath_is400(String line) throws Exception {
        assertThat(door.raw(line + "\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"))
                .startsWith("HTTP/1.1 400");
    }

    @Test
    void options_anything_saysWhatIsPossible() throws Exception {
        assertThat(door.raw("OPTIONS /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 204")
                .contains("Allow: POST, OPTIONS");
        assertThat(door.raw("OPTIONS /ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .contains("Allow: GET, HEAD, OPTIONS");
    }

    @Test
    void head_isAnsweredLikeGetWithoutBody() throws Exception {
        assertThat(door.raw("HEAD /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 405")
                .contains("Allow: POST")
                .endsWith("\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE", "OS"})
    void other_anything_is405(String method) throws Exception {
        assertThat(door.raw(method + " /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"))
                .startsWith("HTTP/1.1 405")
                .contains("\"detail\":\"only POST is possible here\"");
    }

    @Test
    void get_anything_is405() throws Exception {
        HttpResponse<String> response = door.get("/a");
        assertProblem(response, 405, "only POST");
        assertThat(response.headers().firstValue("Allow")).hasValue("POST");
    }

    @Test
    void post_noRoom_is503AndSaysHowManyWereAccepted() throws Exception {
        door.inlet.shut(true);
        HttpResponse<String> response = door.post("/a", JSON, "[{},{}]");
        assertProblem(response, 503, "\"accepted\":0");
        assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
    }

    @Test
    void post_hopsHeader_isHandedOn() throws Exception {
        assertThat(door.post("/a", JSON, "{}", "Weir-Hops", "3").statusCode()).isEqualTo(204);
        assertThat(door.inlet.next().hops()).isEqualTo(3);
    }

    @Test
    void post_byPageOfAnyOrigin_isRefused() throws Exception {
        assertProblem(door.post("/a", JSON, "{}", "Origin", "https://evil.example"), 403, "origins");
        assertThat(door.inlet.taken).isEmpty();
    }

    @Test
    void shape_itself_isSound() {
        IngestOptions.shape().verify();
    }
}
