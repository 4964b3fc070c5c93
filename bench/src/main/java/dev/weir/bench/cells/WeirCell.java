package dev.weir.bench.cells;

import dev.weir.runtime.Scheduler;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// A cell of ours; on the JDK's scheduler where `java.lang` is closed.
final class WeirCell {
    private WeirCell() {}

    /// `<workload> <warm-up ms> <measurement ms>`, or `<question of fairness> <seconds> [FIFO]…`.
    /// The property `weir.processors` says how many.
    public static void main(String[] args) throws Exception {
        int processors = Integer.getInteger("weir.processors", 2);
        Scheduler scheduler = Scheduler.of("bench", processors);
        switch (args[0]) {
            case "ticker" -> new HogTicker(scheduler).run(Integer.parseInt(args[1]));
            case "alarm" -> new AlarmDelay(scheduler, false).run(Integer.parseInt(args[1]));
            case "alarm-turns" -> new AlarmDelay(scheduler, true).run(Integer.parseInt(args[1]));
            case "blocking" -> new BlockedReads(scheduler, fifos(args)).run(Integer.parseInt(args[1]));
            default -> Cell.run(new WeirLibrary(scheduler), args);
        }
        System.exit(0);
    }

    private static List<Path> fifos(String[] args) {
        return Arrays.stream(args).skip(2).map(Path::of).toList();
    }
}
