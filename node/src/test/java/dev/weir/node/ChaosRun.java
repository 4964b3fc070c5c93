package dev.weir.node;

import dev.weir.connect.mqtt.MqttClient;
import dev.weir.engine.flow.Commands;
import dev.weir.engine.flow.Ledger;
import dev.weir.testkit.Eventually;
import dev.weir.testkit.FaultyStage;
import dev.weir.testkit.FaultyWebServer;
import dev.weir.testkit.LiveThreads;
import dev.weir.testkit.UsedHeap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One run of a [ChaosNode] through a [ChaosScript], and what was seen on the way. Belongs to one
/// thread; what it answers holds once [#play] is over.
final class ChaosRun {
    /// What the node has to end within, whatever hangs.
    static final Duration DEADLINE = Duration.ofSeconds(4);

    /// Whether virtual threads run on the JDK's scheduler.
    static final boolean JDK = "jdk".equals(System.getProperty("weir.scheduler"));

    private static final Duration WARM_UP = Duration.ofSeconds(4);

    /// What collecting garbage has delayed is not to count as quiet.
    private static final Duration SETTLE = Duration.ofSeconds(1);

    /// What coming to rest and closing take, about.
    private static final Duration END = Duration.ofSeconds(7);

    /// Of the time, what is quiet.
    private static final double QUIET = 0.15;

    private static final Pattern NUMBER = Pattern.compile("[0-9]+");

    /// Threads of the process: of the JDK, of libraries, and of the scheduler that all tests share,
    /// which has as many carriers as it had to have.
    private static final Pattern SHARED = Pattern.compile(
            "ForkJoinPool.*|HttpClient-N-.*|VirtualThread-.*|.*Poller.*|process reaper.*|Keep-Alive-Timer|Rx.*"
                    + "|globalEventExecutor.*|weir-carrier-N|weir-watch|weir-deadlines|surefire.*|");

    private static final Duration OFTEN = Duration.ofMillis(20);
    private static final Duration SELDOM = Duration.ofMillis(40);

    final long seed;
    final Duration length;
    final ChaosNode node;
    final NodeWatch watch;

    /// Devices of the pipeline `calm`.
    final List<SteadyDevice> calm = new ArrayList<>();

    /// Devices whose way to the node is cut now and then.
    final List<SteadyDevice> flapping = new ArrayList<>();

    /// Devices that have to wait for a stage that fails.
    final List<SteadyDevice> waiting = new ArrayList<>();

    private volatile String phase = "warm-up";

    // before and after the faults, when all is at rest
    long heapBefore;
    long heapAfter;
    Map<String, Long> threadsBefore = Map.of();

    /// What other tests have left behind in this JVM.
    private final List<String> strangers = LiveThreads.named("weir-");

    /// Of which names there are more threads than before.
    Map<String, Long> moreThreads = Map.of();

    Map<String, NodeWatch.Part> supervised = Map.of();
    Ledger ledger = new Ledger(List.of(), List.of());
    Commands.Line commands = new Commands.Line(0, 0, 0, Map.of(), Map.of(), 0);

    // after the node was closed
    Duration closing = Duration.ZERO;
    List<String> left = List.of();
    Ledger ledgerClosed = ledger;
    List<String> threadsClosed = List.of();

    /// Starts the node.
    ///
    /// @param length of the whole, but for what it takes to come to rest
    ChaosRun(Path folder, long seed, Duration length) throws Exception {
        this.seed = seed;
        this.length = length;
        this.node = new ChaosNode(folder);
        this.watch = new NodeWatch(node.rig.node().url());
    }

    private void startDevices() throws IOException {
        int mqtt = node.rig.mqtt().getPort();
        for (int i = 1; i <= 4; i++) {
            String name = "mqtt-" + i;
            calm.add(device(name, "calm", SteadyDevice.mqtt(name, mqtt), OFTEN));
        }
        for (int i = 1; i <= 2; i++) {
            calm.add(device("http-" + i, "calm", SteadyDevice.http(node.web), SELDOM));
            calm.add(device("coap-" + i, "calm", SteadyDevice.coap(node.rig.coap()), SELDOM));
            String flap = "flap-" + i;
            flapping.add(device(flap, "flap", SteadyDevice.mqtt(flap, node.flapping.port()), SELDOM));
            String far = "far-" + i;
            flapping.add(device(far, "far", SteadyDevice.mqtt(far, node.broker.port()), SELDOM));
            String own = "own-" + i;
            waiting.add(device(own, "own", SteadyDevice.mqtt(own, mqtt), SELDOM));
        }
    }

    private SteadyDevice device(String name, String folder, SteadyDevice.Way way, Duration period) {
        return new SteadyDevice(name, folder, way, period, () -> phase);
    }

