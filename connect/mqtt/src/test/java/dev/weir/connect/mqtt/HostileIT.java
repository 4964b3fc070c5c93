package dev.weir.connect.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients that mean harm, and the bound that each of them meets. docs/hostile-input.md lists them.
@NullUnmarked
class HostileIT {
    private static final int MANY = 1_000_000;
    private static final int BATCH = 10_000;
    /// Nearly as many as a packet may have.
    private static final int FILTERS = 4000;

    private Served served;
    private final List<RawClient> open = new ArrayList<>();

    private void serve(Consumer<MqttOptions.Builder> changes) throws Exception {
        served = new Served(changes);
        served.inlet.keep = false;
    }

    @AfterEach
    void close() throws IOException {
        for (RawClient client : open) {
            client.close();
        }
        served.afterEach(null);
    }

    private RawClient connected(String id) throws Exception {
        RawClient client = RawClient.connected(served.address(), Version.V5, id);
        open.add(client);
        return client;
    }

    private void skip(int seconds) {
        served.skippedNanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }

    @Test
    void connect_oneByteASecond_isCutByTheConnectTimeout() throws Exception {
        serve(options -> {});
        try (RawClient client = new RawClient(served.address(), Version.V5)) {
            Served.await("it is in", () -> served.server.connections() == 1);
            String connect = "10 ff 01 00 04 4d 51 54 54 05 02 00 00 00 00 f0";
            int sent = 0;
            while (served.count("weir_mqtt_connections_closed connect-timeout") == 0 && sent < connect.length() / 3) {
                client.sendHex(connect.substring(3 * sent, 3 * sent + 2));
                sent++;
                long all = sent;
                Served.await(
                        "the byte is read or the client is out",
                        () -> served.count("weir_mqtt_bytes_received") >= all || served.server.connections() == 0);
                skip(1);
            }

            Served.await("it is out", () -> served.server.connections() == 0);
            assertThat(served.count("weir_mqtt_connections_closed connect-timeout"))
                    .isEqualTo(1);
        }
    }

    @Test
    void deliver_toAPeerThatIsGoneWithoutAWord_endsByTheKeepAlive() throws Exception {
        serve(options -> options.queueMessages = 100);
        RawClient gone = new RawClient(served.address(), Version.V5);
        open.add(gone);
        gone.connect("gone", true, 10, null, Properties.NONE);
        gone.subscribe("t", 0);
        // From here on it neither reads nor writes, as if its network were gone: the socket fills.
        for (int i = 0; i < 2000; i++) {
            served.server.publish("t", new byte[4000], 0, false, null);
        }
        assertThat(served.gauge("weir_mqtt_queued_bytes")).isLessThan(500_000);

        skip(16);

        Served.await("it is counted", () -> served.count("weir_mqtt_connections_closed keep-alive-timeout") == 1);
        skip(3);
        Served.await("it is out", () -> served.server.connections() == 0);
        assertThat(served.gauge("weir_mqtt_queued_bytes")).isZero();
    }

    @Test
    void connect_whileTenThousandConnectWithoutAWord_comesInAllTheSame() throws Exception {
        int room = 500;
        serve(options -> options.maxConnections = room);
        AtomicInteger most = new AtomicInteger();
        AtomicInteger made = new AtomicInteger();
        AtomicBoolean failed = new AtomicBoolean();
        Thread silent = Thread.ofPlatform().name("silent").start(() -> {
            ArrayDeque<RawClient> held = new ArrayDeque<>();
            try {
                for (int i = 0; i < 10_000; i++) {
                    held.add(new RawClient(served.address(), Version.V5));
                    made.incrementAndGet();
                    most.accumulateAndGet(served.server.connections(), Math::max);
                    if (held.size() > 2 * room) {
                        awaitPutOut(held.remove());
                    }
                }
                for (RawClient client : held) {
                    client.close();
                }
            } catch (IOException e) {
                failed.set(true);
            }
        });
        for (int i = 1; i <= 5; i++) {
            int wave = 1000 * i;
            Served.await("the listener is full", () -> made.get() > wave);
            comeIn("honest-" + i);
        }
        assertThat(silent.isAlive()).as("it was under attack").isTrue();
        silent.join();

        for (RawClient client : open) {
            client.nothingElse();
        }
        assertThat(failed).isFalse();
        assertThat(most.get()).isLessThanOrEqualTo(room);
        Served.await("all others are gone", () -> served.server.connections() == open.size());
        Served.await(
                "most had to give way",
                () -> served.count("weir_mqtt_connections_closed gave-way")
                                + served.count("weir_mqtt_connections_closed too-many-connections")
                        > 9000);
    }

