package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.weir.connect.mqtt.MqttClient;
import dev.weir.engine.flow.Ledger;
import dev.weir.engine.flow.QueueBound;
import dev.weir.testkit.UsedHeap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.eclipse.californium.core.CoapResponse;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Fifty devices at full speed against a sink that hangs.
@Timeout(240)
class BackPressureIT {
    private static final int PUBLISHERS = 50;
    private static final Duration PRESSURE = Duration.ofSeconds(Boolean.getBoolean("weir.long") ? 60 : 4);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String PAD = "x".repeat(1000);
    /// What the garbage of clients, servers and the test itself may make the heap look larger.
    private static final long NOISE = 16 << 20;

    private static final String CONFIG = """
            node: pressed
            data: ${WEIR_DATA}
            sources:
              devices: { mqtt: { listen: "127.0.0.1:${WEIR_MQTT_PORT}" } }
              slow: { coap: { listen: "127.0.0.1:${WEIR_COAP_PORT}", patience: 200ms, retry-after: 7s } }
            pipelines:
              load:
                from: [devices, slow]
                topic: load/{device}
                fields: { seq: { type: long } }
                workers: 2
                queue: 512
                overflow: POLICY
                to: hook
            sinks:
              hook: { webhook: { url: "URL", timeout: 3s, batch: 200 }, queue: 512 }
            api: { listen: "127.0.0.1:${WEIR_HTTP_PORT}" }
            """;

    /// As the config says, of the pipeline and of the sink.
    private static final long QUEUE = 512;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private NodeRig open(Hook hook, String overflow) throws IOException, InterruptedException {
        return NodeRig.open(folder, CONFIG.replace("URL", hook.url()).replace("POLICY", overflow));
    }

