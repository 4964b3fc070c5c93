package dev.weir.testkit;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Stands between a connector and a real server: passes on what they say to each other, cuts their
/// connections, goes away and comes back at the same port. What it hears and changes is a
/// [Relay]'s, who knows the protocol.
///
/// Thread-safe. One thread accepts and two serve each connection; they end when a connection does,
/// all of them after [#close]. They are platform threads: whatever keeps the carriers of virtual
/// ones busy in a test is not to reach it.
public final class Wiretap implements AutoCloseable {
    private final int serverPort;
    private final int port;
    private final Supplier<? extends Relay> relays;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile @Nullable ServerSocket door;

    /// Passes on what goes over one connection. Each method has a thread of its own and goes on
    /// until it throws because one of both has hung up, or returns; then the other is hung up on.
    public interface Relay {
        /// Passes on what the connector says.
        void toServer(Socket client, Socket server) throws IOException, InterruptedException;

        /// Passes on what the server says.
        void toClient(Socket server, Socket client) throws IOException, InterruptedException;
    }

    private interface Direction {
        void pass(Socket from, Socket to) throws IOException, InterruptedException;
    }

    /// Listens at a free port.
    ///
    /// @param serverPort where the server listens
    /// @param relays makes one for each connection
    public Wiretap(int serverPort, Supplier<? extends Relay> relays) throws Exception {
        this.serverPort = serverPort;
        this.port = Ports.free();
        this.relays = relays;
        open();
    }

    /// Where the connector is to connect to.
    public int port() {
        return port;
    }

    /// Takes connections, for the first time or again. Blocks for a moment: the port may still be
    /// the thread's that accepted before.
    public void open() throws Exception {
        Eventually.until("port " + port + " is free", this::isBound);
    }

    private boolean isBound() throws IOException {
        ServerSocket opened = new ServerSocket();
        opened.setReuseAddress(true);
        try {
            opened.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (BindException taken) {
            opened.close();
            return false;
        }
        door = opened;
        Thread.ofPlatform().daemon().name("wiretap-accept").start(() -> accept(opened));
        return true;
    }

    private void accept(ServerSocket from) {
        try {
            while (true) {
                Socket client = from.accept();
                sockets.add(client);
                Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
                sockets.add(server);
                if (from.isClosed()) {
                    // It went away meanwhile, and did not see these.
                    client.close();
                    server.close();
                }
                Relay relay = relays.get();
                serve(client, server, relay::toServer);
                serve(server, client, relay::toClient);
            }
        } catch (IOException closed) {
            // The door is shut.
        }
    }

    private static void serve(Socket from, Socket to, Direction direction) {
        Thread.ofPlatform().daemon().name("wiretap").start(() -> {
            try (from;
                    to) {
                direction.pass(from, to);
            } catch (IOException over) {
                // One of both hung up; the other is hung up on.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /// Breaks all connections.
    public void cut() throws IOException {
        for (Socket socket : sockets) {
            try {
                socket.setSoLinger(true, 0);
            } catch (IOException closed) {
                // It is gone already.
            }
            socket.close();
        }
        sockets.removeIf(Socket::isClosed);
    }

    /// Breaks all connections and refuses new ones.
    public void away() throws IOException {
        ServerSocket shut = door;
        if (shut != null) {
            shut.close();
        }
        cut();
    }

    @Override
    public void close() throws IOException {
        away();
    }
}
