package dev.weir.bench;

import java.io.IOException;
import java.net.DatagramSocket;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// Confirmable POSTs over CoAP: ours decodes and evaluates a rule before it answers, Californium's
/// own server only answers. All devices have one address here, so its rate is not limited.
final class CoapPart implements Part {
    private static final int ENDPOINTS = 50;

    private static final String NODE = """
            sources:
              mqtt: { mqtt: { listen: "127.0.0.1:%d" } }
              motes: { coap: { listen: "127.0.0.1:%d", max-rate: 1000000 } }
            pipelines:
              climate:
                from: motes
                topic: bench/{device}/climate
                fields: { temperature: { unit: "°C" } }
                to: []
            rules:
              too-hot:
                on: climate
                when: temperature > 30.0
                do: [ publish: { topic: "bench/{device}/fan/set", payload: '{"on":true}' } ]
            """;

    @Override
    public String name() {
        return "coap";
    }

    @Override
    public void run(Peers peers, Effort effort, Rows rows) throws IOException, InterruptedException {
        Medians medians = new Medians();
        for (int round = 1; round <= effort.rounds(); round++) {
            int coap = freeUdpPort();
            try (Server server = peers.weir(NODE, Peers.freePort(), coap)) {
                measure("weir", round, server, coap, List.of("bench", "{device}", "climate"), effort, medians);
            }
            int bare = freeUdpPort();
            try (Server server = peers.californium(bare)) {
                measure("californium", round, server, bare, List.of("bench"), effort, medians);
            }
        }
        rows.add(
                "CoAP CON POST; 50 devices",
                "requests/s",
                false,
                medians.of("weir rate"),
                "californium",
                medians.of("californium rate"));
        rows.add(
                "CoAP CON POST; server CPU",
                "us/request",
                true,
                medians.of("weir cpu"),
                "californium",
                medians.of("californium cpu"));
    }

    private static void measure(
            String candidate, int round, Server server, int port, List<String> path, Effort effort, Medians medians)
            throws IOException, InterruptedException {
        Peers.settle();
        double[] cpu = {0};
        CoapLoad load =
                new CoapLoad(new java.net.InetSocketAddress(server.address().getAddress(), port), ENDPOINTS, path);
        double rate = load.run(
                Duration.ofSeconds(effort.warmUpSeconds()),
                Duration.ofSeconds(effort.seconds()),
                () -> cpu[0] = server.cpuSeconds());
        double micros = (server.cpuSeconds() - cpu[0]) * 1e6 / Math.max(1, rate * effort.seconds());
        medians.add(candidate + " rate", rate);
        medians.add(candidate + " cpu", micros);
        System.out.printf(
                Locale.ROOT, "round %d %-12s %9.0f requests/s %6.2f µs CPU each%n", round, candidate, rate, micros);
    }

    private static int freeUdpPort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
