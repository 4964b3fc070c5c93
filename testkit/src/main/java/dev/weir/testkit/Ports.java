package dev.weir.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/// Ports of the loopback address for peers that do not choose one themselves.
public final class Ports {
    private Ports() {}

    /// A port that nobody listens at. It is below those that the system gives to clients: one of
    /// them could take it while nobody listens, or connect to itself. Any thread.
    ///
    /// @throws IOException if a hundred of them are taken
    public static int free() throws IOException {
        IOException taken = new IOException("no free port");
        for (int i = 0; i < 100; i++) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException next) {
                taken.addSuppressed(next);
            }
        }
        throw taken;
    }
}