    /// Waits until the server has ended a connection, whatever it says before.
    private static void awaitPutOut(RawClient client) throws IOException {
        try (client) {
            client.socket.setSoTimeout(60_000);
            client.socket.getInputStream().readAllBytes();
        } catch (SocketException reset) {
            // That is an end too.
        }
    }

    /// Connects as a device does, which tries again.
    private void comeIn(String id) throws Exception {
        for (int i = 1; ; i++) {
            try {
                connected(id);
                return;
            } catch (AssertionError | IOException putOut) {
                assertThat(i).as("tries").isLessThan(20);
            }
        }
    }

    @Test
    void connect_toAListenerThatIsFullOfClients_isRefusedAndPutsNobodyOut() throws Exception {
        serve(options -> options.maxConnections = 3);
        for (int i = 0; i < 3; i++) {
            connected("in-" + i);
        }

        try (RawClient late = new RawClient(served.address(), Version.V5)) {
            assertThat(late.receiveOrEnd()).isNull();
        }

        assertThat(served.count("weir_mqtt_connections_closed too-many-connections"))
                .isEqualTo(1);
        for (RawClient client : open) {
            client.nothingElse();
        }
    }

    @Test
    void publish_ofAMillionRetainedTopics_keepsTheFirstAndCountsTheOthers() throws Exception {
        int room = 1000;
        serve(options -> {
            options.retainedMessages = room;
            options.retainedBytes = 2 << 20;
        });
        RawClient client = connected("hoarder");
        for (int i = 0; i < MANY; i += BATCH) {
            ByteArrayOutputStream batch = new ByteArrayOutputStream();
            for (int k = i; k < i + BATCH; k++) {
                batch.writeBytes(new byte[] {0x31, 13, 0, 9});
                batch.writeBytes("r/%07d".formatted(k).getBytes(StandardCharsets.US_ASCII));
                batch.writeBytes(new byte[] {0, 'x'});
            }
            client.socket.getOutputStream().write(batch.toByteArray());
        }
        client.nothingElse();

        assertThat(served.gauge("weir_mqtt_retained_messages")).isEqualTo(room);
        assertThat(served.gauge("weir_mqtt_retained_bytes")).isLessThanOrEqualTo(2 << 20);
        assertThat(served.count("weir_mqtt_dropped retained-full")).isEqualTo(MANY - room);
        assertThat(served.inlet.count).as("delivered all the same").hasValue(MANY);
    }

    @Test
    void subscribe_aMillionTimes_isRefusedBeyondTheClientsShare() throws Exception {
        serve(options -> {});
        RawClient client = connected("collector");
        int granted = 0;
        int refused = 0;
        for (int i = 0; i < MANY; i += FILTERS) {
            List<Packet.Request> requests = new ArrayList<>(FILTERS);
            for (int k = i; k < i + FILTERS; k++) {
                requests.add(new Packet.Request("s/%07d".formatted(k), 0, false, false, 0));
            }
            client.send(new Packet.Subscribe(1, requests, Properties.NONE));
            Packet answer = client.receive();
            assertThat(answer).isInstanceOf(Packet.SubAck.class);
            for (Reason reason : ((Packet.SubAck) answer).reasons()) {
                granted += reason.isError() ? 0 : 1;
                refused += reason == Reason.QUOTA_EXCEEDED ? 1 : 0;
            }
        }

        assertThat(granted).isEqualTo(200);
        assertThat(refused).isEqualTo(MANY - 200);
        assertThat(served.gauge("weir_mqtt_subscriptions")).isEqualTo(200);
    }

