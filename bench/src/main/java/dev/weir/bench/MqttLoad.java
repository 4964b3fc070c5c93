package dev.weir.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/// Publishes QoS 1 as fast as the server acknowledges: each connection keeps a window of
/// unacknowledged messages full.
///
/// @param server whom to load
/// @param connections how many publishers
/// @param window how many messages each has in flight
/// @param hotEvery each reading of that number is over the limit of the benchmark's rule
/// @param perSecond how many messages all together send at most in a second; 0 for no limit
record MqttLoad(InetSocketAddress server, int connections, int window, int hotEvery, int perSecond) {
    /// Every hundredth reading is hot.
    static final int RARE = 100;

    /// Every second reading is hot.
    static final int HALF = 2;

    /// Loads the server for `warmUp` and then for `measured`.
    ///
    /// @return acknowledged messages in the measured time, and the time it really was
    Outcome run(Duration warmUp, Duration measured, Runnable measuringBegins) throws IOException, InterruptedException {
        LongAdder acknowledged = new LongAdder();
        List<MqttWire> wires = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        try {
            for (int i = 0; i < connections; i++) {
                wires.add(MqttWire.connect(server, "load-" + i));
            }
            for (int i = 0; i < connections; i++) {
                Publisher publisher =
                        new Publisher(wires.get(i), i, window, hotEvery, perSecond / connections, acknowledged);
                threads.add(Thread.ofVirtual().name("load-" + i).start(publisher));
            }
            Thread.sleep(warmUp);
            measuringBegins.run();
            long before = acknowledged.sum();
            long start = System.nanoTime();
            Thread.sleep(measured);
            long count = acknowledged.sum() - before;
            return new Outcome(count, Duration.ofNanos(System.nanoTime() - start));
        } finally {
            for (MqttWire wire : wires) {
                wire.close();
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    /// What a run gave.
    record Outcome(long messages, Duration time) {
        double perSecond() {
            return messages * 1e9 / time.toNanos();
        }
    }

    /// The payload of the benchmark: seven fields, 110 bytes or so.
    static byte[] payload(int device, long sequence, double temperature) {
        return String.format(
                        Locale.ROOT,
                        "{\"seq\":%08d,\"temperature\":%.2f,\"humidity\":45.93,\"pressure\":1013.25,\"battery\":3.71,"
                                + "\"rssi\":-67,\"ok\":true}",
                        10_000_000 + sequence % 10_000_000,
                        temperature)
                .getBytes(StandardCharsets.UTF_8);
    }

    private record Publisher(MqttWire wire, int device, int window, int hotEvery, int perSecond, LongAdder acknowledged)
            implements Runnable {
        @Override
        public void run() {
            String topic = "bench/hall/device-" + device + "/climate";
            byte[] cold = MqttWire.publish(topic, payload(device, device, 21.50));
            byte[] hot = MqttWire.publish(topic, payload(device, device, 31.50));
            int id = MqttWire.idOffset(cold, topic);
            byte[] burst = new byte[Math.max(cold.length, hot.length) * window];
            byte[] acks = new byte[4 * window];
            int pending = 0;
            int partial = 0;
            long sent = 0;
            long start = System.nanoTime();
            try {
                while (true) {
                    if (perSecond > 0) {
                        LockSupport.parkNanos(start + sent * 1_000_000_000L / perSecond - System.nanoTime());
                    }
                    int length = 0;
                    for (; pending < window; pending++) {
                        sent++;
                        byte[] packet = sent % hotEvery == 0 ? hot : cold;
                        int packetId = (int) (sent % 65_535) + 1;
                        packet[id] = (byte) (packetId >> 8);
                        packet[id + 1] = (byte) packetId;
                        System.arraycopy(packet, 0, burst, length, packet.length);
                        length += packet.length;
                    }
                    wire.out.write(burst, 0, length);
                    int read = wire.in.read(acks, 0, acks.length);
                    if (read < 0) {
                        return;
                    }
                    int whole = (partial + read) / 4;
                    partial = (partial + read) % 4;
                    pending -= whole;
                    acknowledged.add(whole);
                }
            } catch (IOException e) {
                // The run is over and its sockets are closed.
            }
        }
    }
}
