package dev.weir.node;

import dev.weir.connect.mqtt.MqttClient;
import dev.weir.engine.flow.PipelinePlan;
import dev.weir.engine.flow.StagePlan;
import dev.weir.engine.flow.Vigilance;
import dev.weir.runtime.supervise.Backoff;
import dev.weir.testkit.Eventually;
import dev.weir.testkit.FaultyStage;
import dev.weir.testkit.FaultyWebServer;
import dev.weir.testkit.MosquittoBroker;
import dev.weir.testkit.Passage;
import dev.weir.testkit.Ports;
import dev.weir.testkit.Wiretap;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/// A node, some parts of which fail when they are told to: stages, a sink's web server, an
/// actuator's, a broker at the other end of a source and a sink, and the way of some devices to it.
///
/// The pipelines `calm`, `flapping` and `bridged` have no faulty part of their own: they are the
/// neighbours. `first`, `ruled`, `posted` and `out` take the same messages of the same sources as
/// `calm` does, and give up what they have no room for; `second` makes its devices wait, which have
/// connections of their own.
final class ChaosNode {
    private static final String CONFIG = """
            node: chaos
            data: ${WEIR_DATA}
            memory: 256MiB
            sources:
              devices: { mqtt: { listen: "127.0.0.1:${WEIR_MQTT_PORT}" } }
              motes: { coap: { listen: "127.0.0.1:${WEIR_COAP_PORT}" } }
              meters: { http: { listen: "127.0.0.1:WEB" } }
              bridge: { mqtt-client: { url: "tcp://127.0.0.1:BROKER", topics: "far/#", reconnect-max: 500ms } }
            pipelines:
              calm: { from: [devices, motes, meters], topic: "calm/{device}", FIELDS, to: plant }
              flapping: { from: devices, topic: "flap/{device}", FIELDS, to: plant }
              bridged: { from: bridge, topic: "far/{device}", FIELDS, to: plant }
              first: { from: [devices, motes, meters], topic: "calm/{device}", FIELDS, LOSSY, to: store }
              second: { from: devices, topic: "own/{device}", FIELDS, to: store }
              ruled: { from: [devices, motes, meters], topic: "calm/{device}", FIELDS, LOSSY, to: store }
              posted: { from: [devices, motes, meters], topic: "calm/{device}", FIELDS, LOSSY, to: office }
              out: { from: [devices, motes, meters], topic: "calm/{device}", FIELDS, LOSSY, to: abroad }
            rules:
              broken:
                on: ruled
                when: 10 / (seq % 5) > 4
                do:
                  - webhook: { url: "HORN", timeout: 500ms }
            sinks:
              plant: { webhook: { url: "PLANT", timeout: 60s, batch: 50 } }
              office: { webhook: { url: "OFFICE", timeout: 700ms } }
              abroad: { mqtt: { url: "tcp://127.0.0.1:BROKER", topic: "back/{device}", reconnect-max: 500ms } }
            api: { listen: "127.0.0.1:${WEIR_HTTP_PORT}" }
            """;

    private static final String FIELDS =
            "fields: { seq: { type: long }, due: { type: long } }, workers: 2, queue: 256, max-reading: 512B";
    private static final String LOSSY = "overflow: drop-oldest";

    /// Of the stage of `first`.
    private static final Duration TIMEOUT = Duration.ofMillis(250);

    /// Finds in a second what hangs, and has given up after another half what then does not end.
    private static final Vigilance VIGILANCE = new Vigilance(
            Duration.ofMillis(300),
            Duration.ofMillis(200),
            Backoff.exponential(Duration.ofMillis(50), Duration.ofSeconds(1)));

    /// The stages that fail, by their pipelines.
    final FaultyStage first = new FaultyStage();
    final FaultyStage second = new FaultyStage();
    final Arrivals arrivals = new Arrivals();
    final FaultyWebServer plant;
    final FaultyWebServer office;
    final FaultyWebServer horn;
    final MosquittoBroker broker;
    final Wiretap flapping;
    final NodeRig rig;
    final URI web;
    private final List<AutoCloseable> open = new ArrayList<>();
    private boolean away;

    /// Starts it, and returns when the node can be reached and has reached the broker.
    ChaosNode(Path folder) throws Exception {
        try {
            plant = opened(new FaultyWebServer(arrivals::take));
            office = opened(new FaultyWebServer(_ -> {}));
            horn = opened(new FaultyWebServer(_ -> {}));
            broker = opened(MosquittoBroker.start(folder.resolve("broker")));
            int door = Ports.free();
            web = URI.create("http://127.0.0.1:" + door + "/");
            String config = CONFIG.replace("FIELDS", FIELDS)
                    .replace("LOSSY", LOSSY)
                    .replace("WEB", String.valueOf(door))
                    .replace("BROKER", String.valueOf(broker.port()))
                    .replace("PLANT", plant.url())
                    .replace("OFFICE", office.url())
                    .replace("HORN", horn.url());
            rig = opened(NodeRig.open(folder, config, VIGILANCE, this::plantFaults));
            flapping = opened(new Wiretap(rig.mqtt().getPort(), Passage::new));
            awaitBridge();
        } catch (Exception | Error e) {
            close();
            throw e;
        }
    }

