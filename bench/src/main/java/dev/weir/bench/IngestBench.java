package dev.weir.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

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
    /// [--quick] [PART…]`.
    public static void main(String[] args) throws Exception {
        List<String> rest = Arrays.asList(args).subList(6, args.length);
        List<String> chosen =
                rest.stream().filter(word -> !word.startsWith("--")).toList();
        String known = PARTS.stream().map(Part::name).collect(Collectors.joining(", "));
        for (String name : chosen) {
            if (PARTS.stream().noneMatch(part -> part.name().equals(name))) {
                System.err.println("there is no part '" + name + "'; there is: " + known);
                System.exit(2);
            }
        }
        Part.Effort effort = rest.contains("--quick") ? Part.Effort.QUICK : Part.Effort.FULL;
        Peers peers = new Peers(
                Path.of(args[0]), Path.of(args[1]), Path.of(args[2]), Files.createTempDirectory("weir-bench"));
        Rows rows = new Rows();
        for (Part part : PARTS) {
            if (chosen.isEmpty() || chosen.contains(part.name())) {
                part.run(peers, effort, rows);
            }
        }
        rows.print();
        rows.append(Path.of(args[3]), args[4], args[5]);
    }
}
