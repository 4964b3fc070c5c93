package dev.weir.cli;

import dev.weir.node.NodeConfig;
import dev.weir.node.NodePlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Looks at a node from the outside and, if it runs, asks it. What devices send is left alone.
///
/// @param config the node's, which may have mistakes
/// @param seconds how long a profile is recorded; 0 for none
record Doctor(NodeConfig config, int seconds) {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MOST_FILES = 1_000;

    /// What the node is asked, by the name of the file in which the answer is kept.
    private static final Map<String, String> QUESTIONS = Map.ofEntries(
            Map.entry("node.json", "/api/v1/node"),
            Map.entry("ready.json", "/health/ready"),
            Map.entry("pipelines.json", "/api/v1/pipelines"),
            Map.entry("ledger.json", "/api/v1/ledger"),
            Map.entry("metrics.txt", "/metrics"),
            Map.entry("log-levels.json", "/debug/log"),
            Map.entry("threads.txt", "/debug/threads"),
            Map.entry("waits.txt", "/debug/threads?show=waits"),
            Map.entry("scheduler.txt", "/debug/sched"),
            Map.entry("heap.txt", "/debug/heap"));

    /// What the machine says of itself; on Linux.
    private static final List<String> MACHINE = List.of(
            "/etc/os-release",
            "/proc/version",
            "/proc/loadavg",
            "/proc/meminfo",
            "/proc/cpuinfo",
            "/proc/self/limits",
            "/proc/self/mountinfo",
            "/sys/fs/cgroup/memory.max",
            "/sys/fs/cgroup/cpu.max");

    void examine(Findings findings) throws IOException, InterruptedException {
        findings.text("about.txt", this::about);
        findings.text("config.yaml", () -> config.report().withoutSecrets());
        findings.text("check.txt", this::check);
        findings.text("data-folder.txt", this::dataFolder);
        for (String path : MACHINE) {
            findings.add("machine" + path + ".txt", () -> Files.readAllBytes(Path.of(path)));
        }
        RemoteNode node;
        try {
            node = RemoteNode.of(config);
        } catch (IOException e) {
            findings.text("node.json", () -> {
                throw e;
            });
            return;
        }
        try (node) {
            ask(node, findings);
        }
    }

    private void ask(RemoteNode node, Findings findings) throws IOException, InterruptedException {
        for (Map.Entry<String, String> question : QUESTIONS.entrySet()) {
            findings.add(question.getKey(), () -> node.get(question.getValue(), PATIENCE));
        }
        if (seconds > 0) {
            findings.add(
                    "profile-cpu.pb.gz",
                    () -> node.get("/debug/profile?format=pprof&seconds=" + seconds, PATIENCE.plusSeconds(seconds)));
        }
    }

    private String about() {
        return String.join("\n", new Version().getVersion()) + "\n"
                + "now " + Instant.now() + "\n"
                + "virtual machine " + System.getProperty("java.vm.name") + " "
                + System.getProperty("java.vm.version") + "\n"
                + "processors " + Runtime.getRuntime().availableProcessors() + "\n";
    }

    private String check() {
        String problems = config.report().render();
        return config.report().exitCode() == 0
                ? problems + String.join("\n", NodePlan.of(config).describe())
                : problems;
    }

    /// Names, sizes and rights, no contents.
    private String dataFolder() throws IOException {
        Path folder = config.data();
        try (Stream<Path> files = Files.walk(folder)) {
            return files.limit(MOST_FILES).map(path -> line(folder, path)).collect(Collectors.joining());
        }
    }

    private static String line(Path folder, Path path) {
        try {
            Map<String, Object> about = Files.readAttributes(path, "posix:size,permissions,lastModifiedTime");
            return "%12s %s %s %s%n"
                    .formatted(
                            about.get("size"),
                            about.get("lastModifiedTime"),
                            about.get("permissions"),
                            folder.relativize(path));
        } catch (IOException | UnsupportedOperationException e) {
            return "%s: %s%n".formatted(folder.relativize(path), e);
        }
    }
}
