package dev.weir.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/// A rule from MQTT to MQTT: of readings of which every second is hot, each hot one becomes a
/// command. Node-RED does it beside a Mosquitto, ours by itself. What counts is how many commands
/// come out; what a server drops on the way does not. A Node-RED that is offered more than it can
/// take loses nearly everything: it is offered several rates, and the best counts.
final class FilterPart implements Part {
    private static final int CONNECTIONS = 50;
    private static final int WINDOW = 20;

    /// What Node-RED is offered, in readings a second.
    private static final int[] OFFERED = {15_000, 25_000, 35_000};

    private static final String NODE = """
            sources:
              devices: { mqtt: { listen: "127.0.0.1:%d" } }
            pipelines:
              climate:
                from: devices
                topic: bench/{place}/{device}/climate
                fields: { temperature: { unit: "°C" } }
                to: []
            rules:
              too-hot:
                on: climate
                when: temperature > 30.0
                do: [ publish: { topic: "bench/{place}/{device}/fan/set", payload: '{"on":true}', qos: 0 } ]
            """;

    @Override
    public String name() {
        return "filter";
    }

    @Override
    public void run(Peers peers, Effort effort, Rows rows) throws IOException, InterruptedException {
        Medians medians = new Medians();
        for (int round = 1; round <= effort.rounds(); round++) {
            try (Server server = peers.weir(NODE, Peers.freePort())) {
                Sample sample = measure("weir", server, server, effort, 0);
                medians.add("weir rate", sample.rate());
                medians.add("weir memory", sample.mib());
            }
            int broker = Peers.freePort();
            try (Server mosquitto = peers.mosquitto(broker);
                    Server nodeRed = peers.nodeRed(Peers.freePort(), broker)) {
                Thread.sleep(Duration.ofSeconds(2));
                Sample best = new Sample(0, 0);
                for (int offered : OFFERED) {
                    Sample sample = measure("node-red", mosquitto, nodeRed, effort, offered);
                    best = sample.rate() > best.rate() ? sample : best;
                }
                medians.add("node-red rate", best.rate());
                medians.add("node-red memory", best.mib());
            }
        }
        rows.add(
                "rule MQTT to MQTT; every second reading",
                "readings/s",
                false,
                medians.of("weir rate"),
                "node-red",
                medians.of("node-red rate"));
        rows.add(
                "rule MQTT to MQTT; resident under load",
                "MiB",
                true,
                medians.of("weir memory"),
                "node-red",
                medians.of("node-red memory"));
    }

    /// @param rate readings a second that came through the rule
    /// @param mib resident memory of who evaluates it
    private record Sample(double rate, double mib) {}

    private static Sample measure(String candidate, Server broker, Server ruler, Effort effort, int offered)
            throws IOException, InterruptedException {
        Peers.settle();
        try (MqttCounter commands = MqttCounter.start(broker.address(), "bench/+/+/fan/set", "counter")) {
            long[] before = {0, 0};
            MqttLoad load = new MqttLoad(broker.address(), CONNECTIONS, WINDOW, MqttLoad.HALF, offered);
            MqttLoad.Outcome in =
                    load.run(Duration.ofSeconds(effort.warmUpSeconds()), Duration.ofSeconds(effort.seconds()), () -> {
                        before[0] = commands.count();
                        before[1] = System.nanoTime();
                    });
            double rate = 2e9 * (commands.count() - before[0]) / (System.nanoTime() - before[1]);
            System.out.printf(
                    Locale.ROOT,
                    "%-10s %9.0f readings/s through the rule, %9.0f acknowledged, %4.0f MiB%n",
                    candidate,
                    rate,
                    in.perSecond(),
                    ruler.residentMib());
            return new Sample(rate, ruler.residentMib());
        }
    }
}
