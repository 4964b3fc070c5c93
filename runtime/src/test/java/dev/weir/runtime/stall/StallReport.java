package dev.weir.runtime.stall;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.PreInterruptCallback;
import org.junit.jupiter.api.extension.PreInterruptContext;

/// Prints all threads, virtual ones too, when a test runs out of time, and ends the JVM at the
/// third: where a scheduler stands still each test after that would only wait for its own limit.
public final class StallReport implements PreInterruptCallback {
    private static final int PATIENCE = 3;
    private static final AtomicInteger STALLS = new AtomicInteger();

    /// For JUnit, which finds it as a service.
    public StallReport() {}

    @Override
    public void beforeThreadInterrupt(PreInterruptContext interrupted, ExtensionContext test) throws Exception {
        int stalls = STALLS.incrementAndGet();
        System.err.println("StallReport: " + test.getUniqueId() + " ran out of time");
        System.err.println(carriers());
        System.err.println(virtualThreads());
        if (stalls >= PATIENCE) {
            System.err.println("StallReport: number " + stalls + ", no use to go on");
            System.err.flush();
            Runtime.getRuntime().halt(1);
        }
    }

    /// Platform threads; of a virtual one only what it has mounted on its carrier.
    private static String carriers() throws InterruptedException {
        return jcmd("Thread.print", "-l");
    }

    private static String virtualThreads() throws InterruptedException {
        try {
            Path folder = Files.createTempDirectory("weir-threads");
            Path file = folder.resolve("threads.txt");
            try {
                String said = jcmd("Thread.dump_to_file", file.toString());
                return Files.exists(file) ? Files.readString(file) : said;
            } finally {
                Files.deleteIfExists(file);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String jcmd(String command, String argument) throws InterruptedException {
        String program = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        String process = Long.toString(ProcessHandle.current().pid());
        try {
            Path said = Files.createTempFile("weir-jcmd", ".txt");
            try {
                var running = new ProcessBuilder(program, process, command, argument)
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
                if (!running.waitFor(20, TimeUnit.SECONDS)) {
                    running.destroyForcibly();
                }
                return Files.readString(said);
            } finally {
                Files.deleteIfExists(said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
