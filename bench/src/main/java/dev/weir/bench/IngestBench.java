package dev.weir.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// The doors beside the peers: a part for each question. Servers take turns for several rounds,
/// since the machine is shared; medians count.
final class IngestBench {
    private static final List<Part> PARTS = List.of(
            new AcknowledgePart(),
            new ActuationPart(),
            new FilterPart(),
            new FanOutPart(),
            new CoapPart(),
            new IdlePart());

    private IngestBench() {}

    /// `IngestBench <weir> <HiveMQ's jars> <Node-RED's folder> <csv> <commit> <machine>
    /// [--quick] [--rounds=N] [PART…]`.
    public static void main(String[] args) throws Exception {
        Choice<Part> choice = Choice.of(PARTS, Part::name, Arrays.asList(args).subList(6, args.length));
        Part.Effort effort = (choice.quick() ? Part.Effort.QUICK : Part.Effort.FULL).withRounds(choice.rounds());
        Peers peers = new Peers(
                Path.of(args[0]), Path.of(args[1]), Path.of(args[2]), Files.createTempDirectory("weir-bench"));
        Rows rows = new Rows();
        for (Part part : choice.parts()) {
            part.run(peers, effort, rows);
        }
        rows.print();
        rows.append(Path.of(args[3]), args[4], args[5]);
    }
}
