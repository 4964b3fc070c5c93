package dev.weir.connect.mqttclient;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import dev.weir.engine.Connector.Surroundings;
import dev.weir.engine.Reading;
import dev.weir.engine.Receipt;
import dev.weir.engine.Schema;
import dev.weir.engine.Sink;
import dev.weir.engine.Source;
import dev.weir.engine.link.Backoff;
import dev.weir.testkit.Certificates;
import dev.weir.testkit.Eventually;
import dev.weir.testkit.FromConfig;
import dev.weir.testkit.KnownSpan;
import dev.weir.testkit.Numbered;
import dev.weir.testkit.Ports;
import dev.weir.testkit.RecordingInlet;
import dev.weir.testkit.TestSurroundings;
import io.netty.channel.nio.NioEventLoopGroup;
import java.io.IOException;
import java.lang.reflect.Field;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Source and sink at a real mosquitto: what happens when things go wrong.
@NullUnmarked
@Timeout(60)
class MqttClientIT {
    @TempDir
    Path folder;

    private final RecordingInlet inlet = new RecordingInlet();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private Mosquitto broker;

    private void broker(String... lines) throws Exception {
        broker = Mosquitto.start(folder, lines);
        opened.add(broker);
    }

    private Surroundings called(String name) {
        return TestSurroundings.of(name, folder.resolve(name));
    }

    private Source source(String options) throws Exception {
        return source(inlet, "src", "url: \"" + broker.url() + "\", reconnect-max: 200ms, " + options);
    }

    private Source source(RecordingInlet into, String name, String options) throws Exception {
        Source source = FromConfig.source(new MqttClientConnector(), "{ " + options + " }", called(name));
        opened.add(source);
        source.open(into);
        return source;
    }

