package dev.weir.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// What is said of patterns in practice, before and after: each as a program without the pattern
/// and one with it, ours and Go's, each in a process of its own. They take turns; medians count.
final class PatternsBench {
    private static final ClaimPart.Value RATE = new ClaimPart.Value("rate", "1/s", false);
    private static final ClaimPart.Value PEAK = new ClaimPart.Value("peak", "MiB", true);

    private static final List<ClaimPart> PARTS = List.of(
            new ClaimPart(
                    "pool",
                    20_000,
                    List.of(RATE, PEAK),
                    List.of(new ClaimPart.Claim(
                            "uneven work; a thread each; pool of 50", "pool-unbounded", "pool-50"))),
            new ClaimPart(
                    "pipeline",
                    500_000,
                    List.of(RATE),
                    List.of(new ClaimPart.Claim(
                            "4 steps of 40 ns; one function; 4 stages", "stages-short-one", "stages-short-four"))),
            new ClaimPart(
                    "pipeline",
                    20_000,
                    List.of(RATE),
                    List.of(new ClaimPart.Claim(
                            "4 steps of 10 us; one function; 4 stages", "stages-long-one", "stages-long-four"))),
            new ClaimPart(
                    "pipeline",
                    500,
                    List.of(RATE),
                    List.of(new ClaimPart.Claim(
                            "4 waits of 1 ms; one function; 4 stages", "stages-wait-one", "stages-wait-four"))),
            new ClaimPart(
                    "fan-out",
                    500_000,
                    List.of(RATE),
                    List.of(
                            new ClaimPart.Claim("500,000 risks; a loop; 1 worker", "risk-loop", "risk-1"),
                            new ClaimPart.Claim("500,000 risks; a loop; 8 workers", "risk-loop", "risk-8"),
                            new ClaimPart.Claim("500,000 risks; a loop; 100 workers", "risk-loop", "risk-100"),
                            new ClaimPart.Claim("500,000 risks; a loop; 150 workers", "risk-loop", "risk-150"))),
            new ClaimPart(
                    "clients",
                    300_000,
                    List.of(RATE, new ClaimPart.Value("p999", "us", true), PEAK),
                    List.of(new ClaimPart.Claim(
                            "15,000 clients; one locked map; a channel each", "clients-lock", "clients-channels"))),
            new ClaimPart(
                    "merge",
                    1_000_000,
                    List.of(RATE, PEAK),
                    List.of(new ClaimPart.Claim(
                            "1000 senders; 1000 channels merged; 8 merged", "merge-1000", "merge-8"))),
            new ClaimPart(
                    "buffers",
                    30_000,
                    List.of(
                            new ClaimPart.Value("alloc", "bytes/message", true),
                            new ClaimPart.Value("cpu", "us/message", true),
                            new ClaimPart.Value("p99", "us", true)),
                    List.of(
                            new ClaimPart.Claim(
                                    "buffers of 256 bytes; fresh; pooled", "buffers-256-fresh", "buffers-256-pooled"),
                            new ClaimPart.Claim(
                                    "buffers of 4 KiB; fresh; pooled", "buffers-4096-fresh", "buffers-4096-pooled"),
                            new ClaimPart.Claim(
                                    "buffers of 64 KiB; fresh; pooled",
                                    "buffers-65536-fresh",
                                    "buffers-65536-pooled"))));

    private PatternsBench() {}

    /// `PatternsBench <classes> <Go's program> <csv> <commit> <machine> [--quick] [--rounds=N]
    /// [PART…]`.
    public static void main(String[] args) throws Exception {
        Choice<ClaimPart> choice =
                Choice.of(PARTS, ClaimPart::name, Arrays.asList(args).subList(5, args.length));
        int rounds = choice.rounds() > 0 ? choice.rounds() : choice.quick() ? 1 : 5;
        int warmUpMillis = choice.quick() ? 700 : 3_000;
        Path work = Files.createTempDirectory("weir-bench");
        Cells cells = new Cells(args[0], work, Path.of(args[1]), work);
        Rows rows = new Rows();
        Medians medians = new Medians();
        for (int round = 1; round <= rounds; round++) {
            for (ClaimPart part : choice.parts()) {
                part.measure(cells, warmUpMillis, medians);
            }
        }
        choice.parts().forEach(part -> part.add(medians, rows));
        rows.print();
        ClaimPart.table(choice.parts(), medians).forEach(System.out::println);
        rows.append(Path.of(args[2]), args[3], args[4]);
    }
}
