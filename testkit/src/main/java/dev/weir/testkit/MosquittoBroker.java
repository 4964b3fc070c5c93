package dev.weir.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A real mosquitto of the test's own, at a free port, which keeps its sessions in a folder.
/// Belongs to one thread.
public final class MosquittoBroker implements AutoCloseable {
    private final int port;
    private final Path config;
    private @Nullable Process process;

    private MosquittoBroker(int port, Path config) {
        this.port = port;
        this.config = config;
    }

    /// Starts it, or ends the test where there is no mosquitto.
    ///
    /// @param folder made if it is not there
    /// @param more further lines of its config
    public static MosquittoBroker start(Path folder, String... more) throws Exception {
        Files.createDirectories(folder);
        int port = Ports.free();
        Path config = folder.resolve("mosquitto.conf");
        Files.writeString(config, """
                listener %d 127.0.0.1
                allow_anonymous true
                persistence true
                persistence_location %s/
                max_queued_messages 100000
                user root
                %s
                """.formatted(port, folder, String.join("\n", more)));
        MosquittoBroker broker = new MosquittoBroker(port, config);
        broker.start();
        return broker;
    }

    /// Starts it again, at the same port and with what it has kept.
    public void start() throws Exception {
        Tool mosquitto = Tool.require("mosquitto", "mosquitto");
        process = new ProcessBuilder(mosquitto.path().toString(), "-c", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(config.resolveSibling("mosquitto.log").toFile())
                .start();
        Eventually.until("mosquitto listens", () -> {
            try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return probe.isConnected();
            } catch (IOException notYet) {
                return false;
            }
        });
    }

    /// Where it listens.
    public int port() {
        return port;
    }

    /// The process; null before it was started.
    public @Nullable Process process() {
        return process;
    }

    /// Ends it in good order, so that it writes down what it keeps, and waits for that.
    public void stop() throws InterruptedException {
        Process running = process;
        if (running != null) {
            running.destroy();
            if (!running.waitFor(10, TimeUnit.SECONDS)) {
                kill();
            }
        }
    }

    /// kill -9.
    public void kill() throws InterruptedException {
        Process running = process;
        if (running != null) {
            running.destroyForcibly().waitFor();
        }
    }

    @Override
    public void close() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
        }
    }
}