    /// What is published before the node has subscribed for the first time, nobody keeps.
    private void awaitBridge() throws Exception {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), broker.port());
        byte[] payload = "{\"seq\":0,\"due\":0,\"phase\":\"none\"}".getBytes(StandardCharsets.UTF_8);
        try (MqttClient probe = MqttClient.connect(MqttClient.Settings.to(address))) {
            Eventually.until("the node has subscribed at the broker", () -> {
                probe.publish("far/probe-1", payload, 1, false);
                probe.awaitAcknowledged(Eventually.PATIENCE);
                return arrivals.of("probe-1").next() > 0;
            });
        }
    }

    private <T extends AutoCloseable> T opened(T part) {
        open.addFirst(part);
        return part;
    }

    private void plantFaults(NodePlan plan) {
        plan.pipelines().replaceAll(pipeline -> switch (pipeline.name()) {
            case "first" -> with(pipeline, first, Optional.of(TIMEOUT));
            case "second" -> with(pipeline, second, Optional.empty());
            default -> pipeline;
        });
    }

    private static PipelinePlan with(PipelinePlan plan, FaultyStage stage, Optional<Duration> timeout) {
        List<StagePlan> stages = new ArrayList<>(plan.stages());
        stages.add(new StagePlan("faulty", stage, Optional.empty(), timeout));
        return new PipelinePlan(
                plan.schema(),
                plan.from(),
                plan.pattern(),
                plan.decoder(),
                stages,
                plan.workforce(),
                plan.maxReading(),
                plan.lane(),
                plan.windows(),
                plan.to());
    }

    /// What can suffer what.
    static Map<String, List<String>> faults() {
        Map<String, List<String>> faults = new LinkedHashMap<>();
        faults.put("first", names(FaultyStage.Fault.values()));
        faults.put("second", names(FaultyStage.Fault.values()));
        faults.put("office", names(FaultyWebServer.Fault.values()));
        faults.put("horn", names(FaultyWebServer.Fault.values()));
        faults.put("broker", List.of("STOP"));
        faults.put("flapping", List.of("CUT", "AWAY"));
        return faults;
    }

    /// What takes so long that it is found out by that.
    static Set<String> lasting() {
        return Set.of(FaultyStage.Fault.HANG.name(), FaultyStage.Fault.SPIN.name());
    }

    private static List<String> names(Enum<?>[] faults) {
        return Stream.of(faults)
                .map(Enum::name)
                .filter(name -> !name.equals("NONE"))
                .toList();
    }

    /// Makes a part fail, or heals it.
    void change(ChaosScript.Step step) throws Exception {
        switch (step.part()) {
            case "first" -> first.suffer(fault(step, FaultyStage.Fault::valueOf));
            case "second" -> second.suffer(fault(step, FaultyStage.Fault::valueOf));
            case "office" -> office.suffer(fault(step, FaultyWebServer.Fault::valueOf));
            case "horn" -> horn.suffer(fault(step, FaultyWebServer.Fault::valueOf));
            case "broker" -> changeBroker(step.fault());
            case "flapping" -> changeFlapping(step.fault());
            default -> throw new IllegalArgumentException("no such part: " + step);
        }
    }

    private static <F> F fault(ChaosScript.Step step, Function<String, F> valueOf) {
        return valueOf.apply(step.fault().equals(ChaosScript.HEALED) ? "NONE" : step.fault());
    }

    private void changeBroker(String fault) throws Exception {
        if (fault.equals(ChaosScript.HEALED)) {
            broker.start();
        } else {
            broker.stop();
        }
    }

    private void changeFlapping(String fault) throws Exception {
        switch (fault) {
            case "CUT" -> flapping.cut();
            case "AWAY" -> {
                flapping.away();
                away = true;
            }
            default -> {
                if (away) {
                    flapping.open();
                    away = false;
                }
            }
        }
    }

    /// Makes stages and web servers work.
    void heal() {
        first.heal();
        second.heal();
        office.heal();
        horn.heal();
    }

    /// Ends all of it.
    void close() throws Exception {
        first.heal();
        second.heal();
        for (AutoCloseable part : open) {
            part.close();
        }
    }
}
