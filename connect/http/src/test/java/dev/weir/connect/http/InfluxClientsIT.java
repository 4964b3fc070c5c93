package dev.weir.connect.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.influxdb.client.InfluxDBClient;
import com.influxdb.client.InfluxDBClientFactory;
import com.influxdb.client.WriteApi;
import com.influxdb.client.WriteOptions;
import com.influxdb.client.domain.WritePrecision;
import com.influxdb.client.write.Point;
import com.influxdb.exceptions.BadRequestException;
import com.influxdb.exceptions.UnauthorizedException;
import dev.weir.engine.Receipt;
import dev.weir.testkit.Eventually;
import dev.weir.testkit.FakeAccess;
import dev.weir.testkit.RecordingInlet;
import java.time.Instant;
import java.util.List;
import org.influxdb.InfluxDB;
import org.influxdb.InfluxDBException;
import org.influxdb.InfluxDBFactory;
import org.influxdb.dto.Query;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// InfluxDB's own clients take the source for what they know.
@Timeout(30)
class InfluxClientsIT {
    private Door door;

    @BeforeEach
    void open() throws Exception {
        door = new Door(Door.LIMITS, new FakeAccess("closed"), List.of());
    }

    @AfterEach
    void close() {
        door.close();
    }

    private InfluxDBClient two(String token) {
        return InfluxDBClientFactory.create(door.url("/"), token.toCharArray(), "our-org", "plant");
    }

    private InfluxDB one(String password) {
        return InfluxDBFactory.connect(door.url("/"), "ann", password);
    }

    @Test
    void two_pointsInBatchGzipped_areTaken() {
        try (InfluxDBClient client = two("ann.nna")) {
            assertThat(client.ping()).isTrue();
            client.enableGzip();
            Point point = Point.measurement("weather station")
                    .addTag("site", "roof, south")
                    .addField("t", 21.5)
                    .addField("note", "a \"b\"")
                    .time(Instant.ofEpochSecond(1_700_000_000), WritePrecision.NS);
            Point second = Point.measurement("m").addField("n", 7L).time(17, WritePrecision.S);
            client.getWriteApiBlocking().writePoints(List.of(point, second));
        }
        List<RecordingInlet.Taken> taken = List.copyOf(door.inlet.taken);
        assertThat(taken)
                .extracting(RecordingInlet.Taken::address)
                .containsExactlyInAnyOrder("influx/plant/weather station", "influx/plant/m");
        assertThat(taken)
                .extracting(RecordingInlet.Taken::text)
                .containsExactlyInAnyOrder(
                        "weather\\ station,site=roof\\,\\ south note=\"a \\\"b\\\"\",t=21.5 1700000000000000000",
                        "m n=7i 17000000000");
    }

    @Test
    void two_withWrongToken_isToldSo() {
        try (InfluxDBClient client = two("ann.wrong")) {
            assertThatThrownBy(() -> client.getWriteApiBlocking().writeRecord(WritePrecision.NS, "m v=1"))
                    .isInstanceOf(UnauthorizedException.class)
                    .hasMessageContaining("not accepted");
        }
    }

    @Test
    void two_badLine_isToldWhichOne() {
        door.inlet.receipt = new Receipt.Undecodable("malformed", "line 1 has no fields");
        try (InfluxDBClient client = two("ann.nna")) {
            assertThatThrownBy(() -> client.getWriteApiBlocking().writeRecord(WritePrecision.NS, "m"))
                    .isInstanceOf(BadRequestException.class)
                    .hasMessageContaining("partial write: line 1: malformed: has no fields");
        }
    }

    @Test
    void two_inTheBackgroundWhileThereIsNoRoom_sendsAgain() throws Exception {
        door.inlet.receipt = Receipt.OVERLOADED;
        try (InfluxDBClient client = two("ann.nna");
                WriteApi write = client.makeWriteApi(
                        WriteOptions.builder().batchSize(1).retryInterval(50).build())) {
            write.writeRecord(WritePrecision.NS, "m v=1 5");
            Eventually.until("it came once", () -> door.inlet.count.get() > 0);
            door.inlet.receipt = Receipt.ACCEPTED;
            Eventually.until("it came again", () -> door.inlet.count.get() > 1);
        }
        assertThat(door.meters.count("weir_http_answers", "source", "web", "status", "204"))
                .isEqualTo(1);
    }

    @Test
    void one_createsItsDatabaseAndWrites() throws Exception {
        try (InfluxDB client = one("nna")) {
            assertThat(client.ping().isGood()).isTrue();
            assertThat(client.query(new Query("CREATE DATABASE \"plant\"")).hasError())
                    .isFalse();
            client.setDatabase("plant").enableGzip();
            client.write("m,t=a v=1 1700000000000000000");
        }
        RecordingInlet.Taken taken = door.inlet.next();
        assertThat(taken.address()).isEqualTo("influx/plant/m");
        assertThat(taken.text()).isEqualTo("m,t=a v=1 1700000000000000000");
    }

    @Test
    void one_queryOrWrongPassword_isToldSo() {
        try (InfluxDB client = one("nna")) {
            assertThatThrownBy(() -> client.query(new Query("SELECT * FROM m", "plant")))
                    .isInstanceOf(InfluxDBException.class)
                    .hasMessageContaining("only writes are taken here");
        }
        try (InfluxDB client = one("wrong")) {
            client.setDatabase("plant");
            assertThatThrownBy(() -> client.write("m v=1"))
                    .isInstanceOf(InfluxDBException.class)
                    .hasMessageContaining("authorization failed");
        }
        assertThat(door.inlet.taken).isEmpty();
    }
}