    private Sink sink(String options) throws Exception {
        Sink sink = FromConfig.sink(
                new MqttSinkConnector(),
                "{ url: \"" + broker.url() + "\", reconnect-max: 200ms, connect-timeout: 1s, " + options + " }",
                called("out"));
        opened.add(sink);
        sink.open();
        return sink;
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : opened.reversed()) {
            one.close();
        }
    }

    private static String payload(int n) {
        return new Numbered("d1", n).json();
    }

    /// Sends until the source is subscribed and has all that came since.
    private void awaitSubscribed(Mqtt5BlockingClient client) throws Exception {
        Eventually.until("subscribed", () -> {
            Mosquitto.publish(client, "t/x", "probe", 1);
            return inlet.count.get() > 0;
        });
        Mosquitto.publish(client, "t/x", "the last probe", 1);
        Eventually.until(
                "all probes are here",
                () -> inlet.taken.stream().anyMatch(taken -> taken.text().equals("the last probe")));
        inlet.taken.clear();
    }

    private List<Integer> numbersTaken() {
        List<Integer> numbers = new ArrayList<>();
        inlet.taken.stream()
                .map(RecordingInlet.Taken::text)
                .filter(text -> !text.endsWith("probe"))
                .forEach(text -> numbers.add(Numbered.in(text).n()));
        return numbers;
    }

    @ParameterizedTest
    @CsvSource({"5,0", "5,1", "5,2", "3.1.1,0", "3.1.1,1", "3.1.1,2"})
    void read_eachVersionAndQos_arrivesInOrder(String version, int qos) throws Exception {
        broker();
        source("topics: t/#, version: \"" + version + "\", qos: " + qos + ", receive-maximum: 30");
        Mqtt5BlockingClient client = broker.client();
        awaitSubscribed(client);
        for (int n = 0; n < 20; n++) {
            Mosquitto.publish(client, "t/a", payload(n), qos);
        }
        Eventually.until("all are here", () -> numbersTaken().size() == 20);
        assertThat(numbersTaken())
                .containsExactlyElementsOf(IntStream.range(0, 20).boxed().toList());
    }

    @ParameterizedTest
    @CsvSource({"5,0", "5,1", "5,2", "3.1.1,0", "3.1.1,1", "3.1.1,2"})
    void write_eachVersionAndQos_arrivesInOrder(String version, int qos) throws Exception {
        broker();
        List<Mqtt5Publish> got = broker.follow("out/#");
        Sink sink = sink("topic: \"out/{device}\", payload: \"{n}\", version: \"" + version + "\", qos: " + qos
                + ", in-flight: 3");
        Schema schema = new Schema("s");
        sink.write(IntStream.range(0, 50)
                .mapToObj(n -> new Numbered("d1", n).reading(schema))
                .toList());
        Eventually.until("all are here", () -> got.size() == 50);
        assertThat(got.stream().map(Mosquitto::text))
                .containsExactlyElementsOf(
                        IntStream.range(0, 50).mapToObj(String::valueOf).toList());
    }

    @ParameterizedTest
    @CsvSource({"5,1", "5,2", "3.1.1,1", "3.1.1,2"})
    void broker_sendingMoreThanThereIsRoomFor_isHeldUp(String version, int qos) throws Exception {
        // Mosquitto 2.0.11 does so in MQTT 5 too.
        broker();
        source("topics: t/#, version: \"" + version + "\", qos: " + qos + ", receive-maximum: 3");
        Mqtt5BlockingClient client = broker.client();
        awaitSubscribed(client);
        inlet.shut(true);
        for (int n = 0; n < 200; n++) {
            Mosquitto.publish(client, "t/a", payload(n), qos);
        }
        inlet.shut(false);
        List<Integer> all = IntStream.range(0, 200).boxed().toList();
        Eventually.until("all are here", () -> numbersTaken().containsAll(all));
        assertThat(numbersTaken().stream().distinct()).containsExactlyElementsOf(all);
        assertThat(inlet.reasons).isEmpty();
    }

    @Test
    void unsettled_whenTheNodeEnds_comesAgain() throws Exception {
        broker();
        source("topics: t/#");
        Mqtt5BlockingClient client = broker.client();
        awaitSubscribed(client);
        inlet.settleAtOnce = false;
        Mosquitto.publish(client, "t/a", payload(0), 1);
        Mosquitto.publish(client, "t/a", payload(1), 1);
        inlet.next().ack().settle(Receipt.ACCEPTED);
        inlet.next();
        opened.removeLast().close();
        RecordingInlet after = new RecordingInlet();
        source(after, "src", "url: \"" + broker.url() + "\", topics: t/#");
        assertThat(after.next().text()).isEqualTo(payload(1));
        Eventually.never("the settled one came again", () -> after.count.get() > 1);
    }

    @Test
    void qos0_beyondTheInbox_isCounted() throws Exception {
        broker();
        source("topics: t/#, qos: 0");
        Mqtt5BlockingClient client = broker.client();
        awaitSubscribed(client);
        AtomicInteger sent = new AtomicInteger();
        // Until the node was shut for long enough that the broker's flood was there.
        Eventually.until("some are turned away", () -> {
            inlet.shut(true);
            for (int n = 0; n < 3000; n++) {
                Mosquitto.publish(client, "t/a", payload(sent.getAndIncrement()), 0);
            }
            Eventually.until("the source waits", () -> inlet.waiting() > 0);
            inlet.shut(false);
            Eventually.until("all are counted", () -> numbersTaken().size() + inlet.rejected.get() == sent.get());
            return inlet.rejected.get() > 0;
        });
        assertThat(inlet.reasons).containsOnly("overloaded");
        assertThat(numbersTaken()).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void twoBridges_inACircle_endTheLoop() throws Exception {
        broker();
        Sink there = sink("topic: \"b/{device}\", client-id: there");
        Sink back = sink("topic: \"a/{device}\", client-id: back");
        Bridge one = new Bridge(there);
        Bridge other = new Bridge(back);
        source(one.inlet(), "one", "url: \"" + broker.url() + "\", client-id: one, topics: a/#, max-hops: 5");
        source(other.inlet(), "other", "url: \"" + broker.url() + "\", client-id: other, topics: b/#, max-hops: 5");
        opened.add(one);
        opened.add(other);
        Mqtt5BlockingClient client = broker.client();
        Eventually.until("both are subscribed", () -> {
            Mosquitto.publish(client, "a/d1", payload(0), 1);
            return one.passed() > 0 && other.passed() > 0;
        });
        Eventually.until(
                "the loop is ended",
                () -> one.inlet().rejected.get() + other.inlet().rejected.get() > 0);
        Eventually.until("it is quiet", () -> {
            int before = one.passed() + other.passed();
            Eventually.never("still turning", () -> false);
            return one.passed() + other.passed() == before;
        });
        assertThat(one.inlet().reasons).doesNotContain("overloaded");
        assertThat(other.inlet().reasons).doesNotContain("overloaded");
    }

    @Test
    void broker_thatNeverAnswers_isTriedAgain() throws Exception {
        try (Scripted silent = new Scripted(new byte[0])) {
            source(
                    inlet,
                    "silent",
                    "url: \"" + silent.url() + "\", topics: t/#, connect-timeout: 100ms,"
                            + " reconnect-min: 10ms, reconnect-max: 50ms");
            Eventually.until("three attempts", () -> silent.accepted() >= 3);
        }
    }

    /// A broker that says yes and then sends this.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "30ffffff7f000161", // 256 MB announced
                "30ffffffff01", // a length of five bytes
                "3600", // QoS 3
                "30020000", // no topic
                "30060001610202ff", // a property longer than the properties
                "30040001ff00", // ill-formed UTF-8
                "1000", // CONNECT
                "400100", // a packet identifier of one byte
                "40020001", // an acknowledgement of nothing
            })
    void broker_thatBreaksTheProtocol_isLeftAndTriedAgain(String hex) throws Exception {
        byte[] consent = {0x20, 3, 0, 0, 0};
        byte[] rest = HexFormat.of().parseHex(hex);
        byte[] script = Arrays.copyOf(consent, consent.length + rest.length);
        System.arraycopy(rest, 0, script, consent.length, rest.length);
        try (Scripted hostile = new Scripted(script)) {
            source(
                    inlet,
                    "hostile",
                    "url: \"" + hostile.url() + "\", topics: t/#, reconnect-min: 10ms," + " reconnect-max: 50ms");
            Eventually.until("two attempts", () -> hostile.accepted() >= 2);
            opened.removeLast().close();
        }
        assertThat(inlet.count).hasValue(0);
    }

    /// The library remembers event loops until all that was asked of a client is answered.
    @Test
    void connections_thatAreOver_leaveNothingInTheLibrary() throws Exception {
        try (Scripted mute = new Scripted(new byte[] {0x20, 3, 0, 0, 0})) {
            source(
                    inlet,
                    "mute",
                    "url: \"" + mute.url() + "\", topics: [t/#, u/#], ack-timeout: 100ms,"
                            + " reconnect-min: 10ms, reconnect-max: 50ms");
            Eventually.until("three attempts", () -> mute.accepted() >= 3);
            opened.removeLast().close();
        }
        awaitNothingLeftInTheLibrary();
    }

    /// Who is stopped while it connects leaves neither a thread nor a socket behind, however early.
    @Test
    void open_interrupted_leavesNothingInTheLibrary() throws Exception {
        SplittableRandom random = new SplittableRandom();
        try (Scripted mute = new Scripted(new byte[] {})) {
            LinkOptions options = new LinkOptions(
                    URI.create(mute.url()),
                    true,
                    "hasty",
                    null,
                    null,
                    Optional.empty(),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10),
                    new Backoff(Duration.ofMillis(10), Duration.ofMillis(10)),
                    1024);
            for (int i = 0; i < 200; i++) {
                Thread victim = Thread.currentThread();
                int spins = random.nextInt(2_000);
                if (i % 2 == 0) {
                    victim.interrupt();
                } else {
                    Thread.ofPlatform().start(() -> {
                        for (int spin = 0; spin < spins; spin++) {
                            Thread.onSpinWait();
                        }
                        victim.interrupt();
                    });
                }
                assertThatThrownBy(() -> Connection.open("hasty", options, new Greeting(true, 0, 10, false)))
                        .isInstanceOf(InterruptedException.class);
            }
        }
        awaitNothingLeftInTheLibrary();
    }

    private static void awaitNothingLeftInTheLibrary() throws Exception {
        Class<?> provider = Class.forName("com.hivemq.client.internal.netty.NettyEventLoopProvider");
        Field entries = provider.getDeclaredField("entries");
        entries.setAccessible(true);
        Map<?, ?> loops = (Map<?, ?>) entries.get(provider.getField("INSTANCE").get(null));
        Eventually.until(
                "only that of other clients is left",
                () -> loops.keySet().stream().noneMatch(NioEventLoopGroup.class::isInstance));
    }

    @Test
    void broker_killedWithBacklog_deliversAllInOrderAfterwards() throws Exception {
        broker();
        source("topics: t/#");
        Mqtt5BlockingClient client = broker.client();
        awaitSubscribed(client);
        opened.removeLast().close();
        for (int n = 0; n < 5000; n++) {
            client.toAsync()
                    .publishWith()
                    .topic("t/a")
                    .qos(com.hivemq.client.mqtt.datatypes.MqttQos.AT_LEAST_ONCE)
                    .payload(payload(n).getBytes(java.nio.charset.StandardCharsets.UTF_8))
                    .send();
        }
        Mosquitto.publish(client, "t/a", payload(5000), 1);
        // Makes mosquitto write its sessions to the disk, as it does every half hour.
        broker.signal("USR1");
        Path database = folder.resolve("mosquitto.db");
        Eventually.until(
                "the backlog is on disk",
                () -> Files.exists(database)
                        && Files.readString(database, ISO_8859_1).contains(payload(5000)));
        broker.kill();
        inlet.taken.clear();
        source("topics: t/#");
        broker.start();
        Eventually.until(
                "the backlog is here, " + inlet.taken.size(),
                () -> numbersTaken().stream().distinct().count() == 5001);
        assertThat(numbersTaken().stream().distinct())
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(0, 5000).boxed().toList());
    }

    @ParameterizedTest
    @CsvSource({"5", "3.1.1"})
    void overloaded_later_comesAgainInOrder(String version) throws Exception {
        broker();
        source("topics: t/#, version: \"" + version + "\"");
        Mqtt5BlockingClient client = broker.client();
        awaitSubscribed(client);
        inlet.settleAtOnce = false;
        for (int n = 0; n < 3; n++) {
            Mosquitto.publish(client, "t/a", payload(n), 1);
        }
        List<RecordingInlet.Taken> first = List.of(inlet.next(), inlet.next(), inlet.next());
        inlet.settleAtOnce = true;
        first.get(0).ack().settle(Receipt.ACCEPTED);
        first.get(2).ack().settle(Receipt.ACCEPTED);
        first.get(1).ack().settle(Receipt.OVERLOADED);
        Eventually.until(
                "the refused one and the next are here", () -> numbersTaken().equals(List.of(1, 2)));
    }

    @Test
    void overloaded_atOnce_isTriedAgainBeforeTheNext() throws Exception {
        broker();
        source("topics: t/#, qos: 0");
        Mqtt5BlockingClient client = broker.client();
        awaitSubscribed(client);
        inlet.receipt = Receipt.OVERLOADED;
        Mosquitto.publish(client, "t/a", payload(0), 0);
        Mosquitto.publish(client, "t/a", payload(1), 0);
        Eventually.until("it is tried again", () -> numbersTaken().size() > 3);
        assertThat(numbersTaken()).containsOnly(0);
        inlet.receipt = Receipt.ACCEPTED;
        Eventually.until("the next is here", () -> numbersTaken().contains(1));
    }

    @Test
    void broker_stopped_isLeftAndFoundAgain() throws Exception {
        broker();
        Sink sink = sink("topic: \"out/{device}\", ack-timeout: 500ms");
        Schema schema = new Schema("s");
        sink.write(List.of(new Numbered("d1", 0).reading(schema)));
        broker.signal("STOP");
        try {
            assertThatThrownBy(() -> sink.write(List.of(new Numbered("d1", 1).reading(schema))))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("500 ms");
        } finally {
            broker.signal("CONT");
        }
        Eventually.until("it works again", () -> {
            try {
                sink.write(List.of(new Numbered("d1", 1).reading(schema)));
                return true;
            } catch (IOException notYet) {
                return false;
            }
        });
    }

    @Test
    void broker_stoppedWhileIdle_isLeftByTheSource() throws Exception {
        broker();
        var meters = new dev.weir.testkit.CountingMeters();
        Source source = FromConfig.source(
                new MqttClientConnector(),
                "{ url: \"" + broker.url() + "\", topics: t/#, keep-alive: 1s, ack-timeout: 300ms,"
                        + " reconnect-max: 200ms, connect-timeout: 300ms }",
                TestSurroundings.with(called("idle"), meters));
        opened.add(source);
        source.open(inlet);
        awaitSubscribed(broker.client());
        broker.signal("STOP");
        try {
            Eventually.until(
                    "the link is down", () -> meters.gauge("weir_link_up", "name", "idle", "part", "source") == 0);
        } finally {
            broker.signal("CONT");
        }
        Eventually.until("the link is up", () -> meters.gauge("weir_link_up", "name", "idle", "part", "source") == 1);
    }

    @Test
    void slowNode_beyondKeepAlive_keepsTheConnection() throws Exception {
        broker();
        source("topics: t/#, qos: 0, keep-alive: 1s, ack-timeout: 200ms");
        Mqtt5BlockingClient client = broker.client();
        awaitSubscribed(client);
        inlet.shut(true);
        for (int n = 0; n < 3; n++) {
            Mosquitto.publish(client, "t/a", payload(n), 0);
        }
        Eventually.until("it waits", () -> inlet.waiting() > 0);
        for (int i = 0; i < 15; i++) {
            Eventually.never("dropped", () -> inlet.waiting() == 0);
        }
        inlet.shut(false);
        Eventually.until("nothing of QoS 0 was lost", () -> numbersTaken().equals(List.of(0, 1, 2)));
    }

    @Test
    void sourceAndSink_onTheSameTopics_endTheLoop() throws Exception {
        broker();
        source("topics: loop/#, max-hops: 4");
        Sink sink = sink("topic: \"loop/{device}\"");
        Schema schema = new Schema("s");
        Eventually.until("subscribed", () -> {
            sink.write(List.of(new Numbered("d1", 0).reading(schema)));
            return inlet.count.get() > 0;
        });
        for (int passed = 1; inlet.rejected.get() == 0; passed++) {
            assertThat(passed).isLessThan(10);
            inlet.taken.clear();
            sink.write(List.of(new Numbered("d1", 0).reading(schema).hops(passed)));
            Eventually.until("it is back", () -> !inlet.taken.isEmpty() || inlet.rejected.get() > 0);
        }
        assertThat(inlet.reasons).containsOnly("loop");
    }

    @Test
    void traceOfAReading_goesThroughTheBroker() throws Exception {
        broker();
        source("topics: traced/#");
        Sink sink = sink("topic: \"traced/{device}\"");
        Reading reading = new Numbered("d1", 0).reading(new Schema("s"));
        reading.trace(KnownSpan.INSTANCE);
        Eventually.until("subscribed", () -> {
            sink.write(List.of(reading));
            return inlet.count.get() > 0;
        });
        assertThat(inlet.next().traceparent()).isEqualTo(KnownSpan.INSTANCE.traceparent());
    }

    @Test
    void message_tooLarge_isPassedOverAndCounted() throws Exception {
        broker();
        source("topics: t/#, version: \"3.1.1\", max-packet: 1KiB");
        Mqtt5BlockingClient client = broker.client();
        awaitSubscribed(client);
        Mosquitto.publish(client, "t/a", "x".repeat(100_000), 1);
        Mosquitto.publish(client, "t/a", payload(1), 1);
        Eventually.until("the next is here", () -> numbersTaken().equals(List.of(1)));
        assertThat(inlet.reasons).containsExactly("too-large");
    }

    @Test
    void sharedSubscription_twoMembers_eachMessageGoesToOne() throws Exception {
        broker();
        RecordingInlet other = new RecordingInlet();
        source("topics: $share/g/t/#, client-id: a");
        source(other, "b", "url: \"" + broker.url() + "\", topics: $share/g/t/#, client-id: b");
        Mqtt5BlockingClient client = broker.client();
        Eventually.until("both are subscribed", () -> {
            Mosquitto.publish(client, "t/x", "probe", 1);
            return inlet.count.get() > 0 && other.count.get() > 0;
        });
        Eventually.never("the probes are under way", () -> false);
        long before = inlet.count.get() + other.count.get();
        for (int n = 0; n < 40; n++) {
            Mosquitto.publish(client, "t/a", payload(n), 1);
        }
        Eventually.until("all are here", () -> inlet.count.get() + other.count.get() == before + 40);
        Eventually.never("some came twice", () -> inlet.count.get() + other.count.get() > before + 40);
    }

    @Test
    void publish_notAllowed_isRefused() throws Exception {
        Path acl = Files.writeString(folder.resolve("acl"), "topic readwrite t/#\n");
        broker("acl_file " + acl);
        Sink sink = sink("topic: \"forbidden/{device}\"");
        assertThatThrownBy(() -> sink.write(List.of(new Numbered("d1", 1).reading(new Schema("s")))))
                .isInstanceOf(Sink.Refused.class)
                .hasMessageContaining("not authorized");
    }

    @Test
    void tls_withOwnAuthority_connects_andAWrongNameDoesNot() throws Exception {
        Certificates made = new Certificates(folder.resolve("certificates"), "authority");
        made.issue("server", "localhost", "DNS:localhost");
        int port = Ports.free();
        broker(
                "listener " + port + " 127.0.0.1",
                "certfile " + made.certificate("server"),
                "keyfile " + made.key("server"),
                "allow_anonymous true");
        source(
                inlet,
                "tls",
                "url: \"ssl://localhost:" + port + "\", topics: t/#, tls: { ca: " + made.authority() + " }");
        awaitSubscribed(broker.client());
        Sink wrong = FromConfig.sink(
                new MqttSinkConnector(),
                "{ url: \"ssl://127.0.0.1:" + port + "\", topic: t/a, connect-timeout: 1s, tls: { ca: "
                        + made.authority() + " } }",
                called("wrong"));
        opened.add(wrong);
        wrong.open();
        Eventually.until("the certificate is refused", () -> {
            try {
                wrong.write(List.of(new Numbered("d1", 1).reading(new Schema("s"))));
                throw new AssertionError("the certificate is for another name");
            } catch (IOException refused) {
                return String.valueOf(refused.getMessage()).contains("127.0.0.1 found");
            }
        });
    }
}
