package dev.weir.connect.nats;

import dev.weir.testkit.Wiretap;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullUnmarked;

/// What is tapped between a connector and a real server: how much is published. It can withhold
/// what the server says, and refuse a message in the server's place.
@NullUnmarked
final class NatsTap implements Wiretap.Relay, AutoCloseable {
    final Wiretap wire;
    private final AtomicInteger published = new AtomicInteger();
    private final Object gate = new Object();
    private boolean silent;
    private volatile boolean refusing;

    NatsTap(int serverPort) throws Exception {
        this.wire = new Wiretap(serverPort, () -> this);
    }

    String url() {
        return "nats://127.0.0.1:" + wire.port();
    }

    /// One command after the other.
    @Override
    public void toServer(Socket client, Socket server) throws IOException {
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

    @Override
    public void toClient(Socket server, Socket client) throws IOException, InterruptedException {
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

    @Override
    public void close() throws IOException {
        silent(false);
        wire.close();
    }
}
