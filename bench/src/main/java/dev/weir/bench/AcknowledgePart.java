package dev.weir.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// Devices in over MQTT: ours decodes, evaluates a rule for each reading and publishes a command
/// for one in a hundred; the peers only acknowledge.
final class AcknowledgePart implements Part {
    private static final int CONNECTIONS = 50;
    private static final int WINDOW = 20;
    private static final List<String> PEERS = List.of("mosquitto", "hivemq");

    private static final String NODE = """
            sources:
              devices: { mqtt: { listen: "127.0.0.1:%%d" } }
            pipelines:
              climate:
                from: devices
                topic: bench/{place}/{device}/climate
                fields: { temperature: { unit: "°C" }, seq: { type: long } }
                to: %s
            rules:
              too-hot:
                on: climate
                when: temperature > 30.0
                do: [ publish: { topic: "bench/{place}/{device}/fan/set", payload: '{"on":true}' } ]
            """;

    @Override
    public String name() {
        return "acknowledge";
    }

    @Override
    public void run(Peers peers, Effort effort, Rows rows) throws IOException, InterruptedException {
        Medians medians = new Medians();
        for (int round = 1; round <= effort.rounds(); round++) {
            for (String candidate : List.of("weir", "weir-store", "mosquitto", "hivemq")) {
                measure(candidate, peers, effort, medians, round);
            }
        }
        for (String peer : PEERS) {
            compare(rows, medians, "QoS 1 50x20 decode+rule vs plain ack", "msg/s", false, "weir", peer, "rate");
            compare(
                    rows,
                    medians,
                    "QoS 1 50x20 decode+rule+store vs plain ack",
                    "msg/s",
                    false,
                    "weir-store",
                    peer,
                    "rate");
            compare(rows, medians, "server CPU decode+rule vs plain ack", "us/msg", true, "weir", peer, "cpu");
            compare(
                    rows,
                    medians,
                    "server CPU decode+rule+store vs plain ack",
                    "us/msg",
                    true,
                    "weir-store",
                    peer,
                    "cpu");
            compare(rows, medians, "start to first connection", "ms", true, "weir", peer, "start");
            compare(rows, medians, "resident idle", "MiB", true, "weir", peer, "idle");
            compare(rows, medians, "resident after load", "MiB", true, "weir", peer, "loaded");
        }
    }

    private static void compare(
            Rows rows,
            Medians medians,
            String row,
            String unit,
            boolean lowerIsBetter,
            String ours,
            String peer,
            String value) {
        rows.add(row, unit, lowerIsBetter, medians.of(ours + value), peer, medians.of(peer + value));
    }

    private static void measure(String candidate, Peers peers, Effort effort, Medians medians, int round)
            throws IOException, InterruptedException {
        int port = Peers.freePort();
        try (Server server = start(candidate, peers, port)) {
            Peers.settle();
            double idle = server.residentMib();
            double[] cpu = {0};
            MqttLoad load = new MqttLoad(server.address(), CONNECTIONS, WINDOW, MqttLoad.RARE, 0);
            MqttLoad.Outcome outcome = load.run(
                    Duration.ofSeconds(effort.warmUpSeconds()),
                    Duration.ofSeconds(effort.seconds()),
                    () -> cpu[0] = server.cpuSeconds());
            double micros = (server.cpuSeconds() - cpu[0]) * 1e6 / Math.max(1, outcome.messages());
            medians.add(candidate + "rate", outcome.perSecond());
            medians.add(candidate + "cpu", micros);
            medians.add(candidate + "start", (double) server.startTime().toMillis());
            medians.add(candidate + "idle", idle);
            medians.add(candidate + "loaded", server.residentMib());
            System.out.printf(
                    Locale.ROOT,
                    "round %d %-10s %9.0f msg/s %6.2f µs CPU/msg  start %5d ms  %4.0f → %4.0f MiB%n",
                    round,
                    candidate,
                    outcome.perSecond(),
                    micros,
                    server.startTime().toMillis(),
                    idle,
                    server.residentMib());
        }
    }

    private static Server start(String candidate, Peers peers, int port) throws IOException, InterruptedException {
        return switch (candidate) {
            case "mosquitto" -> peers.mosquitto(port);
            case "hivemq" -> peers.hivemq(port);
            case "weir-store" -> peers.weir(NODE.formatted("store"), port);
            default -> peers.weir(NODE.formatted("[]"), port);
        };
    }
}
