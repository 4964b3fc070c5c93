package dev.weir.bench.patterns;

import dev.weir.bench.cells.Cell;
import dev.weir.runtime.Scheduler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// Measures one shape in a JVM that does nothing else.
final class PatternCell {
    private static final Path CLEAR = Path.of("/proc/self/clear_refs");
    private static final Path STATUS = Path.of("/proc/self/status");

    /// A shape that waits uses so little of a processor that it would warm up for ever.
    private static final int WALL = 3;

    private PatternCell() {}

    /// `<shape> <warm-up ms> <n>`.
    public static void main(String[] args) throws Exception {
        CompletableFuture<Map<String, Double>> done = new CompletableFuture<>();
        Scheduler.shared().start("bench", () -> {
            try {
                done.complete(measure(shape(args[0]), Long.parseLong(args[1]), Integer.parseInt(args[2])));
            } catch (Exception | Error e) {
                done.completeExceptionally(e);
            }
        });
        done.get().forEach(Cell::print);
        System.exit(0);
    }

    /// The shape of this name.
    ///
    /// @throws IllegalArgumentException if there is none
    static Shape shape(String name) {
        return switch (name) {
            case "pool-unbounded" -> UnevenWork::unbounded;
            case "pool-50" -> UnevenWork::pooled;
            case "stages-short-one" -> new Stages(Stages.SHORT)::oneFunction;
            case "stages-short-four" -> new Stages(Stages.SHORT)::fourStages;
            case "stages-long-one" -> new Stages(Stages.LONG)::oneFunction;
            case "stages-long-four" -> new Stages(Stages.LONG)::fourStages;
            case "stages-wait-one" -> new Stages(Stages.WAITS)::oneFunction;
            case "stages-wait-four" -> new Stages(Stages.WAITS)::fourStages;
            case "risk-loop" -> RiskFanOut::loop;
            case "risk-1" -> n -> RiskFanOut.over(1, n);
            case "risk-8" -> n -> RiskFanOut.over(8, n);
            case "risk-100" -> n -> RiskFanOut.over(100, n);
            case "risk-150" -> n -> RiskFanOut.over(150, n);
            case "clients-lock" -> ManyClients::locked;
            case "clients-channels" -> ManyClients::channels;
            case "merge-1000" -> n -> Merging.of(1_000, n);
            case "merge-8" -> n -> Merging.of(8, n);
            case "buffers-256-fresh" -> new Buffers(256, false)::run;
            case "buffers-256-pooled" -> new Buffers(256, true)::run;
            case "buffers-4096-fresh" -> new Buffers(4_096, false)::run;
            case "buffers-4096-pooled" -> new Buffers(4_096, true)::run;
            case "buffers-65536-fresh" -> new Buffers(65_536, false)::run;
            case "buffers-65536-pooled" -> new Buffers(65_536, true)::run;
            default -> throw new IllegalArgumentException("there is no shape '" + name + "'");
        };
    }

    /// Warms up with tenths of the work until the process has had so much processor time, then
    /// measures all of it once, and the most that was resident meanwhile.
    private static Map<String, Double> measure(Shape shape, long warmUpMillis, int n) throws Exception {
        long begin = System.nanoTime();
        long longest = Duration.ofMillis(WALL * warmUpMillis).toNanos();
        do {
            shape.run(Math.max(1, n / 10));
        } while (processorTime().toMillis() < warmUpMillis && System.nanoTime() - begin < longest);
        System.gc();
        Files.writeString(CLEAR, "5"); // forgets the most that was resident so far
        Map<String, Double> values = new java.util.TreeMap<>(shape.run(n));
        values.put("peak", peakMib());
        return values;
    }

    static Duration processorTime() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .orElseThrow(() -> new IllegalStateException("this system does not say what a process used"));
    }

    private static double peakMib() throws IOException {
        for (String line : Files.readAllLines(STATUS)) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024.0;
            }
        }
        throw new IOException(STATUS + " has no VmHWM");
    }
}
