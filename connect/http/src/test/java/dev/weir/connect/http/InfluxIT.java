package dev.weir.connect.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.Receipt;
import dev.weir.testkit.RecordingInlet;
import dev.weir.testkit.Tool;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class InfluxIT {
    /// As telegraf 1.30 sends it.
    private static final String TELEGRAF = """
            cpu,cpu=cpu0,host=edge-1 usage_idle=97.5,usage_user=1.2 1700000000000000000
            disk,device=sda1,fstype=ext4,host=edge-1,mode=rw,path=/ free=5812412416i,used_percent=41.2 1700000000000000000
            system,host=edge-1 uptime_format="1 day,  2:03" 1700000000000000000
            """;

    private Door door;

    @BeforeEach
    void open() throws Exception {
        door = new Door();
    }

    @AfterEach
    void close() {
        door.close();
    }

    @Test
    void write_telegrafBatchGzipped_isOneMessageForEachLine() throws Exception {
        HttpResponse<String> response = door.post(
                "/write?db=telegraf",
                "text/plain; charset=utf-8",
                Door.gzip(TELEGRAF.getBytes(UTF_8)),
                "Content-Encoding",
                "gzip");
        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(response.headers().firstValue("X-Influxdb-Version")).hasValue(Influx.VERSION);
        for (String line : TELEGRAF.lines().toList()) {
            RecordingInlet.Taken taken = door.inlet.next();
            assertThat(taken.text()).isEqualTo(line);
            assertThat(taken.address()).isEqualTo("influx/telegraf/" + line.substring(0, line.indexOf(',')));
        }
    }

    @Test
    void write_versionTwoWithCurl_isTaken() throws Exception {
        Tool.Result result = Tool.require("curl", "curl")
                .run(
                        Duration.ofSeconds(10),
                        "-sS",
                        "-w",
                        "%{http_code}",
                        "-H",
                        "Authorization: Token a.b",
                        "--data-binary",
                        "m\\ x,t=a v=1 1700000000",
                        door.url("/api/v2/write?org=o&bucket=b%2Fautogen&precision=s"));
        assertThat(result.output()).isEqualTo("204");
        RecordingInlet.Taken taken = door.inlet.next();
        assertThat(taken.text()).isEqualTo("m\\ x,t=a v=1 1700000000000000000");
        assertThat(taken.address()).isEqualTo("influx/b_autogen/m x");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            s  | m v=1 -5      | m v=1 -5000000000
            ms | m v=1 5       | m v=1 5000000
            us | m v=1 5       | m v=1 5000
            m  | m v=1 5       | m v=1 300000000000
            h  | m v=1 1       | m v=1 3600000000000
            s  | m v="1 2"     | m v="1 2"
            s  | m v=1         | m v=1
            s  | m v=1 x       | m v=1 x
            ns | m v=1 5       | m v=1 5
            """)
    void write_precision_isBroughtToNanoseconds(String precision, String line, String expected) throws Exception {
        assertThat(door.post("/write?db=d&precision=" + precision, "", line).statusCode())
                .isEqualTo(204);
        assertThat(door.inlet.texts(1)).containsExactly(expected);
    }

    @Test
    void write_quotedLineEndsCommentsAndBlanks_areSplitRight() throws Exception {
        String body = "# c\n\n a v=\"x\ny \\\" z\",w=1 5\r\n  \nb,t=\" v=2\nc\\,d v=3";
        assertThat(door.post("/write?db=d", "", body).statusCode()).isEqualTo(204);
        assertThat(door.inlet.texts(3)).containsExactly("a v=\"x\ny \\\" z\",w=1 5", "b,t=\" v=2", "c\\,d v=3");
    }

    @Test
    void write_emptyBody_is204() throws Exception {
        assertThat(door.post("/write?db=d", "", "").statusCode()).isEqualTo(204);
    }

    @Test
    void write_badLine_isAPartialWriteInTheVersionsOwnWay() throws Exception {
        door.inlet.receipt = new Receipt.Undecodable("malformed", "line 1 has no fields");
        HttpResponse<String> one = door.post("/write?db=d", "", "\nm\n");
        assertThat(one.statusCode()).isEqualTo(400);
        assertThat(one.body()).isEqualTo("{\"error\":\"partial write: line 2: malformed: has no fields dropped=1\"}");
        assertThat(one.headers().firstValue("X-Influxdb-Error")).isPresent();
        HttpResponse<String> two = door.post("/api/v2/write?bucket=d", "", "m");
        assertThat(two.statusCode()).isEqualTo(400);
        assertThat(two.body()).startsWith("{\"code\":\"invalid\",\"message\":\"partial write:");
    }

    @Test
    void write_timeOutsideOfNanoseconds_isDroppedAndTheRestTaken() throws Exception {
        HttpResponse<String> response = door.post("/write?db=d&precision=s", "", "m v=1 99999999999999\nm v=2 5");
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("bad-time", "dropped=1");
        assertThat(door.inlet.texts(1)).containsExactly("m v=2 5000000000");
        assertThat(door.inlet.reasons).containsExactly("bad-time");
    }

    @Test
    void write_withoutDatabase_is400() throws Exception {
        assertThat(door.post("/write", "", "m v=1").body()).contains("database is required");
        assertThat(door.post("/api/v2/write", "", "m v=1").body()).contains("bucket is required");
        assertThat(door.post("/write?db=d&precision=w", "", "m v=1").statusCode())
                .isEqualTo(400);
    }

    @Test
    void write_noRoom_is503WithRetryAfter() throws Exception {
        door.inlet.shut(true);
        HttpResponse<String> response = door.post("/api/v2/write?bucket=d", "", "m v=1");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
    }

    @Test
    void query_creatingADatabase_isDoneAndNothingElse() throws Exception {
        // As telegraf asks, and as curl would.
        String form = "application/x-www-form-urlencoded";
        HttpResponse<String> created = door.post("/query", form, "q=CREATE+DATABASE+%22telegraf%22");
        assertThat(created.statusCode()).isEqualTo(200);
        assertThat(created.body()).isEqualTo("{\"results\":[{\"statement_id\":0}]}");
        assertThat(door.get("/query?q=create%20database%20d").statusCode()).isEqualTo(200);
        assertThat(door.get("/query?q=SELECT%201").body()).contains("{\"error\":", "no queries");
        assertThat(door.post("/query", form, "q=%zz").statusCode()).isEqualTo(400);
        assertThat(door.post("/query", form, "q=" + "x".repeat(5_000)).statusCode())
                .isEqualTo(413);
        assertThat(door.inlet.rejected).hasValue(0);
    }

    @Test
    void write_byGet_is405InTheVersionsOwnWay() throws Exception {
        HttpResponse<String> response = door.get("/api/v2/write");
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.body()).startsWith("{\"code\":\"method not allowed\"");
    }

    @Test
    void ping_andHealth_answerAsClientsExpect() throws Exception {
        HttpResponse<String> ping = door.get("/ping");
        assertThat(ping.statusCode()).isEqualTo(204);
        assertThat(ping.headers().firstValue("X-Influxdb-Version")).isPresent();
        assertThat(door.get("/health").body()).contains("\"status\":\"pass\"");
    }
}
