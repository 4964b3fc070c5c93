package dev.weir.connect.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.engine.Receipt;
import dev.weir.engine.Sink;
import dev.weir.engine.Source;
import dev.weir.testkit.Eventually;
import dev.weir.testkit.RecordingInlet;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/// JetStream at a real nats-server.
@NullUnmarked
class StreamIT extends NatsRig {
    private static final String READ = "stream: T, durable: d, ack-wait: 1s, ";

    private Connection client;
    private JetStreamManagement management;

    private void stream() throws Exception {
        server();
        client = server.client();
        management = NatsServer.stream(client, "T", "t.>");
    }

    private void awaitFloor(long sequence) throws Exception {
        Eventually.until(
                "all up to " + sequence + " is acknowledged",
                () -> management.getConsumerInfo("T", "d").getAckFloor().getStreamSequence() == sequence);
    }

    @Test
    void backlog_largerThanAllBounds_arrivesInOrderAndIsAcknowledged() throws Exception {
        stream();
        fill(client, "t.a", 0, 1000);
        source(READ + "receive-maximum: 7, receive-bytes: 1KiB");
        awaitNumbers(numbers(0, 1000));
        awaitFloor(1000);
    }

    @Test
    void consumer_newOnly_beginsWithWhatComes() throws Exception {
        stream();
        fill(client, "t.a", 0, 3);
        source(READ + "deliver-policy: new, subjects: \"t.a\"");
        awaitUp("src", "source", 1);
        client.jetStream().publish("t.b", NatsServer.bytes(payload(3)));
        fill(client, "t.a", 4, 6);
        awaitNumbers(List.of(4, 5));
    }

    @Test
    void source_closedBeforeSettling_getsThemAgainInOrder() throws Exception {
        stream();
        fill(client, "t.a", 0, 5);
        inlet.settleAtOnce = false;
        Source first = source(READ);
        awaitNumbers(numbers(0, 5));
        inlet.taken.stream().skip(3).limit(1).forEach(taken -> taken.ack().settle(Receipt.ACCEPTED));
        Eventually.until(
                "one is acknowledged",
                () -> management.getConsumerInfo("T", "d").getNumAckPending() == 4);
        first.close();
        inlet.taken.clear();
        inlet.settleAtOnce = true;
        fill(client, "t.a", 5, 7);
        source(READ);
        awaitNumbers(List.of(0, 1, 2, 4, 5, 6));
        awaitFloor(7);
    }

    @Test
    void consumer_ofANodeThatDied_keepsItsOrder() throws Exception {
        stream();
        fill(client, "t.a", 0, 10);
        management.addOrUpdateConsumer(
                "T",
                ConsumerConfiguration.builder()
                        .durable("d")
                        .ackPolicy(AckPolicy.Explicit)
                        .ackWait(Duration.ofSeconds(1))
                        .build());
        // It has taken three, and is never heard of again.
        var dead = client.jetStream().subscribe(null, PullSubscribeOptions.bind("T", "d"));
        assertThat(dead.fetch(3, Duration.ofSeconds(5))).hasSize(3);
        source(READ);
        awaitNumbers(numbers(0, 10));
    }

    @Test
    void slowNode_beyondAckWait_isNotSentItAgain() throws Exception {
        stream();
        fill(client, "t.a", 0, 3);
        inlet.settleAtOnce = false;
        source(READ);
        awaitNumbers(numbers(0, 3));
        for (int i = 0; i < 16; i++) {
            Eventually.never("it came again", () -> inlet.count.get() > 3);
        }
        assertThat(management.getConsumerInfo("T", "d").getRedelivered()).isZero();
        inlet.taken.forEach(taken -> taken.ack().settle(Receipt.ACCEPTED));
        awaitFloor(3);
    }

    @Test
    void overloaded_later_comesAgain() throws Exception {
        stream();
        fill(client, "t.a", 0, 3);
        inlet.settleAtOnce = false;
        source(READ);
        awaitNumbers(numbers(0, 3));
        List<RecordingInlet.Taken> first = new ArrayList<>(inlet.taken);
        inlet.settleAtOnce = true;
        first.get(0).ack().settle(Receipt.ACCEPTED);
        first.get(2).ack().settle(Receipt.ACCEPTED);
        first.get(1).ack().settle(Receipt.OVERLOADED);
        awaitNumbers(List.of(0, 1, 2, 1));
        awaitFloor(3);
    }

