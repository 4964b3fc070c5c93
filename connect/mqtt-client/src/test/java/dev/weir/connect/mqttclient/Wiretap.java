package dev.weir.connect.mqttclient;

import dev.weir.testkit.Eventually;
import dev.weir.testkit.Numbered;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.NullUnmarked;

/// Stands between a client and a real broker: sees which messages are acknowledged, cuts, is
/// silent, and turns an acknowledgement into a refusal.
@NullUnmarked
final class Wiretap implements AutoCloseable {
    private final int brokerPort;
    private final int port;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Set<Numbered> acknowledged = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean refuse = new AtomicBoolean();
    private final AtomicInteger publishes = new AtomicInteger();
    private final CopyOnWriteArrayList<String> troubles = new CopyOnWriteArrayList<>();
    private volatile boolean silent;
    private volatile ServerSocket server;

    Wiretap(int brokerPort) throws Exception {
        this.brokerPort = brokerPort;
        this.port = Mosquitto.freePort();
        open();
    }

    String url() {
        return "tcp://127.0.0.1:" + port;
    }

    /// The port may be taken for a moment by the thread that accepted before.
    void open() throws Exception {
        Eventually.until("port " + port + " is free", this::isBound);
        ServerSocket opened = server;
        Thread.ofVirtual().start(() -> accept(opened));
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
        server = opened;
        return true;
    }

    private void accept(ServerSocket from) {
        try {
            while (true) {
                Socket client = from.accept();
                Socket broker = new Socket(InetAddress.getLoopbackAddress(), brokerPort);
                sockets.add(client);
                sockets.add(broker);
                if (from.isClosed()) {
                    // It went away meanwhile, and did not see these.
                    client.close();
                    broker.close();
                }
                Map<Integer, Numbered> under = new ConcurrentHashMap<>();
                Thread.ofVirtual().start(() -> relay(broker, client, under, true));
                Thread.ofVirtual().start(() -> relay(client, broker, under, false));
            }
        } catch (IOException closed) {
            troubles.add(closed.toString());
        }
    }

    private void relay(Socket from, Socket to, Map<Integer, Numbered> under, boolean broker) {
        try (from;
                to) {
            DataInputStream in = new DataInputStream(from.getInputStream());
            OutputStream out = to.getOutputStream();
            while (true) {
                byte[] packet = packet(in);
                if (broker) {
                    out.write(fromBroker(packet, under));
                } else {
                    fromClient(packet, under);
                    out.write(packet);
                }
            }
        } catch (IOException over) {
            troubles.add(over.toString());
        }
    }

    private static byte[] packet(DataInputStream in) throws IOException {
        byte[] head = new byte[5];
        head[0] = in.readByte();
        int length = 0;
        int size = 1;
        do {
            head[size] = in.readByte();
            length |= (head[size] & 0x7f) << (7 * (size - 1));
        } while (head[size++] < 0);
        byte[] packet = Arrays.copyOf(head, size + length);
        in.readFully(packet, size, length);
        return packet;
    }

    private byte[] fromBroker(byte[] packet, Map<Integer, Numbered> under) throws IOException {
        int type = (packet[0] >> 4) & 15;
        while (silent && type != 2) {
            LockSupport.parkNanos(1_000_000);
        }
        if (type == 3) {
            publish(packet, under);
        }
        if (type == 4 && refuse.compareAndSet(true, false)) {
            return new byte[] {0x40, 3, packet[2], packet[3], (byte) 0x87};
        }
        return packet;
    }

    /// A message of QoS 1 in MQTT 5, with less than 128 bytes of properties.
    private static void publish(byte[] packet, Map<Integer, Numbered> under) {
        ByteBuffer body = ByteBuffer.wrap(packet);
        body.position(1);
        byte last;
        do {
            last = body.get();
        } while (last < 0);
        body.position(body.getShort(body.position()) + 2 + body.position());
        int id = body.getShort() & 0xffff;
        body.position(body.get() + body.position());
        under.put(id, Numbered.in(StandardCharsets.UTF_8.decode(body).toString()));
    }

    private void fromClient(byte[] packet, Map<Integer, Numbered> under) {
        int type = (packet[0] >> 4) & 15;
        if (type == 3) {
            publishes.incrementAndGet();
        }
        if (type == 4) {
            acknowledged.add(under.get(((packet[2] & 0xff) << 8) | (packet[3] & 0xff)));
        }
    }

    boolean hasAcknowledged(Numbered message) {
        return acknowledged.contains(message);
    }

    void cut() throws IOException {
        for (Socket socket : sockets) {
            if (!socket.isClosed()) {
                reset(socket);
            }
        }
        sockets.removeIf(Socket::isClosed);
    }

    private void reset(Socket socket) throws IOException {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException closedMeanwhile) {
            troubles.add(closedMeanwhile.toString());
        }
        socket.close();
    }

    void away() throws IOException {
        server.close();
        cut();
    }

    void silent(boolean now) {
        publishes.set(0);
        silent = now;
    }

    int publishes() {
        return publishes.get();
    }

    void refuseNext() {
        refuse.set(true);
    }

    @Override
    public void close() throws IOException {
        silent = false;
        away();
    }
}
