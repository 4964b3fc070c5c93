package dev.weir.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A server in a process of its own, measured from outside through /proc.
final class Server implements AutoCloseable {
    private static final double TICKS_PER_SECOND = 100;

    private final Process process;
    private final InetSocketAddress address;
    private final Duration start;

    private Server(Process process, InetSocketAddress address, Duration start) {
        this.process = process;
        this.address = address;
        this.start = start;
    }

    /// Starts the command and waits until the port answers.
    ///
    /// @throws IOException if it ends, or does not listen within a minute; what it printed is in
    ///     `log`
    static Server start(List<String> command, int port, Path log) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        long deadline = begin + TimeUnit.MINUTES.toNanos(1);
        while (System.nanoTime() < deadline && process.isAlive()) {
            try (Socket socket = new Socket()) {
                socket.connect(address, 1_000);
                return new Server(process, address, Duration.ofNanos(System.nanoTime() - begin));
            } catch (IOException e) {
                Thread.sleep(5);
            }
        }
        process.destroyForcibly();
        throw new IOException(command.getFirst() + " does not listen on " + address + "; see " + log);
    }

    /// Starts a command that listens on UDP, and says so with a line on its standard output.
    static Server startUdp(List<String> command, int port, Path log) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        long deadline = begin + TimeUnit.MINUTES.toNanos(1);
        while (System.nanoTime() < deadline && process.isAlive()) {
            if (Files.size(log) > 0) {
                return new Server(
                        process,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                        Duration.ofNanos(System.nanoTime() - begin));
            }
            Thread.sleep(5);
        }
        process.destroyForcibly();
        throw new IOException(command.getFirst() + " does not say that it listens; see " + log);
    }

    /// Has a Java server collect its garbage, so that its memory is what it needs.
    void collectGarbage() throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        new ProcessBuilder(jcmd.toString(), String.valueOf(process.pid()), "GC.run")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    InetSocketAddress address() {
        return address;
    }

    /// From exec to the first accepted connection.
    Duration startTime() {
        return start;
    }

    /// CPU time used so far, in seconds.
    double cpuSeconds() {
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    /// Resident memory in MiB.
    double residentMib() {
        try {
            return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
                    .findFirst()
                    .orElse(Double.NaN);
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
