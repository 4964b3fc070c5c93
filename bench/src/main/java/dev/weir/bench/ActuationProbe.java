package dev.weir.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;

/// Measures from a device's PUBLISH to the arrival of the command that it causes, at a steady rate
/// well below saturation. Each probe is a device of its own, so that the command's topic tells
/// which reading caused it.
///
/// @param server the node
/// @param perSecond readings a second, all over the limit and under it in turn
record ActuationProbe(InetSocketAddress server, int perSecond) {
    private static final int DEVICES = 100;

    /// Runs for `time`.
    ///
    /// @return the latencies in nanoseconds, sorted
    long[] run(Duration time) throws IOException, InterruptedException {
        int limit = (int) (perSecond * time.toSeconds()) + DEVICES;
        long[] latencies = new long[limit];
        long[] sentAt = new long[DEVICES];
        AtomicIntegerArray fence = new AtomicIntegerArray(1);
        int[] count = {0};
        try (MqttWire actuator = MqttWire.connect(server, "probe-actuator");
                MqttWire devices = MqttWire.connect(server, "probe-devices")) {
            actuator.subscribe("probe/+/fan/set");
            Thread reader = Thread.ofPlatform().name("probe-actuator").start(() -> {
                try {
                    byte[] packet = new byte[256];
                    while (true) {
                        int header = actuator.in.readUnsignedByte();
                        int length = actuator.in.readUnsignedByte();
                        actuator.in.readFully(packet, 0, length);
                        long now = System.nanoTime();
                        if (header >> 4 == 3 && count[0] < limit) {
                            fence.get(0);
                            latencies[count[0]++] = now - sentAt[device(packet)];
                        }
                    }
                } catch (IOException e) {
                    // The run is over and the socket is closed.
                }
            });
            Thread drain = Thread.ofVirtual().name("probe-acks").start(() -> {
                try {
                    byte[] acks = new byte[4096];
                    while (devices.in.read(acks) >= 0) {
                        // Acknowledgements are not what is measured.
                    }
                } catch (IOException e) {
                    // The run is over and the socket is closed.
                }
            });
            publish(devices, sentAt, fence, time);
            Thread.sleep(500);
            devices.socket.close();
            actuator.socket.close();
            reader.join();
            drain.join();
        }
        long[] result = Arrays.copyOf(latencies, count[0]);
        Arrays.sort(result);
        return result;
    }

    private void publish(MqttWire devices, long[] sentAt, AtomicIntegerArray fence, Duration time) throws IOException {
        long interval = 1_000_000_000L / perSecond;
        long start = System.nanoTime();
        long end = start + time.toNanos();
        long next = start;
        for (long n = 0; System.nanoTime() < end; n++) {
            int device = (int) (n % DEVICES);
            boolean hot = n / DEVICES % 2 == 1;
            byte[] packet = MqttWire.publish(
                    String.format("probe/%03d/climate", device), MqttLoad.payload(device, n, hot ? 31.5 : 21.5));
            int id = MqttWire.idOffset(packet, "probe/000/climate");
            int packetId = (int) (n % 65_535) + 1;
            packet[id] = (byte) (packetId >> 8);
            packet[id + 1] = (byte) packetId;
            sentAt[device] = System.nanoTime();
            fence.set(0, 1);
            devices.out.write(packet);
            next += interval;
            long wait = next - System.nanoTime();
            if (wait > 0) {
                LockSupport.parkNanos(wait);
            }
        }
    }

    /// The three digits behind `probe/` in the topic of a PUBLISH.
    private static int device(byte[] packet) {
        return (packet[8] - '0') * 100 + (packet[9] - '0') * 10 + packet[10] - '0';
    }
}
