package dev.weir.connect.system;

import dev.weir.engine.Connector;
import java.time.InstantSource;
import java.util.Optional;

/// The machine as a source of readings.
public final class SystemConnector implements Connector {
    @Override
    public String name() {
        return "system";
    }

    @Override
    public String about() {
        return "The machine that the node runs on: processor, load, memory, disks, temperature, network, and the node's"
                + " own process. What has not changed is not repeated, but for a heartbeat.";
    }

    @Override
    public String example() {
        return """
                sources:
                  machine: { system: { interval: 10s, metrics: [cpu, memory, disk] } }
                pipelines:
                  cpu:
                    from: machine
                    topic: system/{device}/cpu
                    decode: { json: { time: ts } }
                    fields: { busy: { unit: "%" } }
                    to: store
                  disks:
                    from: machine
                    topic: system/{device}/disk/{disk}
                    decode: { json: { time: ts } }
                    to: store
                """;
    }

    @Override
    public Optional<SourceType> source() {
        return Optional.of(new SourceType(
                SystemOptions.SHAPE,
                new Delivery(
                        "Each sample once, in order, as long as the node runs; a sample that is refused is followed by"
                                + " a new one after `interval`.",
                        "There is no memory: while the node does not run, or the pipelines are full, nothing is"
                                + " measured. Moves within the deadband are not reported before the heartbeat."),
                Listens.NOWHERE,
                (options, surroundings, problems) -> {
                    SystemOptions settings = SystemOptions.of(options, surroundings.node(), problems);
                    return new SystemSource(
                            settings,
                            surroundings.name(),
                            () -> new OshiMachine(settings, System::nanoTime),
                            InstantSource.system());
                }));
    }
}
