package dev.weir.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// Devices in over MQTT: ours decodes, evaluates a rule for each reading and publishes a command
/// for one in a hundred; the peers only acknowledge. Servers take turns for several rounds, since
/// the machine is shared; medians count.
final class IngestBench {
    private static final int CONNECTIONS = 50;
    private static final int WINDOW = 20;

    private final Path weir;
    private final Path hivemq;
    private final Path work;
    private final int rounds;
    private final Duration warmUp;
    private final Duration measured;

    private enum Candidate {
        WEIR,
        WEIR_STORE,
        MOSQUITTO,
        HIVEMQ
    }

    /// One round of one server.
    private record Sample(double perSecond, double cpuMicros, double startMillis, double idleMib, double loadedMib) {}

    private IngestBench(Path weir, Path hivemq, boolean quick) throws IOException {
        this.weir = weir;
        this.hivemq = hivemq;
        this.work = Files.createTempDirectory("weir-bench");
        this.rounds = quick ? 3 : 7;
        this.warmUp = Duration.ofSeconds(quick ? 6 : 15);
        this.measured = Duration.ofSeconds(quick ? 5 : 15);
    }

    /// `IngestBench <weir.jar> <folder of HiveMQ's jars> <csv> <commit> <machine> [--quick]`.
    public static void main(String[] args) throws Exception {
        boolean quick = Arrays.asList(args).contains("--quick");
        IngestBench bench = new IngestBench(Path.of(args[0]), Path.of(args[1]), quick);
        Rows rows = bench.run();
        rows.print();
        rows.append(Path.of(args[2]), args[3], args[4]);
    }

    private Rows run() throws IOException, InterruptedException {
        Map<Candidate, List<Sample>> samples = new EnumMap<>(Candidate.class);
        for (int round = 1; round <= rounds; round++) {
            for (Candidate candidate : Candidate.values()) {
                Sample sample = measure(candidate);
                samples.computeIfAbsent(candidate, key -> new ArrayList<>()).add(sample);
                System.out.printf(
                        Locale.ROOT,
                        "round %d/%d %-10s %9.0f msg/s %6.2f µs CPU/msg  start %5.0f ms  %4.0f → %4.0f MiB%n",
                        round,
                        rounds,
                        candidate.name().toLowerCase(Locale.ROOT),
                        sample.perSecond,
                        sample.cpuMicros,
                        sample.startMillis,
                        sample.idleMib,
                        sample.loadedMib);
            }
        }
        Rows rows = new Rows();
        compare(
                rows,
                samples,
                Candidate.WEIR,
                "QoS 1 50x20 decode+rule vs plain ack",
                "msg/s",
                false,
                Sample::perSecond);
        compare(
                rows,
                samples,
                Candidate.WEIR_STORE,
                "QoS 1 50x20 decode+rule+store vs plain ack",
                "msg/s",
                false,
                Sample::perSecond);
        compare(
                rows,
                samples,
                Candidate.WEIR,
                "server CPU decode+rule vs plain ack",
                "us/msg",
                true,
                Sample::cpuMicros);
        compare(
                rows,
                samples,
                Candidate.WEIR_STORE,
                "server CPU decode+rule+store vs plain ack",
                "us/msg",
                true,
                Sample::cpuMicros);
        compare(rows, samples, Candidate.WEIR, "start to first connection", "ms", true, Sample::startMillis);
        compare(rows, samples, Candidate.WEIR, "resident idle", "MiB", true, Sample::idleMib);
        compare(rows, samples, Candidate.WEIR, "resident after load", "MiB", true, Sample::loadedMib);
        latency(rows);
        return rows;
    }

    private Sample measure(Candidate candidate) throws IOException, InterruptedException {
        int port = freePort();
        try (Server server = Server.start(command(candidate, port), port, work.resolve(candidate + ".log"))) {
            Thread.sleep(500);
            double idle = server.residentMib();
            double[] cpu = {0};
            MqttLoad load = new MqttLoad(server.address(), CONNECTIONS, WINDOW);
            MqttLoad.Outcome outcome = load.run(warmUp, measured, () -> cpu[0] = server.cpuSeconds());
            double used = server.cpuSeconds() - cpu[0];
            return new Sample(
                    outcome.perSecond(),
                    used * 1e6 / Math.max(1, outcome.messages()),
                    server.startTime().toMillis(),
                    idle,
                    server.residentMib());
        }
    }

