package dev.weir.bench;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/// Posts readings by confirmable CoAP requests as fast as they are answered: each endpoint has one
/// request under way. Packets are written by hand so that the generator costs next to nothing.
///
/// @param server whom to load
/// @param endpoints how many devices, each with a socket of its own
/// @param path the path of the resource
record CoapLoad(InetSocketAddress server, int endpoints, List<String> path) {
    private static final int CHANGED = 0x44;

    /// Loads the server for `warmUp` and then for `measured`.
    ///
    /// @return requests answered 2.04 in the measured time, for each second
    double run(Duration warmUp, Duration measured, Runnable measuringBegins) throws IOException, InterruptedException {
        LongAdder answered = new LongAdder();
        AtomicBoolean over = new AtomicBoolean();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < endpoints; i++) {
            int device = i;
            threads.add(Thread.ofVirtual().name("coap-" + i).start(() -> post(device, answered, over)));
        }
        Thread.sleep(warmUp);
        measuringBegins.run();
        long before = answered.sum();
        long begin = System.nanoTime();
        Thread.sleep(measured);
        double rate = (answered.sum() - before) * 1e9 / (System.nanoTime() - begin);
        over.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        return rate;
    }

    private void post(int device, LongAdder answered, AtomicBoolean over) {
        byte[] request = request(device);
        byte[] answer = new byte[256];
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(2_000);
            DatagramPacket in = new DatagramPacket(answer, answer.length);
            for (int id = 1; !over.get(); id = (id + 1) & 0xffff) {
                request[2] = (byte) (id >> 8);
                request[3] = (byte) id;
                socket.send(new DatagramPacket(request, request.length, server));
                try {
                    socket.receive(in);
                    answered.add((answer[1] & 0xff) == CHANGED ? 1 : 0);
                } catch (SocketTimeoutException lost) {
                    // Sent again under the next id: what counts is what was answered.
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /// A POST with content format JSON and no token; the message id is filled in by the sender.
    private byte[] request(int device) {
        byte[] payload = MqttLoad.payload(device, device, 21.5);
        byte[] packet = new byte[512];
        packet[0] = 0x40;
        packet[1] = 0x02;
        int at = 4;
        int option = 0;
        for (String segment : path) {
            byte[] name = segment.replace("{device}", "device-" + device).getBytes(StandardCharsets.UTF_8);
            packet[at++] = (byte) ((11 - option) << 4 | Math.min(13, name.length));
            if (name.length >= 13) {
                packet[at++] = (byte) (name.length - 13);
            }
            System.arraycopy(name, 0, packet, at, name.length);
            at += name.length;
            option = 11;
        }
        packet[at++] = 0x11;
        packet[at++] = 50;
        packet[at++] = (byte) 0xff;
        System.arraycopy(payload, 0, packet, at, payload.length);
        return java.util.Arrays.copyOf(packet, at + payload.length);
    }
}