    @Test
    void settled_whileTheServerIsAway_isAcknowledgedAfterwards() throws Exception {
        stream();
        fill(client, "t.a", 0, 3);
        inlet.settleAtOnce = false;
        source(READ);
        awaitNumbers(numbers(0, 3));
        server.kill();
        awaitUp("src", "source", 0);
        inlet.taken.forEach(taken -> taken.ack().settle(Receipt.ACCEPTED));
        server.start();
        awaitFloor(3);
        assertThat(inlet.count.get()).isEqualTo(3);
    }

    @Test
    void server_killedUnderLoad_losesNothingInOrder() throws Exception {
        stream();
        source(READ);
        Sink sink = sink("subject: \"t.{device}\", jetstream: true, in-flight: 20");
        for (int from = 0; from < 1000; from += 50) {
            if (from == 300 || from == 700) {
                server.kill();
                server.start();
            }
            writeUntilItWorks(sink, readings(from, from + 50));
        }
        Eventually.until(
                "all are here", () -> numbersTaken().stream().distinct().count() == 1000);
        assertThat(numbersTaken().stream().distinct()).containsExactlyElementsOf(numbers(0, 1000));
    }

    @Test
    void message_largerThanWhatMayWait_isTakenAlone_orTurnedAway() throws Exception {
        stream();
        fill(client, "t.a", 0, 2);
        client.jetStream().publish("t.a", NatsServer.bytes("x".repeat(100_000)));
        client.jetStream().publish("t.a", NatsServer.bytes(payload(2) + " ".repeat(5000)));
        fill(client, "t.a", 3, 5);
        source(READ + "receive-bytes: 1KiB, max-payload: 10KiB");
        awaitNumbers(numbers(0, 5));
        assertThat(inlet.reasons).containsExactly("too-large");
        awaitFloor(6);
    }

    @Test
    void stream_missing_isWaitedFor() throws Exception {
        server();
        source(READ);
        Eventually.until("it was tried", () -> meters.count("weir_link_failures", "name", "src", "part", "source") > 1);
        client = server.client();
        management = NatsServer.stream(client, "T", "t.>");
        fill(client, "t.a", 0, 1);
        awaitNumbers(List.of(0));
    }

    @Test
    void consumer_deleted_isMadeAgain() throws Exception {
        stream();
        source(READ + "keep-alive: 400ms, ack-timeout: 300ms");
        fill(client, "t.a", 0, 1);
        awaitNumbers(List.of(0));
        awaitFloor(1);
        management.deleteConsumer("T", "d");
        Eventually.until(
                "it is there again", () -> management.getConsumerNames("T").contains("d"));
        fill(client, "t.a", 1, 2);
        Eventually.until("the next is here", () -> numbersTaken().contains(1));
    }

    @Test
    void write_repeated_isInTheStreamOnce() throws Exception {
        stream();
        Sink sink = sink("subject: \"t.{device}\", jetstream: true");
        sink.write(readings(0, 20));
        sink.write(readings(0, 20));
        sink.write(readings(10, 30));
        assertThat(management.getStreamInfo("T").getStreamState().getMsgCount()).isEqualTo(30);
    }

    @Test
    void write_withoutAStream_saysSo() throws Exception {
        server();
        Sink sink = sink("subject: \"none.{device}\", jetstream: true, ack-timeout: 2s");
        assertThatThrownBy(() -> sink.write(readings(0, 1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("none.d1")
                .hasMessageContaining("stream");
    }

    @Test
    void write_tooLargeForTheStream_isRefused() throws Exception {
        stream();
        management.updateStream(io.nats.client.api.StreamConfiguration.builder(
                        management.getStreamInfo("T").getConfiguration())
                .maximumMessageSize(10)
                .build());
        Sink sink = sink("subject: \"t.{device}\", jetstream: true");
        assertThatThrownBy(() -> sink.write(readings(0, 1)))
                .isInstanceOf(Sink.Refused.class)
                .hasMessageContaining("size");
    }
}