    private void latency(Rows rows) throws IOException, InterruptedException {
        int port = freePort();
        try (Server server = Server.start(command(Candidate.WEIR, port), port, work.resolve("latency.log"))) {
            new ActuationProbe(server.address(), 5_000).run(Duration.ofSeconds(5));
            for (int rate : new int[] {2_000, 20_000}) {
                long[] nanos = new ActuationProbe(server.address(), rate).run(Duration.ofSeconds(8));
                if (nanos.length == 0) {
                    throw new IOException("no command came back; see " + work.resolve("latency.log"));
                }
                rows.add("device to actuator p50 at " + rate + "/s", "ms", true, nanos[nanos.length / 2] / 1e6);
                rows.add("device to actuator p99 at " + rate + "/s", "ms", true, nanos[nanos.length * 99 / 100] / 1e6);
            }
        }
    }

    private List<String> command(Candidate candidate, int port) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return switch (candidate) {
            case WEIR, WEIR_STORE -> {
                List<String> command = new ArrayList<>(List.of(java, "-XX:+UseSerialGC", "-XX:-UsePerfData"));
                Path cache = weir.resolveSibling("weir.aot");
                if (Files.exists(cache)) {
                    command.add("-XX:AOTCache=" + cache);
                }
                command.addAll(List.of(
                        "-Xmx256m",
                        "-jar",
                        weir.toString(),
                        "run",
                        config(port, candidate == Candidate.WEIR_STORE).toString()));
                yield command;
            }
            case MOSQUITTO -> {
                Path config = work.resolve("mosquitto.conf");
                Files.writeString(
                        config, "listener " + port + " 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\n");
                yield List.of("/usr/sbin/mosquitto", "-c", config.toString());
            }
            case HIVEMQ ->
                List.of(
                        java,
                        "-Xmx512m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        hivemq + "/*",
                        "dev.weir.bench.hivemq.HiveMqServer",
                        String.valueOf(port),
                        Files.createTempDirectory(work, "hivemq").toString());
        };
    }

    private Path config(int port, boolean store) throws IOException {
        Path data = Files.createTempDirectory(work, "node");
        Path file = data.resolve("bench.yaml");
        Files.writeString(file, """
                node: bench
                data: %s
                memory: 192MiB
                sources:
                  devices: { mqtt: { listen: "127.0.0.1:%d" } }
                pipelines:
                  climate:
                    from: devices
                    topic: bench/{place}/{device}/climate
                    fields: { temperature: { unit: "°C" }, seq: { type: long } }
                    to: %s
                  probe:
                    from: devices
                    topic: probe/{device}/climate
                    fields: { temperature: { unit: "°C" } }
                    to: []
                rules:
                  too-hot:
                    on: climate
                    when: temperature > 30.0
                    do: [ publish: { topic: "bench/{place}/{device}/fan/set", payload: '{"on":true}' } ]
                  probe-hot:
                    on: probe
                    when: temperature > 30.0
                    do: [ publish: { topic: "probe/{device}/fan/set", payload: '{"on":true}' } ]
                api: { listen: "127.0.0.1:%d" }
                """.formatted(data.resolve("data"), port, store ? "store" : "[]", freePort()));
        return file;
    }

    private static void compare(
            Rows rows,
            Map<Candidate, List<Sample>> samples,
            Candidate ours,
            String row,
            String unit,
            boolean lowerIsBetter,
            ToDoubleFunction<Sample> value) {
        for (Candidate peer : List.of(Candidate.MOSQUITTO, Candidate.HIVEMQ)) {
            rows.add(
                    row,
                    unit,
                    lowerIsBetter,
                    median(samples, ours, value),
                    peer.name().toLowerCase(Locale.ROOT),
                    median(samples, peer, value));
        }
    }

    private static double median(
            Map<Candidate, List<Sample>> samples, Candidate candidate, ToDoubleFunction<Sample> value) {
        double[] values = samples.getOrDefault(candidate, List.of()).stream()
                .mapToDouble(value)
                .sorted()
                .toArray();
        return values.length == 0 ? Double.NaN : values[values.length / 2];
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
