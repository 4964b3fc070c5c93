package dev.weir.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/// A thousand messages a second to five hundred subscribers each.
final class FanOutPart implements Part {
    private static final int SUBSCRIBERS = 500;
    private static final int PER_SECOND = 1_000;

    private static final String NODE = """
            sources:
              devices: { mqtt: { listen: "127.0.0.1:%d" } }
            pipelines:
              none: { from: devices, topic: "nothing/{device}", to: [] }
            """;

    @Override
    public String name() {
        return "fan-out";
    }

    @Override
    public void run(Peers peers, Effort effort, Rows rows) throws IOException, InterruptedException {
        Medians medians = new Medians();
        for (int round = 1; round <= effort.rounds(); round++) {
            try (Server server = peers.weir(NODE, Peers.freePort())) {
                measure("weir", round, server, effort, medians);
            }
            try (Server server = peers.mosquitto(Peers.freePort())) {
                measure("mosquitto", round, server, effort, medians);
            }
        }
        String row = "fan-out 1000/s to 500 subscribers";
        rows.add(row, "deliveries/s", false, medians.of("weir rate"), "mosquitto", medians.of("mosquitto rate"));
        rows.add(
                row + "; server CPU",
                "us/delivery",
                true,
                medians.of("weir cpu"),
                "mosquitto",
                medians.of("mosquitto cpu"));
    }

    private static void measure(String candidate, int round, Server server, Effort effort, Medians medians)
            throws IOException, InterruptedException {
        Peers.settle();
        LongAdder count = new LongAdder();
        List<MqttCounter> subscribers = new ArrayList<>();
        try (MqttWire publisher = MqttWire.connect(server.address(), "fan-publisher")) {
            for (int i = 0; i < SUBSCRIBERS; i++) {
                subscribers.add(MqttCounter.start(server.address(), "fan/#", "fan-" + i, count));
            }
            publish(publisher, effort.warmUpSeconds());
            long before = count.sum();
            double cpu = server.cpuSeconds();
            long begin = System.nanoTime();
            publish(publisher, effort.seconds());
            long delivered = count.sum() - before;
            double rate = delivered * 1e9 / (System.nanoTime() - begin);
            double micros = (server.cpuSeconds() - cpu) * 1e6 / Math.max(1, delivered);
            medians.add(candidate + " rate", rate);
            medians.add(candidate + " cpu", micros);
            System.out.printf(
                    Locale.ROOT,
                    "round %d %-10s %9.0f deliveries/s %5.2f µs CPU each%n",
                    round,
                    candidate,
                    rate,
                    micros);
        } finally {
            for (MqttCounter subscriber : subscribers) {
                subscriber.close();
            }
        }
    }

    private static void publish(MqttWire publisher, int seconds) throws IOException {
        byte[] packet =
                MqttWire.publish("fan/out", "{\"value\":21.5}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        byte[] plain = new byte[packet.length - 2];
        int id = MqttWire.idOffset(packet, "fan/out");
        System.arraycopy(packet, 0, plain, 0, id);
        System.arraycopy(packet, id + 2, plain, id, packet.length - id - 2);
        plain[0] = 0x30;
        plain[1] = (byte) (plain[1] - 2);
        long interval = TimeUnit.SECONDS.toNanos(1) / PER_SECOND;
        long next = System.nanoTime();
        for (int i = 0; i < seconds * PER_SECOND; i++) {
            publisher.out.write(plain);
            next += interval;
            LockSupport.parkNanos(next - System.nanoTime());
        }
    }
}
