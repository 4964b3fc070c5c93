package dev.weir.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// The command line in a process of its own, as a user has it.
final class Weir implements AutoCloseable {
    private static final int PATIENCE = 60;
    private static final String END = "\u0000end";

    private final Process process;
    private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Queue<String> seen = new ConcurrentLinkedQueue<>();

    private Weir(Process process) {
        this.process = process;
        Thread.ofVirtual().name("weir-output").start(this::read);
    }

    static Weir start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED", // this and the next as in the manifest of weir.jar
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.weir.cli.Main"));
        command.addAll(Arrays.asList(arguments));
        return new Weir(new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    private void read() {
        try (BufferedReader reader = process.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                seen.add(line + "\n");
                lines.add(line);
            }
        } catch (IOException e) {
            // The process is gone.
        }
        lines.add(END);
    }

    long pid() {
        return process.pid();
    }

    /// Waits for the first line that contains the text, from where the last wait ended.
    String await(String text) throws InterruptedException {
        while (true) {
            String line = lines.poll(PATIENCE, TimeUnit.SECONDS);
            if (line == null || line.equals(END)) {
                throw new AssertionError("no line with '" + text + "' in:\n" + output());
            }
            if (line.contains(text)) {
                return line;
            }
        }
    }

    void input(String text) throws IOException {
        try (var out = process.outputWriter()) {
            out.write(text);
        }
    }

    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .start()
                .waitFor();
    }

    /// Waits until it ends.
    int exitCode() throws InterruptedException {
        if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
            throw new AssertionError("it has not ended:\n" + output());
        }
        String last;
        do {
            last = lines.poll(PATIENCE, TimeUnit.SECONDS);
        } while (last != null && !last.equals(END));
        return process.exitValue();
    }

    String output() {
        return String.join("", seen);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
