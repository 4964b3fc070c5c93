package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.weir.runtime.Channel;
import dev.weir.runtime.Scheduler;
import dev.weir.runtime.inspect.Lookout;
import dev.weir.testkit.CountingMeters;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NodeLookoutTest {
    private static final Duration PERIOD = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofMinutes(10);

    private final CountingMeters meters = new CountingMeters();
    private final KeptLog log = new KeptLog();

    static long found(CountingMeters meters, String kind) {
        return meters.count("weir_thread_findings", "kind", kind);
    }

    private void await(String kind) {
        while (found(meters, kind) == 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void start_withASenderThatNobodyServes_countsItOnce() throws Exception {
        var limits = new Lookout.Limits(Duration.ofMillis(5), Duration.ofMillis(10), Double.MAX_VALUE, 20_000, LONG);
        Channel<Integer> full = Channel.bounded(1);
        full.send(1);
        Thread sender = Scheduler.go("sends-in-vain", () -> {
            try {
                full.send(2);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try (Lookout lookout = NodeLookout.start(meters, limits, log)) {
            await("blocked");
            assertThat(lookout).isNotNull();
        }
        assertThat(found(meters, "blocked")).isEqualTo(1);
        assertThat(log.lines()).anyMatch(line -> line.startsWith("WARN \"sends-in-vain\" has waited to send"));
        sender.interrupt();
        sender.join();
    }

    /// After its first look, two thousand threads are started at once.
    private void assertFound(Lookout.Limits limits, String text) throws Exception {
        var letGo = new CountDownLatch(1);
        var threads = new ArrayList<Thread>();
        Channel<Integer> first = Channel.unbuffered();
        try (Lookout lookout = NodeLookout.start(meters, limits, log)) {
            threads.add(Scheduler.go("tells-that-it-has-looked", () -> {
                try {
                    first.send(1);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
            await("blocked");
            for (int i = 0; i < 2_000; i++) {
                threads.add(Scheduler.go("one-of-many", () -> {
                    try {
                        letGo.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }));
            }
            await("many");
            assertThat(lookout).isNotNull();
        } finally {
            letGo.countDown();
            first.receive();
        }
        assertThat(found(meters, "many")).isEqualTo(1);
        assertThat(log.lines())
                .filteredOn(line -> line.contains(text))
                .singleElement()
                .satisfies(line -> assertThat(line).startsWith("WARN "));
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Test
    void start_withARunawayFanOut_countsAndLogsIt() throws Exception {
        assertFound(new Lookout.Limits(PERIOD, Duration.ZERO, Double.MAX_VALUE, 100, LONG), " virtual threads in ");
    }

    @Test
    void start_withMoreThreadsThanTheDriftBound_countsAndLogsIt() throws Exception {
        assertFound(
                new Lookout.Limits(PERIOD, Duration.ZERO, 0.1, 1_000_000, LONG),
                " virtual threads, where there used to be ");
    }

    @Test
    void start_withALeak_countsAndLogsWhereItWasStarted() throws Exception {
        assumeThat(Scheduler.shared().isOwn())
                .as("the JDK's scheduler keeps no list of threads whose leaks could be proven")
                .isTrue();
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-XX:+UseSerialGC",
                        "-Xmx64m",
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "-Djdk.trackAllThreads=false",
                        "-Dweir.sites=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LeakingNode.class.getName())
                .redirectErrorStream(true)
                .start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertThat(process.waitFor()).isZero();
        assertThat(lines).contains("counted 1");
        assertThat(lines)
                .anyMatch(
                        line -> line.startsWith("WARN ") && line.contains("forgotten") && line.contains("LeakingNode"));
    }
}
