package dev.weir.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/// A rule from MQTT to MQTT: of readings of which every second is hot, each hot one becomes a
/// command. Node-RED does it beside a Mosquitto, ours by itself. What counts is how many commands
/// come out; what a server drops on the way does not.
final class FilterPart implements Part {
    private static final int CONNECTIONS = 50;
    private static final int WINDOW = 20;

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
                measure("weir", round, server, server, effort, medians);
            }
            int broker = Peers.freePort();
            try (Server mosquitto = peers.mosquitto(broker);
                    Server nodeRed = peers.nodeRed(Peers.freePort(), broker)) {
                Thread.sleep(Duration.ofSeconds(2));
                measure("node-red", round, mosquitto, nodeRed, effort, medians);
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

    private static void measure(
            String candidate, int round, Server broker, Server ruler, Effort effort, Medians medians)
            throws IOException, InterruptedException {
        Peers.settle();
        try (MqttCounter commands = MqttCounter.start(broker.address(), "bench/+/+/fan/set", "counter")) {
            long[] before = {0, 0};
            long[] begin = {0};
            MqttLoad.Outcome in = new MqttLoad(broker.address(), CONNECTIONS, WINDOW, MqttLoad.HALF)
                    .run(Duration.ofSeconds(effort.warmUpSeconds()), Duration.ofSeconds(effort.seconds()), () -> {
                        before[0] = commands.count();
                        begin[0] = System.nanoTime();
                    });
            double rate = 2e9 * (commands.count() - before[0]) / (System.nanoTime() - begin[0]);
            medians.add(candidate + " rate", rate);
            medians.add(candidate + " memory", ruler.residentMib());
            System.out.printf(
                    Locale.ROOT,
                    "round %d %-10s %9.0f readings/s through the rule, %9.0f acknowledged, %4.0f MiB%n",
                    round,
                    candidate,
                    rate,
                    in.perSecond(),
                    ruler.residentMib());
        }
    }
}
