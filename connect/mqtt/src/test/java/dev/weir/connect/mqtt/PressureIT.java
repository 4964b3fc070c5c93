package dev.weir.connect.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.RecordingInlet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Slow pipelines, slow subscribers, many clients.
@NullUnmarked
class PressureIT {
    @RegisterExtension
    final Served served = new Served(options -> options.queueMessages = 100);

    PressureIT() throws Exception {}

    @Test
    void publish_intoBlockedInlet_slowsThePublisherDownAndLosesNothing() throws Exception {
        served.inlet.shut(true);
        served.inlet.keep = false;
        AtomicLong sent = new AtomicLong();
        AtomicBoolean stop = new AtomicBoolean();
        try (RawClient client = RawClient.connected(served.address(), Version.V3_1_1, "flood")) {
            Thread flood = Thread.ofVirtual().name("flood").start(() -> {
                try {
                    while (!stop.get()) {
                        client.publish("t", "x".repeat(1000), 0, 0);
                        sent.incrementAndGet();
                    }
                } catch (java.io.IOException ended) {
                    throw new AssertionError(ended);
                }
            });
            long before;
            do {
                before = sent.get();
                java.util.concurrent.locks.LockSupport.parkNanos(300_000_000);
            } while (sent.get() != before || before == 0);
            long received = served.count("weir_mqtt_bytes_received");

            assertThat(received).as("bytes read while the inlet blocks").isLessThan(100_000);
            stop.set(true);
            served.inlet.shut(false);
            flood.join();
            client.nothingElse();
            assertThat(served.inlet.count).hasValue(sent.get());
        }
    }

    @Test
    void acknowledge_whileALaterMessageIsBlocked_isNotHeldBack() throws Exception {
        try (RawClient client = RawClient.connected(served.address(), Version.V5, "one")) {
            client.publish("t", "warm", 1, 1);
            client.receive();
            served.inlet.settleAtOnce = false;
            client.publish("t", "a", 1, 2);
            served.inlet.next();
            RecordingInlet.Taken first = served.inlet.next();
            served.inlet.shut(true);
            client.publish("t", "b", 1, 3);
            Served.await("b waits", () -> served.count("weir_mqtt_packets_received publish") == 3);

            first.ack().settle(dev.weir.engine.Receipt.ACCEPTED);

            assertThat(client.receive())
                    .isEqualTo(new Packet.Ack(PacketType.PUBACK, 2, Reason.SUCCESS, Properties.NONE));
        }
    }

    @Test
    void deliver_toSubscriberThatDoesNotRead_holdsUpNobody() throws Exception {
        int messages = 30_000;
        try (RawClient slow = RawClient.connected(served.address(), Version.V3_1_1, "slow");
                RawClient quick = RawClient.connected(served.address(), Version.V3_1_1, "quick");
                RawClient publisher = RawClient.connected(served.address(), Version.V3_1_1, "publisher")) {
            slow.subscribe("t", 0);
            quick.subscribe("last", 0);
            String payload = "x".repeat(1000);
            for (int i = 0; i < messages; i++) {
                publisher.publish("t", payload, 0, 0);
            }
            publisher.publish("last", "done", 0, 0);

            assertThat(RawClient.text(quick.message())).isEqualTo("done");
            assertThat(served.count("weir_mqtt_dropped queue-full")).isPositive();
            assertThat(served.gauge("weir_mqtt_queued_bytes")).isLessThan(300_000);
            for (long left = messages - served.count("weir_mqtt_dropped queue-full"); left > 0; left--) {
                slow.message();
            }
            slow.nothingElse();
        }
    }

    @Test
    void connect_of500Clients_servesThemAll() throws Exception {
        List<MqttClient> clients = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            clients.add(
                    MqttClient.connect(MqttClient.Settings.to(served.address()).client("c" + i, true)));
        }
        assertThat(served.server.connections()).isEqualTo(500);
        for (MqttClient client : clients) {
            client.publish("t", new byte[10], 1, false);
            client.flush();
        }
        for (MqttClient client : clients) {
            assertThat(client.awaitAcknowledged(Duration.ofSeconds(60))).isTrue();
            client.close();
        }
        assertThat(served.inlet.count).hasValue(500);
        Served.await("all are gone", () -> served.server.connections() == 0);
    }

    @Test
    void receive_overManyMessages_keepsTheirOrder() throws Exception {
        try (MqttClient subscriber = MqttClient.connect(MqttClient.Settings.to(served.address()));
                MqttClient publisher = MqttClient.connect(
                        MqttClient.Settings.to(served.address()).version(Version.V3_1_1))) {
            subscriber.subscribe("t", 1);
            for (int i = 0; i < 2000; i++) {
                publisher.publish("t", Integer.toString(i).getBytes(java.nio.charset.StandardCharsets.UTF_8), 1, false);
                if (i % 50 == 49) {
                    assertThat(publisher.awaitAcknowledged(Duration.ofSeconds(60)))
                            .isTrue();
                    for (int k = i - 49; k <= i; k++) {
                        MqttClient.Received got =
                                subscriber.receive(Duration.ofSeconds(60)).orElseThrow();
                        assertThat(new String(got.payload(), java.nio.charset.StandardCharsets.UTF_8))
                                .isEqualTo(Integer.toString(k));
                    }
                }
            }
        }
    }
}
