package dev.weir.connect.nats;

import dev.weir.testkit.Eventually;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullUnmarked;

/// Stands between a connector and a real server: cuts connections, goes away, withholds what the
/// server says, and refuses a message in the server's place.
@NullUnmarked
final class Wiretap implements Closeable {
    private final int serverPort;
    private final int port;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicInteger published = new AtomicInteger();
    private final Object gate = new Object();
    private boolean silent;
    private volatile boolean refusing;
    private volatile ServerSocket door;

    Wiretap(int serverPort) throws IOException {
        this.serverPort = serverPort;
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.port = door.getLocalPort();
        accept(door);
    }

    String url() {
        return "nats://127.0.0.1:" + port;
    }

    private void accept(ServerSocket open) {
        Thread.ofVirtual().name("tap").start(() -> {
            try {
                while (true) {
                    Socket client = open.accept();
                    Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
                    sockets.add(client);
                    sockets.add(server);
                    if (open.isClosed()) {
                        // It went away meanwhile, and did not see these.
                        client.close();
                        server.close();
                    }
                    Thread.ofVirtual().start(() -> up(client, server));
                    Thread.ofVirtual().start(() -> down(server, client));
                }
            } catch (IOException closed) {
                // The door is shut.
            }
        });
    }

    /// From the connector to the server, one command after the other.
    private void up(Socket client, Socket server) {
        try (client;
                server) {
            InputStream in = client.getInputStream();
            OutputStream out = server.getOutputStream();
            while (true) {
                String line = line(in);
                byte[] payload = new byte[0];
                if (line.startsWith("HPUB ") || line.startsWith("PUB ")) {
                    String[] words = line.trim().split(" ", -1);
                    payload = in.readNBytes(Integer.parseInt(words[words.length - 1]) + 2);
                    if (line.startsWith("HPUB ") && published.incrementAndGet() > 0 && refusing) {
                        refusing = false;
                        say(client, "-ERR 'Permissions Violation for Publish to \"" + words[1] + "\"'\r\n");
                        continue;
                    }
                }
                byte[] command = line.getBytes(StandardCharsets.ISO_8859_1);
                byte[] all = new byte[command.length + payload.length];
                System.arraycopy(command, 0, all, 0, command.length);
                System.arraycopy(payload, 0, all, command.length, payload.length);
                out.write(all);
            }
        } catch (IOException over) {
            // One of both hung up; the other is hung up on.
        }
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next;
        do {
            next = in.read();
            if (next < 0) {
                throw new IOException("the connector hung up");
            }
            line.write(next);
        } while (next != '\n');
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    private static void say(Socket client, String text) throws IOException {
        synchronized (client) {
            client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private void down(Socket server, Socket client) {
        try (client;
                server) {
            byte[] buffer = new byte[65_536];
            InputStream in = server.getInputStream();
            int size = in.read(buffer);
            while (size >= 0) {
                awaitVoice();
                synchronized (client) {
                    client.getOutputStream().write(buffer, 0, size);
                }
                size = in.read(buffer);
            }
        } catch (IOException over) {
            // One of both hung up; the other is hung up on.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitVoice() throws InterruptedException {
        synchronized (gate) {
            while (silent && published.get() > 0) {
                gate.wait();
            }
        }
    }

    /// Withholds what the server says once a message was published, or no more.
    void silent(boolean now) {
        synchronized (gate) {
            silent = now;
            published.set(0);
            gate.notifyAll();
        }
    }

    /// How many messages the connector published since it was last asked to be silent.
    int published() {
        return published.get();
    }

    void refuseNext() {
        refusing = true;
    }

    /// Breaks all connections.
    void cut() throws IOException {
        for (Socket socket : sockets) {
            try {
                socket.setSoLinger(true, 0);
            } catch (IOException closed) {
                // It is gone already.
            }
            socket.close();
        }
        sockets.clear();
    }

    /// Refuses connections.
    void away() throws IOException {
        door.close();
        cut();
    }

    /// Takes connections again.
    void open() throws Exception {
        // The old door is shut for good only when its thread has noticed.
        Eventually.until("the port is free again", () -> {
            ServerSocket again = new ServerSocket();
            again.setReuseAddress(true);
            try {
                again.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            } catch (BindException notYet) {
                again.close();
                return false;
            }
            door = again;
            return true;
        });
        accept(door);
    }

    @Override
    public void close() throws IOException {
        door.close();
        silent(false);
        cut();
    }
}