    private static byte[] payload(long seq) {
        return ("{\"seq\":" + seq + ",\"pad\":\"" + PAD + "\"}").getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void hangingSink_withBlock_slowsPublishersAndNothingGrowsOrIsLost(int qos) throws Exception {
        try (Hook hook = Hook.hanging();
                NodeRig rig = open(hook, "block");
                Publishers publishers = new Publishers(rig, qos);
                CoapDevice slow = new CoapDevice(rig.coap())) {
            long bound = MemoryBound.of(rig.plan()).total();
            long before = UsedHeap.bytes();

            publishers.start();
            // Connections may all wait for a moment while workers still move on: only with all queues full nothing can.
            NodeRig.await("every connection waits and all queues are full", () -> isFull(rig));
            long accepted = accepted(rig);
            long full = UsedHeap.bytes();
            TimeUnit.NANOSECONDS.sleep(PRESSURE.toNanos()); // the pressure itself: nothing must happen meanwhile

            assertThat(accepted(rig)).isEqualTo(accepted);
            assertThat(publishers.acknowledged()).isEqualTo(qos == 0 ? 0 : accepted);
            checkQueues(rig);
            assertThat(UsedHeap.bytes()).isLessThan(before + bound).isLessThan(full + NOISE);
            assertThat(rig.get("/health/live").statusCode()).isEqualTo(200);
            checkBalance(rig);
            CoapResponse busy = slow.post("load/slow", payload(0));
            assertThat(busy.getCode()).isEqualTo(ResponseCode.SERVICE_UNAVAILABLE);
            assertThat(busy.getOptions().getMaxAge()).isEqualTo(7);

            publishers.stop();
            hook.answer();
            Map<String, Long> sent = publishers.await();
            long all = sent.values().stream().mapToLong(Long::longValue).sum();
            NodeRig.await("everything sent is taken in", () -> accepted(rig) == all);
            rig.node().closeWindows();

            checkBalance(rig);
            assertThat(rig.node().ledger().streams())
                    .containsExactly(new Ledger.StreamLine("load", false, all, all, 0, 0, Map.of(), Map.of(), 0));
            assertThat(hook.confirmed())
                    .isEqualTo(sent.entrySet().stream()
                            .collect(Collectors.toMap(
                                    Map.Entry::getKey,
                                    one -> LongStream.range(0, one.getValue())
                                            .boxed()
                                            .toList())));
        }
    }

    @Test
    void hangingSink_withDropOldest_slowsNobodyAndCountsWhatIsDropped() throws Exception {
        int each = 100;
        try (Hook hook = Hook.hanging();
                NodeRig rig = open(hook, "drop-oldest");
                Publishers publishers = new Publishers(rig, 1)) {
            publishers.limit(each);
            publishers.start();

            Map<String, Long> sent = publishers.await();

            NodeRig.await(
                    "all acknowledgements are counted", () -> publishers.acknowledged() == (long) each * PUBLISHERS);
            assertThat(sent.values()).containsOnly((long) each);
            checkQueues(rig);
            checkBalance(rig);
            hook.answer();
            rig.node().closeWindows();

            checkBalance(rig);
            Ledger.StreamLine line = rig.node().ledger().streams().getFirst();
            long dropped =
                    line.dropped().values().stream().mapToLong(Long::longValue).sum();
            assertThat(line.queued()).isZero();
            assertThat(line.dropped()).containsOnlyKeys("overflow");
            assertThat(dropped).isGreaterThan((long) each * PUBLISHERS / 2);
            assertThat(hook.confirmed().values().stream().mapToInt(List::size).sum())
                    .isEqualTo((int) line.completed());
            assertThat(hook.confirmed().values())
                    .allSatisfy(numbers -> assertThat(numbers).isSorted());
        }
    }

    private static long waiting(NodeRig rig) {
        return line(rig, Ledger.SourceLine::waiting);
    }

    private static long accepted(NodeRig rig) {
        return line(rig, Ledger.SourceLine::accepted);
    }

    private static long line(NodeRig rig, Function<Ledger.SourceLine, Long> value) {
        return rig.node().ledger().sources().stream()
                .filter(line -> line.source().equals("devices"))
                .map(value)
                .findFirst()
                .orElseThrow();
    }

    private static void checkBalance(NodeRig rig) {
        Ledger ledger = rig.node().ledger();
        assertThat(ledger.balanced()).as(ledger.toString()).isTrue();
    }

    /// Queues hold no more than `weir check` says, and this much is in them: the sink hangs.
    private static boolean isFull(NodeRig rig) throws IOException, InterruptedException {
        JsonObject state =
                JsonParser.parseString(rig.get("/api/v1/pipelines").body()).getAsJsonObject();
        JsonObject pipeline = state.getAsJsonArray("pipelines").get(0).getAsJsonObject();
        JsonObject segment = pipeline.getAsJsonArray("segments").get(0).getAsJsonObject();
        JsonObject sink = state.getAsJsonArray("sinks").get(0).getAsJsonObject();
        return waiting(rig) == PUBLISHERS
                && segment.get("queued").getAsLong() == QUEUE
                && sink.get("queued").getAsLong() == QUEUE;
    }

    private static void checkQueues(NodeRig rig) throws IOException, InterruptedException {
        Map<String, Long> bounds = MemoryBound.of(rig.plan()).bounds().stream()
                .collect(Collectors.toMap(QueueBound::name, QueueBound::count));
        JsonObject state =
                JsonParser.parseString(rig.get("/api/v1/pipelines").body()).getAsJsonObject();
        JsonObject pipeline = state.getAsJsonArray("pipelines").get(0).getAsJsonObject();
        checkQueue(pipeline.getAsJsonArray("segments").get(0).getAsJsonObject(), bounds.get("pipeline load"));
        checkQueue(state.getAsJsonArray("sinks").get(0).getAsJsonObject(), bounds.get("sink hook"));
    }

    private static void checkQueue(JsonObject queue, @Nullable Long bound) {
        long queued = queue.get("queued").getAsLong();
        assertThat(queued).isEqualTo(QUEUE);
        assertThat(queued + queue.get("inHand").getAsLong()).isLessThanOrEqualTo(Objects.requireNonNull(bound));
    }

    /// Devices that publish as fast as they are let, numbering their messages.
    private static final class Publishers implements AutoCloseable {
        private final int qos;
        private final List<MqttClient> clients = new ArrayList<>();
        private final List<Future<Long>> sent = new ArrayList<>();
        private final AtomicLong acknowledged = new AtomicLong();
        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        private long limit = Long.MAX_VALUE;
        private volatile boolean stopped;

        Publishers(NodeRig rig, int qos) throws IOException {
            this.qos = qos;
            for (int i = 0; i < PUBLISHERS; i++) {
                clients.add(MqttClient.connect(MqttClient.Settings.to(rig.mqtt())
                        .client(name(i), true)
                        .acknowledged(_ -> acknowledged.incrementAndGet())));
            }
        }

        static String name(int number) {
            return "d-" + number;
        }

        void limit(long messages) {
            limit = messages;
        }

        void start() {
            for (int i = 0; i < PUBLISHERS; i++) {
                int number = i;
                sent.add(threads.submit(() -> publish(number)));
            }
        }

        private long publish(int number) throws IOException, InterruptedException {
            MqttClient client = clients.get(number);
            long count = 0;
            while (!stopped && count < limit) {
                client.publish("load/" + name(number), payload(count), qos, false);
                count++;
            }
            assertThat(client.awaitAcknowledged(PATIENCE)).isTrue();
            assertThat(client.refused()).isZero();
            return count;
        }

        long acknowledged() {
            return acknowledged.get();
        }

        void stop() {
            stopped = true;
        }

        /// How many messages each device has sent, when all are through.
        Map<String, Long> await() throws Exception {
            Map<String, Long> counts = new HashMap<>();
            for (int i = 0; i < PUBLISHERS; i++) {
                counts.put(name(i), sent.get(i).get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS));
            }
            return counts;
        }

        /// Interrupts those who are blocked, which closes their connections.
        @Override
        public void close() {
            stopped = true;
            threads.shutdownNow();
            clients.forEach(MqttClient::close);
            threads.close();
        }
    }
}