    /// All of it.
    void play() throws Exception {
        startDevices();
        pass(WARM_UP);
        threadsBefore = threads();
        heapBefore = UsedHeap.bytes();
        pass(SETTLE);
        phase = "quiet";
        Duration quiet = Duration.ofMillis((long) (length.toMillis() * QUIET));
        pass(quiet);
        phase = "chaos";
        Duration chaos = length.minus(WARM_UP).minus(SETTLE).minus(quiet).minus(END);
        ChaosScript script = ChaosScript.of(seed, ChaosNode.faults(), ChaosNode.lasting(), chaos);
        long begun = System.nanoTime();
        for (ChaosScript.Step step : script.steps()) {
            pass(Duration.ofMillis(step.atMillis()).minusNanos(System.nanoTime() - begun));
            node.change(step);
        }
        phase = "after";
        rest();
        stop();
        ChaosReport.write(this);
    }

    /// The load itself, for a while.
    private static void pass(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(Math.max(0, time.toNanos()));
    }

    /// Everything works again: waits until all that was sent has arrived, and looks what is left.
    private void rest() throws Exception {
        Eventually.until("no more threads than before: " + threadsBefore, () -> {
            moreThreads = more(threadsBefore, threads());
            return moreThreads.isEmpty();
        });
        for (SteadyDevice device : devices().toList()) {
            device.stop();
        }
        for (SteadyDevice device :
                Stream.concat(calm.stream(), flapping.stream()).toList()) {
            Eventually.until(
                    "all of " + device.name() + " is there",
                    () -> node.arrivals.of(device.name()).next() >= device.acknowledged());
        }
        node.rig.node().closeWindows();
        supervised = NodeWatch.supervised(node.rig.get("/api/v1/pipelines").body());
        ledger = node.rig.node().ledger();
        commands = node.rig.node().commands();
        heapAfter = UsedHeap.bytes();
    }

    /// Some parts hang for good, and the node is to stop.
    private void stop() throws Exception {
        node.second.suffer(FaultyStage.Fault.SPIN);
        node.first.suffer(FaultyStage.Fault.HANG);
        node.office.suffer(FaultyWebServer.Fault.STALL);
        node.horn.suffer(FaultyWebServer.Fault.STALL);
        try (MqttClient client = node.rig.connect("last")) {
            // On the JDK's scheduler each that spins has a carrier for good, and there are no more than two.
            for (int i = 0; i < (JDK ? 1 : 20); i++) {
                byte[] payload = ("{\"seq\":" + i + "}").getBytes(StandardCharsets.UTF_8);
                client.publish("own/last-" + i, payload, 1, false);
            }
            client.awaitAcknowledged(Eventually.PATIENCE);
        }
        Eventually.until("a stage spins", () -> node.second.inside() > 0);
        watch.close();
        long begun = System.nanoTime();
        left = node.rig.node().close(DEADLINE).stream().map(Unstopped::toString).toList();
        closing = Duration.ofNanos(System.nanoTime() - begun);
        ledgerClosed = node.rig.node().ledger();
        node.heal();
        try {
            Eventually.until("threads have ended", () -> {
                List<String> others = new ArrayList<>(strangers);
                threadsClosed = LiveThreads.named("weir-").stream()
                        .filter(name -> !others.remove(name))
                        .filter(name -> !SHARED.matcher(numberless(name)).matches())
                        .toList();
                return threadsClosed.isEmpty();
            });
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "; these have not: " + threadsClosed, e);
        }
    }

    private Stream<SteadyDevice> devices() {
        return Stream.of(calm, flapping, waiting).flatMap(List::stream);
    }

    /// What became of a stream's readings, when all was at rest.
    Ledger.StreamLine line(String stream) {
        return ledger.streams().stream()
                .filter(line -> line.stream().equals(stream))
                .findFirst()
                .orElseThrow();
    }

    /// How a supervised part did, when all was at rest.
    NodeWatch.Part part(String name) {
        return Objects.requireNonNull(supervised.get(name), name);
    }

    /// Ends all of it.
    void close() throws Exception {
        devices().forEach(SteadyDevice::close);
        watch.close();
        node.close();
    }

    private static String numberless(String thread) {
        return NUMBER.matcher(thread).replaceAll("N");
    }

    /// How many threads there are of each name, without its numbers.
    private static Map<String, Long> threads() {
        return LiveThreads.named("").stream()
                .map(ChaosRun::numberless)
                .filter(name -> !SHARED.matcher(name).matches())
                .collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
    }

    private static Map<String, Long> more(Map<String, Long> before, Map<String, Long> after) {
        Map<String, Long> more = new TreeMap<>(after);
        more.entrySet().removeIf(count -> count.getValue() <= before.getOrDefault(count.getKey(), 0L));
        return more;
    }
}
