package dev.weir.testkit;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.opentest4j.TestAbortedException;

/// A program of the system that a test runs: a real client of another maker.
///
/// A test asks for it with [#require]. Where it is missing the test is skipped by name on a
/// developer's machine and fails where `CI=true`, so that no run is green for want of a tool.
///
/// @param path where it is installed
public record Tool(Path path) {
    /// Finds a program on the PATH, or ends the test.
    ///
    /// @param name the program: `mosquitto_pub`
    /// @param debianPackage what to install: `mosquitto-clients`
    public static Tool require(String name, String debianPackage) {
        Optional<Path> found = find(name);
        if (found.isPresent()) {
            return new Tool(found.get());
        }
        String message = "TOOL MISSING: " + name + " (apt-get install " + debianPackage + ")";
        if ("true".equals(System.getenv("CI"))) {
            throw new AssertionError(message);
        }
        throw new TestAbortedException(message);
    }

    private static Optional<Path> find(String name) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Arrays.stream(path.split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /// What a run left behind.
    ///
    /// @param exitCode 0 for success
    /// @param output what it wrote, errors included
    public record Result(int exitCode, String output) {}

    /// Starts the program; its errors go where its output goes. The caller ends it.
    public Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(path.toString());
        command.addAll(Arrays.asList(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /// Runs the program to its end, `patience` at most.
    ///
    /// @throws IOException if it does not end in time; it is killed then
    public Result run(Duration patience, String... arguments) throws IOException, InterruptedException {
        return await(start(arguments), patience);
    }

    /// Waits for a started program's end.
    ///
    /// @throws IOException if it does not end in time; it is killed then
    public static Result await(Process process, Duration patience) throws IOException, InterruptedException {
        boolean[] late = {false};
        Thread guard = Thread.ofVirtual().name("tool-guard").start(() -> {
            try {
                if (!process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                    late[0] = true;
                    process.destroyForcibly();
                }
            } catch (InterruptedException done) {
                Thread.currentThread().interrupt();
            }
        });
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exitCode = process.waitFor();
        guard.join();
        if (late[0]) {
            throw new IOException("it did not end within " + patience + "; until then it wrote: " + output);
        }
        return new Result(exitCode, output);
    }
}