    @Test
    void subscribe_byManyClients_isRefusedBeyondWhatAllMayHave() throws Exception {
        serve(options -> options.maxSubscriptionsInAll = 500);
        int granted = 0;
        for (int i = 0; i < 10; i++) {
            RawClient client = connected("c-" + i);
            for (int k = 0; k < 100; k++) {
                granted +=
                        client.subscribe("s/" + i + "/" + k, 0).reasons().getFirst() == Reason.QUOTA_EXCEEDED ? 0 : 1;
            }
        }

        assertThat(granted).isEqualTo(500);
        assertThat(served.gauge("weir_mqtt_subscriptions")).isEqualTo(500);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "#/#/#",
                "a/#/b",
                "a#",
                "#a",
                "+a",
                "a+/b",
                "a/b+",
                "$share//x",
                "$share/g",
                "$share/+/x",
                "$share/g/a#"
            })
    void subscribe_toWhatIsNoFilter_isRefusedAndNothingElse(String filter) throws Exception {
        serve(options -> {});
        RawClient client = connected("odd");

        assertThat(client.subscribe(filter, 0).reasons()).containsExactly(Reason.TOPIC_FILTER_INVALID);

        client.nothingElse();
        assertThat(served.gauge("weir_mqtt_subscriptions")).isZero();
    }

    @Test
    void publish_announcedWith256Megabytes_isRefusedBeforeMemoryIsTaken() throws Exception {
        serve(options -> {});
        for (int i = 0; i < 100; i++) {
            try (RawClient client = RawClient.connected(served.address(), Version.V5, "big-" + i)) {
                client.sendHex("30 ff ff ff 7f 00 01 61");
                client.expectEnd(Reason.PACKET_TOO_LARGE);
            }
        }
        assertThat(served.count("weir_mqtt_connections_closed packet-too-large"))
                .isEqualTo(100);
    }

    @Test
    void publish_ofManyLargePacketsThatStop_takesNoMoreThanIsGranted() throws Exception {
        serve(options -> options.packetBytesInAll = 1 << 20);
        byte[] begun = new byte[200 * 1024];
        begun[0] = 0x30;
        begun[1] = (byte) 0x80;
        begun[2] = (byte) 0x80;
        begun[3] = 0x0f; // 245,760 bytes are to come
        begun[5] = 1;
        begun[6] = 'a';
        for (int i = 0; i < 20; i++) {
            RawClient client = connected("large-" + i);
            try {
                client.socket.getOutputStream().write(begun);
            } catch (IOException cut) {
                // Put out while it still sends: counted below.
            }
        }

        // Each that stays holds 240 KiB beside the 16 KiB that everybody may have.
        Served.await(
                "four are left",
                () -> served.server.connections() == 4
                        && served.count("weir_mqtt_connections_closed packets-in-all") == 16);
        RawClient small = connected("small");
        small.publish("t", "x".repeat(10_000), 1, 1);
        assertThat(((Packet.Ack) small.receive()).packetId()).isEqualTo(1);
        for (RawClient client : open.subList(0, 20)) {
            client.close();
        }
        Served.await("they are gone", () -> served.server.connections() == 1);
        small.publish("t", "x".repeat(200_000), 1, 2);
        assertThat(((Packet.Ack) small.receive()).packetId()).isEqualTo(2);
    }

    @Test
    void refuse_withMessagesWaiting_sendsNothingBehindTheDisconnect() throws Exception {
        serve(options -> {});
        for (int i = 0; i < 50; i++) {
            RawClient client = connected("echo-" + i);
            client.subscribe("t", 0);
            Encoder out = new Encoder(4096);
            for (int k = 0; k < 50; k++) {
                out.write(RawClient.publishing(false, "t", "x", 0, 0, false, Properties.NONE), Version.V5);
            }
            out.write(new Packet.PingResp(), Version.V5); // which only a server sends
            client.socket.getOutputStream().write(out.array(), 0, out.size());

            Packet last = client.receive();
            while (last instanceof Packet.Publish) {
                last = client.receive();
            }
            assertThat(last).isInstanceOf(Packet.Disconnect.class);
            assertThat(client.receiveOrEnd()).isNull();
            client.close();
        }
    }

    @Test
    void accept_ofTlsOnThePlainPort_closesAndGoesOn() throws Exception {
        serve(options -> {});
        try (RawClient client = new RawClient(served.address(), Version.V5)) {
            client.sendHex("16 03 01 00 05 01 00 00 01 00");

            assertThat(client.receiveOrEnd()).isNull();
        }
        Served.await("it is out", () -> served.server.connections() == 0);
        connected("good").nothingElse();
    }
}
