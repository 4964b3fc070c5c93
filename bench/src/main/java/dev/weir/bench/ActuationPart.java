package dev.weir.bench;

import java.io.IOException;
import java.time.Duration;

/// From a device's reading to the command on the wire to its actuator.
final class ActuationPart implements Part {
    private static final String NODE = """
            sources:
              devices: { mqtt: { listen: "127.0.0.1:%d" } }
            pipelines:
              probe:
                from: devices
                topic: probe/{device}/climate
                fields: { temperature: { unit: "°C" } }
                to: []
            rules:
              probe-hot:
                on: probe
                when: temperature > 30.0
                do: [ publish: { topic: "probe/{device}/fan/set", payload: '{"on":true}' } ]
            """;

    @Override
    public String name() {
        return "actuation";
    }

    @Override
    public void run(Peers peers, Effort effort, Rows rows) throws IOException, InterruptedException {
        try (Server server = peers.weir(NODE, Peers.freePort())) {
            new ActuationProbe(server.address(), 5_000).run(Duration.ofSeconds(effort.warmUpSeconds()));
            for (int rate : new int[] {2_000, 20_000}) {
                long[] nanos =
                        new ActuationProbe(server.address(), rate).run(Duration.ofSeconds(2L * effort.seconds()));
                if (nanos.length == 0) {
                    throw new IOException("no command came back");
                }
                rows.add("device to actuator p50 at " + rate + "/s", "ms", true, nanos[nanos.length / 2] / 1e6);
                rows.add("device to actuator p99 at " + rate + "/s", "ms", true, nanos[nanos.length * 99 / 100] / 1e6);
            }
        }
    }
}
