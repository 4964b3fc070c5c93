package dev.weir.runtime.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.runtime.Scheduler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// In JVMs of their own: whether threads are collected is an option of the JVM.
@Timeout(60)
final class LeakReportTest {
    private static final List<String> LEAKS = List.of(
            "nil-receive",
            "nil-send",
            "receive",
            "send",
            "select",
            "wait-group",
            "semaphore",
            "lock",
            "condition",
            "no-close",
            "double-send",
            "early-return");

    private static List<String> run(String... options) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.addAll(List.of("-XX:+UseSerialGC", "-Xmx64m"));
        if (Scheduler.shared().isOwn()) {
            command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
        }
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", "target/classes:target/test-classes", Leaks.class.getName()));
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines();
        process.waitFor();
        return lines.toList();
    }

    private static List<String> names(List<String> lines, String kind) {
        var name = Pattern.compile(kind + " \"([^\"]*)\".*");
        return lines.stream()
                .map(name::matcher)
                .filter(Matcher::matches)
                .map(matcher -> matcher.group(1))
                .toList();
    }

    @Test
    void take_whereThreadsAreCollected_provesEachLeakAndNoOther() throws Exception {
        var lines = run("-Djdk.trackAllThreads=false", "-Dweir.sites=true");

        assertThat(names(lines, "proven")).containsExactlyInAnyOrderElementsOf(LEAKS);
        assertThat(names(lines, "suspected")).isEmpty();
        assertThat(lines).contains("provable true");
        assertThat(lines)
                .anyMatch(line -> line.matches(
                        "proven \"receive\" #\\d+, started at .*Leaks.*\\(Leaks.java:\\d+\\), waits: receive on Channel#\\d+"
                                + "\\(unbuffered\\)"));
        assertThat(lines).anyMatch(line -> line.startsWith("proven \"no-close\"") && line.contains("length 0 of 2"));
    }

    @Test
    void take_whereThreadsAreKept_suspectsThem() throws Exception {
        var lines = run();

        assertThat(lines).contains("provable false", "the reachable one was there");
        assertThat(names(lines, "proven")).isEmpty();
        assertThat(names(lines, "suspected")).contains("receive", "send", "select", "wait-group", "early-return");
        assertThat(names(lines, "suspected")).doesNotContain("sleeper", "ended", "lock");
        assertThat(lines)
                .anyMatch(line ->
                        line.matches("suspected \"send\" #\\d+, started at .*Leaks.*, waits: send on Channel#\\d+.*"));
    }
}
