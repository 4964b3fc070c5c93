package dev.weir.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Runs cells of the runtime benchmark, each in a process of its own.
///
/// @param classes the benchmark's own and the runtime's, as a class path
/// @param channels the folder of other makers' channels for the JVM, built
/// @param go the program of Go's side
/// @param work a folder for what the processes say on standard error, and for FIFOs
record Cells(String classes, Path channels, Path go, Path work) {
    private static final long LONGEST_SECONDS = 120;

    /// All alike for whoever runs in a JVM. The collector is the one that the launcher of a node
    /// takes.
    private static final List<String> JVM = List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-XX:-UsePerfData",
            "-Xms512m",
            "-Xmx1g");

    /// Runs a cell.
    ///
    /// @param candidate one of [#command]
    /// @return what it printed, by name; nothing when it failed, which it has then said
    Map<String, Double> run(String candidate, int processors, String... args) throws IOException, InterruptedException {
        List<String> command = command(candidate, processors);
        command.addAll(List.of(args));
        Path log = work.resolve(candidate + ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("GOMAXPROCS", String.valueOf(processors));
        Process process = builder.start();
        Thread watch = Thread.ofVirtual().start(() -> end(process));
        Map<String, Double> values = new HashMap<>();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            out.lines()
                    .map(line -> line.split(" ", 2))
                    .forEach(words -> values.put(words[0], Double.parseDouble(words[1])));
        }
        int status = process.waitFor();
        watch.interrupt();
        watch.join();
        if (status != 0) {
            System.out.printf(
                    "%s %s ended with status %d and does not count; see %s%n", candidate, args[0], status, log);
            return Map.of();
        }
        return values;
    }

    private static void end(Process process) {
        try {
            if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            // it has ended by itself
        }
    }

    private List<String> command(String candidate, int processors) {
        return switch (candidate) {
            case "weir" ->
                jvm(
                        processors,
                        "dev.weir.bench.cells.WeirCell",
                        "--add-opens",
                        "java.base/java.lang=ALL-UNNAMED",
                        "-Dweir.processors=" + processors);
            // With the heap that the launcher gives a node, since memory is part of the question.
            case "pattern" ->
                jvm(
                        processors,
                        "dev.weir.bench.patterns.PatternCell",
                        "--add-opens",
                        "java.base/java.lang=ALL-UNNAMED",
                        "-Xms20m",
                        "-Xmn10m",
                        "-XX:SurvivorRatio=4");
            case "journal" ->
                jvm(processors, "dev.weir.bench.journal.JournalCell", "--enable-native-access=ALL-UNNAMED");
            case "go_pattern" -> new ArrayList<>(List.of(go.toString(), "pattern"));
            case "weir_jdk" -> jvm(processors, "dev.weir.bench.cells.WeirCell", "-Dweir.processors=" + processors);
            case "juc" -> jvm(processors, "dev.weir.bench.cells.QueueCell");
            case "jox" -> jvm(processors, "dev.weir.bench.channels.JoxCell");
            case "kotlin" ->
                jvm(
                        processors,
                        "dev.weir.bench.channels.KotlinCell",
                        "-Dkotlinx.coroutines.scheduler.core.pool.size=" + processors,
                        "-Dkotlinx.coroutines.scheduler.max.pool.size=" + processors);
            case "go" -> new ArrayList<>(List.of(go.toString()));
            default -> throw new IllegalArgumentException("there is no candidate '" + candidate + "'");
        };
    }

    private List<String> jvm(int processors, String main, String... options) {
        List<String> command = new ArrayList<>(JVM);
        command.add("-Djdk.virtualThreadScheduler.parallelism=" + processors);
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", classes + ":" + channels + "/classes:" + channels + "/lib/*", main));
        return command;
    }
}
