package dev.weir.connect.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.engine.Reading;
import dev.weir.engine.Receipt;
import dev.weir.engine.Sink;
import dev.weir.testkit.Eventually;
import dev.weir.testkit.KnownSpan;
import dev.weir.testkit.RecordingInlet;
import io.nats.client.Connection;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Core NATS at a real nats-server.
@NullUnmarked
class CoreIT extends NatsRig {
    @Test
    void subject_withHeaders_becomesAddressTypeAndHops() throws Exception {
        server();
        source("subjects: [\"plant.*.climate\", \"raw.>\"]");
        Connection client = server.client();
        NatsServer.deliver(client, "raw.probe", "{}");
        inlet.next();
        client.publish(
                "plant.m1.climate",
                new Headers().put(Hops.HEADER, "3").put("Content-Type", "text/csv"),
                NatsServer.bytes("a"));
        client.publish("raw.a/b.c", NatsServer.bytes("b"));
        client.publish("plant.m1.other", NatsServer.bytes("c"));
        client.publish("raw.end", NatsServer.bytes("d"));
        RecordingInlet.Taken first = inlet.next();
        assertThat(first.address()).isEqualTo("plant/m1/climate");
        assertThat(first.contentType()).isEqualTo("text/csv");
        assertThat(first.hops()).isEqualTo(3);
        assertThat(first.sender()).isEqualTo("127.0.0.1:" + server.port);
        RecordingInlet.Taken second = inlet.next();
        assertThat(second.address()).isEqualTo("raw/a%2Fb/c");
        assertThat(second.hops()).isZero();
        assertThat(inlet.next().address()).isEqualTo("raw/end");
    }

    @Test
    void queueGroup_twoMembers_eachMessageGoesToOne() throws Exception {
        server();
        RecordingInlet other = new RecordingInlet();
        source("subjects: \"t.>\", queue: g");
        source(other, "other", "url: \"" + server.url() + "\", subjects: \"t.>\", queue: g");
        Connection client = server.client();
        Eventually.until("both are subscribed", () -> {
            NatsServer.deliver(client, "t.probe", "{}");
            return inlet.count.get() > 0 && other.count.get() > 0;
        });
        Eventually.never("the probes are under way", () -> false);
        long before = inlet.count.get() + other.count.get();
        for (int n = 0; n < 40; n++) {
            client.publish("t.a", NatsServer.bytes(payload(n)));
        }
        Eventually.until("all are here", () -> inlet.count.get() + other.count.get() == before + 40);
        Eventually.never("some came twice", () -> inlet.count.get() + other.count.get() > before + 40);
    }

    @ParameterizedTest
    @ValueSource(strings = {"receive-maximum: 10", "receive-bytes: 1KiB"})
    void slowNode_beyondTheBound_countsWhatIsDropped(String bound) throws Exception {
        server();
        source("subjects: \"t.>\", " + bound);
        Connection client = server.client();
        NatsServer.deliver(client, "t.a", payload(0));
        inlet.next();
        inlet.shut(true);
        for (int n = 1; n <= 2000; n++) {
            client.publish("t.a", NatsServer.bytes(payload(n)));
        }
        Eventually.until("most are dropped", () -> inlet.rejected.get() > 1900);
        inlet.shut(false);
        Eventually.until("each is taken or counted", () -> inlet.count.get() + inlet.rejected.get() == 2001);
        assertThat(inlet.reasons).containsOnly("slow-consumer");
        assertThat(inlet.count.get()).isGreaterThan(1);
        assertThat(numbersTaken()).isSorted();
    }

    @Test
    void overloaded_atOnce_isTriedAgainBeforeTheNext() throws Exception {
        server();
        source("subjects: \"t.>\"");
        Connection client = server.client();
        inlet.receipt = Receipt.OVERLOADED;
        NatsServer.deliver(client, "t.a", payload(0));
        client.publish("t.a", NatsServer.bytes(payload(1)));
        Eventually.until("it is tried again", () -> numbersTaken().size() > 3);
        assertThat(numbersTaken()).containsOnly(0);
        inlet.receipt = Receipt.ACCEPTED;
        Eventually.until("the next is here", () -> numbersTaken().contains(1));
    }

    @Test
    void sourceAndSink_onTheSameSubjects_endTheLoop() throws Exception {
        server();
        source("subjects: \"loop.>\", max-hops: 4");
        Sink sink = sink("subject: \"loop.{device}\"");
        Eventually.until("subscribed", () -> {
            sink.write(readings(0, 1));
            return inlet.count.get() > 0;
        });
        for (int passed = 1; inlet.rejected.get() == 0; passed++) {
            assertThat(passed).isLessThan(10);
            inlet.taken.clear();
            sink.write(List.of(readings(0, 1).getFirst().hops(passed)));
            Eventually.until("it is back", () -> !inlet.taken.isEmpty() || inlet.rejected.get() > 0);
        }
        assertThat(inlet.reasons).containsOnly("loop");
    }

