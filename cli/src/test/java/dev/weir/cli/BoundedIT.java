package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The node as a user runs it, with 256 MB of heap, under devices that publish as fast as they can
/// into a sink that takes 500 readings a second; then all devices vanish, and all come back.
@Timeout(900)
class BoundedIT {
    private static final int PER_SECOND = 500;
    private static final int PUBLISHERS = 20;
    private static final int IDLE = 2000;
    private static final int SAMPLES = 6;
    private static final long NOISE_MIB = 16;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(120);

    @TempDir
    Path folder;

    private final List<Blast> idle = new ArrayList<>();
    private final List<Blast> publishers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong sent = new AtomicLong();
    private final List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
    private volatile boolean stop;
    private volatile boolean done;
    private int mqtt;
    private int http;

    /// Held by who asks for its health, and by who makes it collect garbage on purpose.
    private final ReentrantLock undisturbed = new ReentrantLock();

    private final AtomicLong answers = new AtomicLong();
    private final Map<Phase, Long> worstNanos = new ConcurrentHashMap<>();
    private volatile Phase phase = Phase.FLOOD;

    private enum Phase {
        FLOOD,
        DRAIN,
        RETURN
    }

    /// What came in and what became of it.
    private record Balance(long received, long completed, long dropped, long queued) {}

    private Weir open(SlowHook hook, String overflow) throws Exception {
        try (ServerSocket a = new ServerSocket(0);
                ServerSocket b = new ServerSocket(0)) {
            mqtt = a.getLocalPort();
            http = b.getLocalPort();
        }
        Path file = folder.resolve("node.yaml");
        Files.writeString(file, """
            node: bounded
            data: %s
            sources:
              devices: { mqtt: { listen: "127.0.0.1:%d", max-connections: 2500, max-sessions: 3000 } }
            pipelines:
              load:
                from: devices
                topic: load/{device}
                fields: { seq: { type: long } }
                queue: 1024
                overflow: %s
                to: hook
            sinks:
              hook: { webhook: { url: "%s", timeout: 60s, batch: 50 }, queue: 512 }
            api: { listen: "127.0.0.1:%d" }
            """.formatted(folder.resolve("data"), mqtt, overflow, hook.url(), http));
        Weir weir = Weir.start("run", file.toString());
        weir.await("Ctrl-C");
        return weir;
    }

