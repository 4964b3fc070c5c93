package dev.weir.connect.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.Receipt;
import dev.weir.testkit.Background;
import dev.weir.testkit.RecordingInlet;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class IdempotencyIT {
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

    private HttpResponse<String> post(String key, String body) throws Exception {
        return door.post("/a", JSON, body, "Idempotency-Key", key);
    }

    @Test
    void post_againWithSameKey_isAnsweredTheSameAndNotTakenTwice() throws Exception {
        assertThat(post("k", "[{},{}]").statusCode()).isEqualTo(204);
        HttpResponse<String> again = post("k", "[{},{}]");
        assertThat(again.statusCode()).isEqualTo(204);
        assertThat(again.headers().firstValue("Idempotency-Replayed")).hasValue("true");
        assertThat(door.inlet.count).hasValue(2);
    }

    @Test
    void post_againAfterRejections_repeatsTheProblem() throws Exception {
        door.inlet.receipt = new Receipt.Undecodable("malformed", "no");
        HttpResponse<String> first = post("k", "[{},{}]");
        door.inlet.receipt = Receipt.ACCEPTED;
        HttpResponse<String> again = post("k", "[{},{}]");
        assertThat(again.statusCode()).isEqualTo(400);
        assertThat(again.body()).isEqualTo(first.body());
    }

    @Test
    void post_sameKeyOtherBodyOrPath_is422() throws Exception {
        post("k", "{\"a\":1}");
        assertThat(post("k", "{\"a\":2}").statusCode()).isEqualTo(422);
        assertThat(door.post("/b", JSON, "{\"a\":1}", "Idempotency-Key", "k").statusCode())
                .isEqualTo(422);
        assertThat(door.inlet.count).hasValue(1);
    }

    @Test
    void post_whileFirstIsUnderWay_is409() throws Exception {
        door.inlet.settleAtOnce = false;
        List<HttpResponse<String>> answers = new ArrayList<>();
        Background first = Background.start("first", () -> answers.add(post("k", "{}")));
        RecordingInlet.Taken taken = door.inlet.next();
        assertThat(post("k", "{}").statusCode()).isEqualTo(409);
        taken.ack().settle(Receipt.ACCEPTED);
        first.join();
        assertThat(answers.getFirst().statusCode()).isEqualTo(204);
        assertThat(post("k", "{}").statusCode()).isEqualTo(204);
        assertThat(door.inlet.count).hasValue(1);
    }

    @Test
    void post_againAfterOverload_goesOnBehindTheLastAccepted() throws Exception {
        door.inlet.settleAtOnce = false;
        List<HttpResponse<String>> answers = new ArrayList<>();
        Background first = Background.start("first", () -> answers.add(post("k", "[{\"n\":0},{\"n\":1},{\"n\":2}]")));
        List<RecordingInlet.Taken> taken = List.of(door.inlet.next(), door.inlet.next(), door.inlet.next());
        taken.get(0).ack().settle(Receipt.ACCEPTED);
        taken.get(1).ack().settle(Receipt.OVERLOADED);
        taken.get(2).ack().settle(Receipt.OVERLOADED);
        first.join();
        assertThat(answers.getFirst().statusCode()).isEqualTo(503);
        assertThat(answers.getFirst().body()).contains("\"accepted\":1");
        door.inlet.settleAtOnce = true;
        assertThat(post("k", "[{\"n\":0},{\"n\":1},{\"n\":2}]").statusCode()).isEqualTo(204);
        assertThat(door.inlet.texts(2)).containsExactly("{\"n\":1}", "{\"n\":2}");
    }

    @Test
    void post_sameKeyFromManyAtOnce_isTakenOnce() throws Exception {
        List<Integer> statuses = new CopyOnWriteArrayList<>();
        List<Background> clients = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            clients.add(Background.start(
                    "client-" + i, () -> statuses.add(post("k", "{}").statusCode())));
        }
        for (Background client : clients) {
            client.join();
        }
        assertThat(statuses).hasSize(12).contains(204).isSubsetOf(204, 409);
        assertThat(door.inlet.count).hasValue(1);
    }

    @Test
    void post_influxLinesWithKey_areNotTakenTwice() throws Exception {
        for (int i = 0; i < 2; i++) {
            assertThat(door.post("/write?db=d", "", "m v=1", "Idempotency-Key", "k")
                            .statusCode())
                    .isEqualTo(204);
        }
        assertThat(door.inlet.count).hasValue(1);
    }

    @Test
    void post_keyThatIsNone_is400() throws Exception {
        assertThat(post("k".repeat(256), "{}").statusCode()).isEqualTo(400);
    }
}
