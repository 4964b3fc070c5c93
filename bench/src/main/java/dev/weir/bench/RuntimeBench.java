package dev.weir.bench;

import dev.weir.bench.SpeedPart.Question;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// The runtime beside Go, jox, Kotlin's channels and java.util.concurrent: the same work in each,
/// in a process of its own. They take turns for several rounds, since the machine is shared;
/// medians count.
final class RuntimeBench {
    private static final List<String> ALL = List.of("weir", "weir_jdk", "go", "jox", "kotlin", "juc");
    private static final List<String> WITH_SELECT = List.of("weir", "weir_jdk", "go", "jox", "kotlin");

    private static final List<RuntimePart> PARTS = List.of(
            new SpeedPart(
                    "channels",
                    List.of(
                            new Question("uncontended", "send and receive by one"),
                            new Question("spsc-128", "1 to 1; buffer 128"),
                            new Question("mpmc-8-128", "8 to 8; buffer 128"),
                            new Question("mpmc-100-128", "100 to 100; buffer 128"),
                            new Question("spsc-0", "1 to 1; unbuffered"),
                            new Question("mpmc-8-0", "8 to 8; unbuffered"),
                            new Question("ping-pong", "ping-pong; unbuffered")),
                    ALL,
                    true),
            new SpeedPart(
                    "select",
                    List.of(
                            new Question("select-ready", "send; select of 2 with 1 ready"),
                            new Question("select-2", "select of 2; unbuffered"),
                            new Question("select-8", "select of 8; buffer 16"),
                            new Question("select-timeout", "send; select with timeout; ready"),
                            new Question("select-timeout-waits", "ping-pong; select with timeout")),
                    WITH_SELECT,
                    true),
            new SpeedPart(
                    "batch",
                    List.of(
                            new Question("batch-receive", "1 to 1; receive up to 64"),
                            new Question("batch-both", "1 to 1; batches of 64 both ways")),
                    ALL,
                    true),
            new SpeedPart(
                    "spawn",
                    List.of(
                            new Question("spawn", "start and report; one at a time"),
                            new Question("spawn-burst", "start and report; 1000 at a time")),
                    ALL,
                    true),
            new SpeedPart("memory", List.of(new Question("parked", "a G that waits", "bytes")), ALL, false),
            new FairPart("ticker", List.of(new FairPart.Question("ticker", "5 ms ticker beside 4 hogs")), 0),
            new FairPart(
                    "alarm",
                    List.of(
                            new FairPart.Question("alarm", "alarm beside 1000 that never yield"),
                            new FairPart.Question("alarm-turns", "alarm beside 1000 that yield after 20 ms")),
                    0),
            new FairPart("blocking", List.of(new FairPart.Question("blocking", "workers beside 4 blocked reads")), 4));

    private RuntimeBench() {}

    /// `RuntimeBench <classes> <other makers' channels> <Go's program> <csv> <commit> <machine>
    /// [--quick] [--rounds=N] [PART…]`.
    public static void main(String[] args) throws Exception {
        Choice<RuntimePart> choice =
                Choice.of(PARTS, RuntimePart::name, Arrays.asList(args).subList(6, args.length));
        RuntimePart.Effort effort =
                (choice.quick() ? RuntimePart.Effort.QUICK : RuntimePart.Effort.FULL).withRounds(choice.rounds());
        Cells cells = new Cells(args[0], Path.of(args[1]), Path.of(args[2]), Files.createTempDirectory("weir-bench"));
        Rows rows = new Rows();
        for (RuntimePart part : choice.parts()) {
            part.run(cells, effort, rows);
        }
        rows.print();
        rows.append(Path.of(args[3]), args[4], args[5]);
    }
}