    @AfterEach
    void close() throws Exception {
        stop = true;
        done = true;
        vanish();
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @ParameterizedTest
    @CsvSource({"0, drop-oldest, 9, 300", "0, block, 3, 60", "1, drop-oldest, 3, 60"})
    void flood_intoASlowSink_leavesTheHeapFlatAndLosesNothingUncounted(
            int qos, String overflow, int seconds, int longSeconds) throws Exception {
        int length = Boolean.getBoolean("weir.long") ? longSeconds : seconds;
        try (SlowHook hook = new SlowHook(PER_SECOND);
                Weir weir = open(hook, overflow)) {
            arrive();
            get("/health/live"); // the first answer loads classes
            start("health", this::askForHealth);
            long[] heap = flood(weir, qos, length);
            stop = true;
            phase = Phase.DRAIN;
            hook.hurry();
            for (Thread thread : threads.subList(1, threads.size())) {
                thread.join();
            }
            await("all that was sent is read", () -> balance().received == sent.get());
            await("the queues are empty", () -> balance().queued == 0);

            Balance balance = balance();
            assertThat(balance.completed + balance.dropped).isEqualTo(sent.get());
            assertThat(hook.taken()).isEqualTo(balance.completed);
            assertThat(balance.dropped > 0).isEqualTo(overflow.equals("drop-oldest"));
            assertThat(heap[1]).as("MiB at the end; at first %d", heap[0]).isLessThanOrEqualTo(heap[0] + NOISE_MIB);

            phase = Phase.RETURN;
            vanish();
            await("all are gone", () -> connections() == 0);
            arrive();
            for (Blast client : idle) {
                client.publish();
            }
            await("work goes on", () -> balance().received == sent.get() + (long) IDLE * Blast.EACH);
            done = true;
            threads.getFirst().join();
            assertThat(failures).isEmpty();
            report(length, qos, overflow, balance, heap);
        }
    }

    /// Publishes for a while.
    ///
    /// @return the live heap in MiB in the first and the last third
    private long[] flood(Weir weir, int qos, int seconds) throws Exception {
        for (int i = 0; i < PUBLISHERS; i++) {
            Blast client = new Blast(mqtt, "loud-" + i, qos).greeted();
            publishers.add(client);
            start("loud-" + i, () -> {
                while (!stop) {
                    client.publish();
                    sent.addAndGet(Blast.EACH);
                }
                return true;
            });
        }
        long[] samples = new long[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            TimeUnit.MILLISECONDS.sleep(seconds * 1000L / SAMPLES); // the flood itself
            samples[i] = liveHeap(weir);
        }
        int third = SAMPLES / 3;
        return new long[] {
            java.util.Arrays.stream(samples, 0, third).max().orElseThrow(),
            java.util.Arrays.stream(samples, SAMPLES - third, SAMPLES).max().orElseThrow()
        };
    }

    private void start(String name, Callable<Boolean> work) {
        threads.add(Thread.ofPlatform().name(name).daemon().start(() -> {
            try {
                work.call();
            } catch (Exception e) {
                if (!done) {
                    failures.add(e);
                }
            }
        }));
    }

    /// All at once.
    private void arrive() throws IOException {
        for (int i = 0; i < IDLE; i++) {
            idle.add(new Blast(mqtt, "idle-" + i, 1));
        }
        for (Blast client : idle) {
            client.greeted();
        }
    }

    private void vanish() throws IOException {
        for (Blast client : publishers) {
            client.close();
        }
        for (Blast client : idle) {
            client.close();
        }
        publishers.clear();
        idle.clear();
    }

    private boolean askForHealth() throws IOException, InterruptedException {
        while (!done) {
            undisturbed.lock();
            try {
                long begun = System.nanoTime();
                get("/health/live");
                worstNanos.merge(phase, System.nanoTime() - begun, Math::max);
                answers.incrementAndGet();
            } finally {
                undisturbed.unlock();
            }
            TimeUnit.MILLISECONDS.sleep(50); // between two questions
        }
        return true;
    }

    /// The body of a good answer.
    private String get(String path) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("http://127.0.0.1:" + http + path).toURL().openConnection();
        connection.setConnectTimeout(10_000);
        connection.setReadTimeout(10_000);
        try (var in = connection.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private long connections() throws IOException {
        Matcher gauge =
                Pattern.compile("(?m)^weir_mqtt_connections\\{[^}]*} ([0-9.]+)").matcher(get("/metrics"));
        assertThat(gauge.find()).isTrue();
        return (long) Double.parseDouble(gauge.group(1));
    }

    private Balance balance() throws IOException {
        String json = get("/api/v1/ledger").replaceAll("\\s", "");
        return new Balance(
                number(json, "received"), number(json, "completed"), number(json, "overflow"), number(json, "queued"));
    }

    /// The first number of that name; 0 where there is none.
    private static long number(String json, String name) {
        Matcher field = Pattern.compile("\"" + name + "\":([0-9]+)").matcher(json);
        return field.find() ? Long.parseLong(field.group(1)) : 0;
    }

    /// MiB that are reachable: what is left after a full collection.
    private long liveHeap(Weir weir) throws Exception {
        undisturbed.lock();
        try {
            Process tool = new ProcessBuilder(
                            System.getProperty("java.home") + "/bin/jcmd",
                            String.valueOf(weir.pid()),
                            "GC.class_histogram")
                    .redirectErrorStream(true)
                    .start();
            String last = "";
            try (var lines = tool.inputReader()) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    last = line;
                }
            }
            Matcher total = Pattern.compile("Total +[0-9]+ +([0-9]+)").matcher(last);
            assertThat(total.find()).as(last).isTrue();
            return Long.parseLong(total.group(1)) >> 20;
        } finally {
            undisturbed.unlock();
        }
    }

    private static void await(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.call()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within two minutes: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private void report(int seconds, int qos, String overflow, Balance balance, long[] heap) {
        System.out.printf(
                "bounded: when,qos,overflow,seconds,sent,delivered,dropped_by_reason,heap_first_mib,heap_last_mib,"
                        + "health_answers,worst_health_ms_flood,drain,return%n%s,%d,%s,%d,%d,%d,overflow=%d,%d,%d,%d,%d,%d,%d%n",
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                qos,
                overflow,
                seconds,
                sent.get(),
                balance.completed,
                balance.dropped,
                heap[0],
                heap[1],
                answers.get(),
                worstMillis(Phase.FLOOD),
                worstMillis(Phase.DRAIN),
                worstMillis(Phase.RETURN));
    }

    private long worstMillis(Phase of) {
        return TimeUnit.NANOSECONDS.toMillis(worstNanos.getOrDefault(of, 0L));
    }
}