    @Test
    void traceOfAReading_goesThroughTheServer() throws Exception {
        server();
        source("subjects: \"traced.>\"");
        Sink sink = sink("subject: \"traced.{device}\"");
        Reading reading = readings(0, 1).getFirst();
        reading.trace(KnownSpan.INSTANCE);
        Eventually.until("subscribed", () -> {
            sink.write(List.of(reading));
            return inlet.count.get() > 0;
        });
        assertThat(inlet.next().traceparent()).isEqualTo(KnownSpan.INSTANCE.traceparent());
    }

    @Test
    void message_tooLarge_isCountedAndTheNextIsTaken() throws Exception {
        server();
        source("subjects: \"t.>\", max-payload: 1KiB");
        Connection client = server.client();
        NatsServer.deliver(client, "t.a", "x".repeat(5000));
        client.publish("t.a", NatsServer.bytes(payload(1)));
        awaitNumbers(List.of(1));
        assertThat(inlet.reasons).containsExactly("too-large");
    }

    @Test
    void write_tooLargeForTheServer_isRefused() throws Exception {
        server("max_payload: 1024");
        Sink sink = sink("subject: \"t.{device}\", payload: \"" + "x".repeat(2000) + "\"");
        assertThatThrownBy(() -> sink.write(readings(0, 1)))
                .isInstanceOf(Sink.Refused.class)
                .hasMessageContaining("1024");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void write_notAllowed_isRefused(boolean jetStream) throws Exception {
        server("authorization { users: [ { user: u, password: p, permissions: { publish: [\"t.>\", \"$JS.>\"] } } ] }");
        Sink sink = sink("user: u, password: p, subject: \"forbidden.{device}\", jetstream: " + jetStream);
        assertThatThrownBy(() -> sink.write(readings(0, 3)))
                .isInstanceOf(Sink.Refused.class)
                .hasMessageContaining("forbidden.d1");
    }

    @Test
    void subscription_notAllowed_isSaidAndTriedAgain() throws Exception {
        server("authorization { users: [ { user: u, password: p, permissions: { subscribe: \"t.>\" } } ] }");
        source("user: u, password: p, subjects: \"forbidden.>\"");
        Eventually.until(
                "it was tried several times",
                () -> meters.count("weir_link_failures", "name", "src", "part", "source") > 2);
        assertThat(meters.gauge("weir_link_up", "name", "src", "part", "source"))
                .isZero();
    }

    @Test
    void deviceWithADot_isRefused() throws Exception {
        server();
        Sink sink = sink("subject: \"t.{stream}.{device}\"");
        var reading = new dev.weir.testkit.Numbered("10.0.0.1", 1).reading(new dev.weir.engine.Schema("s"));
        assertThatThrownBy(() -> sink.write(List.of(reading)))
                .isInstanceOf(Sink.Refused.class)
                .hasMessageContaining("10.0.0.1");
    }

    @Test
    void write_severalThousand_arriveInOrder() throws Exception {
        server();
        source("subjects: \"t.>\", receive-maximum: 10000");
        NatsServer.deliver(server.client(), "t.probe", payload(0));
        inlet.next();
        Sink sink = sink("subject: \"t.{device}\", payload: '{\"device\":\"{device}\",\"n\":{n}}', in-flight: 50");
        for (int from = 0; from < 4000; from += 250) {
            sink.write(readings(from, from + 250));
        }
        awaitNumbers(numbers(0, 4000));
    }

    @Test
    void server_stoppedWhileIdle_isLeftByTheSource() throws Exception {
        server();
        source("subjects: \"t.>\", keep-alive: 400ms, ack-timeout: 300ms, connect-timeout: 300ms");
        awaitUp("src", "source", 1);
        server.signal("STOP");
        try {
            awaitUp("src", "source", 0);
        } finally {
            server.signal("CONT");
        }
        awaitUp("src", "source", 1);
        NatsServer.deliver(server.client(), "t.a", payload(7));
        awaitNumbers(List.of(7));
    }

    @Test
    void server_stopped_isLeftByTheSinkAndFoundAgain() throws Exception {
        server();
        Sink sink = sink("subject: \"t.{device}\", ack-timeout: 300ms");
        sink.write(readings(0, 1));
        server.signal("STOP");
        try {
            assertThatThrownBy(() -> sink.write(readings(1, 2)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("300 ms");
        } finally {
            server.signal("CONT");
        }
        writeUntilItWorks(sink, readings(1, 2));
    }
}
