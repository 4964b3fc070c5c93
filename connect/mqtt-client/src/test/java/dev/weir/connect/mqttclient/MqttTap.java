package dev.weir.connect.mqttclient;

import dev.weir.testkit.Numbered;
import dev.weir.testkit.Wiretap;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.NullUnmarked;

/// What is tapped between an MQTT client and a real broker: which messages are acknowledged. It can
/// keep the broker's packets back, and turn an acknowledgement into a refusal.
@NullUnmarked
final class MqttTap implements AutoCloseable {
    final Wiretap wire;
    private final Set<Numbered> acknowledged = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean refuse = new AtomicBoolean();
    private final AtomicInteger publishes = new AtomicInteger();
    private volatile boolean silent;

    MqttTap(int brokerPort) throws Exception {
        this.wire = new Wiretap(brokerPort, Packets::new);
    }

    String url() {
        return "tcp://127.0.0.1:" + wire.port();
    }

    /// The packets of one connection.
    private final class Packets implements Wiretap.Relay {
        /// What was published to the client, by packet identifier.
        private final Map<Integer, Numbered> under = new ConcurrentHashMap<>();

        @Override
        public void toServer(Socket client, Socket broker) throws IOException {
            DataInputStream in = new DataInputStream(client.getInputStream());
            OutputStream out = broker.getOutputStream();
            while (true) {
                byte[] packet = packet(in);
                fromClient(packet, under);
                out.write(packet);
            }
        }

        @Override
        public void toClient(Socket broker, Socket client) throws IOException {
            DataInputStream in = new DataInputStream(broker.getInputStream());
            OutputStream out = client.getOutputStream();
            while (true) {
                out.write(fromBroker(packet(in), under));
            }
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

    /// Keeps back what the broker says, its CONNACK excepted, or no more.
    void silent(boolean now) {
        publishes.set(0);
        silent = now;
    }

    /// How many messages the client published since the broker was last told to be silent.
    int publishes() {
        return publishes.get();
    }

    void refuseNext() {
        refuse.set(true);
    }

    @Override
    public void close() throws IOException {
        silent = false;
        wire.close();
    }
}
