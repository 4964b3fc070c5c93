package dev.weir.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLContext;

/// What an idle connection costs: connected, with a clean session, silent.
final class IdlePart implements Part {
    private static final int SOME = 5_000;
    private static final int MANY = 15_000;

    private static final String NODE = """
            sources:
              devices: { mqtt: { %s, max-connections: 20000, max-sessions: 20000 } }
            pipelines:
              climate: { from: devices, topic: "bench/{device}/climate", to: [] }
            """;

    private static final String PLAIN = "listen: \"127.0.0.1:%d\"";
    private static final String TLS =
            "listen: none, tls: { listen: \"127.0.0.1:%d\", certificate: TLS-CERTIFICATE, key: TLS-KEY }";

    @Override
    public String name() {
        return "idle";
    }

    @Override
    public void run(Peers peers, Effort effort, Rows rows) throws IOException, InterruptedException {
        try (Server weir = peers.weir(NODE.formatted(PLAIN), Peers.freePort());
                Server mosquitto = peers.mosquitto(Peers.freePort())) {
            Peers.settle();
            Cost ours = measure("weir", weir, MqttWire::connect, MANY);
            Cost theirs = measure("mosquitto", mosquitto, MqttWire::connect, MANY);
            rows.add("idle connection of 15000", "KiB", true, ours.kibEach(), "mosquitto", theirs.kibEach());
            rows.add("resident with 5000 idle", "MiB", true, ours.withSome, "mosquitto", theirs.withSome);
            rows.add("resident with 15000 idle", "MiB", true, ours.withAll, "mosquitto", theirs.withAll);
        }
        TlsFiles files = TlsFiles.make(peers.work());
        String node = NODE.formatted(TLS)
                .replace("TLS-CERTIFICATE", files.certificate().toString())
                .replace("TLS-KEY", files.key().toString());
        try (Server weir = peers.weir(node, Peers.freePort());
                Server mosquitto = peers.mosquitto(Peers.freePort(), files)) {
            Peers.settle();
            SSLContext trust = files.trust();
            Dial dial = (server, id) -> MqttWire.connect(server, id, trust);
            Cost ours = measure("weir TLS", weir, dial, SOME);
            Cost theirs = measure("mosq. TLS", mosquitto, dial, SOME);
            rows.add("idle TLS connection of 5000", "KiB", true, ours.kibEach(), "mosquitto", theirs.kibEach());
            rows.add("resident with 5000 idle TLS", "MiB", true, ours.withAll, "mosquitto", theirs.withAll);
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS does not work here", e);
        }
    }

    /// How a connection is made.
    @FunctionalInterface
    private interface Dial {
        MqttWire connect(InetSocketAddress server, String id) throws IOException;
    }

    private record Cost(int connections, double before, double withSome, double withAll) {
        double kibEach() {
            return (withAll - before) * 1024 / connections;
        }
    }

    private static Cost measure(String candidate, Server server, Dial dial, int most)
            throws IOException, InterruptedException {
        List<MqttWire> wires = new ArrayList<>();
        try {
            double before = resident(server);
            fill(wires, Math.min(SOME, most), server, dial);
            double some = resident(server);
            fill(wires, most, server, dial);
            double all = resident(server);
            Cost cost = new Cost(most, before, some, all);
            System.out.printf(
                    Locale.ROOT,
                    "%-10s %4.0f MiB, %4.0f with %d idle, %4.0f with %d: %.2f KiB each%n",
                    candidate,
                    before,
                    some,
                    Math.min(SOME, most),
                    all,
                    most,
                    cost.kibEach());
            return cost;
        } finally {
            for (MqttWire wire : wires) {
                wire.close();
            }
        }
    }

    private static void fill(List<MqttWire> wires, int count, Server server, Dial dial) throws IOException {
        while (wires.size() < count) {
            wires.add(dial.connect(server.address(), "idle-" + wires.size()));
        }
    }

    /// Idle for a while, too: our launcher has the JVM give back what its compilers took every 5 s.
    private static double resident(Server server) throws IOException, InterruptedException {
        server.collectGarbage();
        Thread.sleep(Duration.ofSeconds(6));
        return server.residentMib();
    }
}
