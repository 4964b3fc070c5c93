package dev.weir.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What an idle connection costs: connected, with a clean session, silent.
final class IdlePart implements Part {
    private static final int SOME = 5_000;
    private static final int MANY = 15_000;

    private static final String NODE = """
            sources:
              devices: { mqtt: { listen: "127.0.0.1:%d", max-connections: 20000, max-sessions: 20000 } }
            pipelines:
              climate: { from: devices, topic: "bench/{device}/climate", to: [] }
            """;

    @Override
    public String name() {
        return "idle";
    }

    @Override
    public void run(Peers peers, Effort effort, Rows rows) throws IOException, InterruptedException {
        try (Server weir = peers.weir(NODE, Peers.freePort());
                Server mosquitto = peers.mosquitto(Peers.freePort())) {
            Peers.settle();
            Cost ours = measure("weir", weir);
            Cost theirs = measure("mosquitto", mosquitto);
            rows.add("idle connection of 15000", "KiB", true, ours.kibEach(), "mosquitto", theirs.kibEach());
            rows.add("resident with 5000 idle", "MiB", true, ours.withSome, "mosquitto", theirs.withSome);
            rows.add("resident with 15000 idle", "MiB", true, ours.withMany, "mosquitto", theirs.withMany);
        }
    }

    private record Cost(double before, double withSome, double withMany) {
        double kibEach() {
            return (withMany - before) * 1024 / MANY;
        }
    }

    private static Cost measure(String candidate, Server server) throws IOException, InterruptedException {
        List<MqttWire> wires = new ArrayList<>();
        try {
            double before = resident(server);
            fill(wires, SOME, server);
            double some = resident(server);
            fill(wires, MANY, server);
            double many = resident(server);
            Cost cost = new Cost(before, some, many);
            System.out.printf(
                    Locale.ROOT,
                    "%-10s %4.0f MiB, %4.0f with %d idle, %4.0f with %d: %.2f KiB each%n",
                    candidate,
                    before,
                    some,
                    SOME,
                    many,
                    MANY,
                    cost.kibEach());
            return cost;
        } finally {
            for (MqttWire wire : wires) {
                wire.close();
            }
        }
    }

    private static void fill(List<MqttWire> wires, int count, Server server) throws IOException {
        while (wires.size() < count) {
            wires.add(MqttWire.connect(server.address(), "idle-" + wires.size()));
        }
    }

    private static double resident(Server server) throws IOException, InterruptedException {
        server.collectGarbage();
        Thread.sleep(500);
        return server.residentMib();
    }
}
