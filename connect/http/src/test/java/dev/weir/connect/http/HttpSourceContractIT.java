package dev.weir.connect.http;

import dev.weir.engine.Connector.Surroundings;
import dev.weir.engine.Source;
import dev.weir.engine.config.HostPort;
import dev.weir.testkit.Numbered;
import dev.weir.testkit.SourceContract;
import dev.weir.testkit.SourceRig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// The server keeps the contract of sources, with clients that pipeline requests on a connection.
class HttpSourceContractIT extends SourceContract {
    @Override
    protected SourceRig rig() {
        return new Devices();
    }

    private static final class Devices implements SourceRig {
        private final Map<String, Device> devices = new ConcurrentHashMap<>();
        private final Set<Numbered> acknowledged = ConcurrentHashMap.newKeySet();
        private final Set<Numbered> refused = ConcurrentHashMap.newKeySet();
        private @Nullable HttpSource source;

        private record Device(Socket socket, Queue<Numbered> sent) {}

        @Override
        public Source make(Surroundings surroundings) {
            HttpSource made = new HttpSource(
                    new IngestOptions(
                            Optional.of(new HostPort("127.0.0.1", 0)), Optional.empty(), Door.LIMITS, List.of()),
                    surroundings);
            devices.clear();
            source = made;
            return made;
        }

        @Override
        public void send(String device, int n) throws IOException {
            Device connected = devices.get(device);
            if (connected == null) {
                connected = new Device(
                        new Socket(
                                InetAddress.getLoopbackAddress(),
                                Objects.requireNonNull(source).port()),
                        new ConcurrentLinkedQueue<>());
                devices.put(device, connected);
                Device reading = connected;
                Thread.ofVirtual().name("device-" + device).start(() -> readAnswers(reading));
            }
            Numbered message = new Numbered(device, n);
            connected.sent.add(message);
            byte[] body = message.bytes();
            String head = "POST /things/" + device + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                    + "Content-Length: " + body.length + "\r\n\r\n";
            connected.socket.getOutputStream().write((head + message.json()).getBytes(StandardCharsets.UTF_8));
        }

        private void readAnswers(Device device) {
            try {
                BufferedReader in = new BufferedReader(
                        new InputStreamReader(device.socket.getInputStream(), StandardCharsets.UTF_8));
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    // What comes behind the body of the answer before is on the same line.
                    if (line.contains("HTTP/1.1 ")) {
                        (line.contains("HTTP/1.1 204 ") ? acknowledged : refused).add(device.sent.remove());
                    }
                }
            } catch (IOException gone) {
                // The connection is gone, as some tests want it.
            }
        }

        @Override
        public boolean acknowledged(String device, int n) {
            return acknowledged.contains(new Numbered(device, n));
        }

        @Override
        public boolean refused(String device, int n) {
            return refused.contains(new Numbered(device, n));
        }

        @Override
        public void breakConnection() throws IOException {
            for (Device device : devices.values()) {
                device.socket.setSoLinger(true, 0);
                device.socket.close();
            }
            devices.clear();
        }

        @Override
        public String threads() {
            return "http-contract";
        }

        @Override
        public Map<Feature, String> without() {
            return Map.of(
                    Feature.IN_FLIGHT, "a connection has one request at a time, and waits for its answer",
                    Feature.RETURN, "the device is told 503 and sends again",
                    Feature.PEER, "a server");
        }

        @Override
        public void close() throws IOException {
            for (Device device : devices.values()) {
                device.socket.close();
            }
        }
    }
}
