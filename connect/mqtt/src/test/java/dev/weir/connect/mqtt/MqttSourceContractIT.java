package dev.weir.connect.mqtt;

import dev.weir.engine.Connector.Surroundings;
import dev.weir.engine.Source;
import dev.weir.engine.config.HostPort;
import dev.weir.testkit.Numbered;
import dev.weir.testkit.RecordingInlet;
import dev.weir.testkit.SourceContract;
import dev.weir.testkit.SourceRig;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.NullUnmarked;

/// The server keeps the contract of sources, with clients that publish QoS 1 over MQTT 5.
@NullUnmarked
class MqttSourceContractIT extends SourceContract {
    @Override
    protected SourceRig rig() {
        return new Devices();
    }

    private static final class Devices implements SourceRig {
        private final Map<String, Device> devices = new ConcurrentHashMap<>();
        private final Set<Numbered> acknowledged = ConcurrentHashMap.newKeySet();
        private final Set<Numbered> refused = ConcurrentHashMap.newKeySet();
        private MqttServer server;

        /// A client, and the thread that reads its acknowledgements.
        private record Device(RawClient client, Thread reader) {}

        @Override
        public Source make(Surroundings surroundings) {
            server = new MqttServer(
                    surroundings.name(),
                    MqttOptions.of(options -> options.listen = new HostPort("127.0.0.1", 0)),
                    surroundings.meters());
            devices.clear();
            return server;
        }

        @Override
        public void send(String device, int n) throws Exception {
            Device connected = devices.get(device);
            if (connected == null) {
                connected = connect(device);
                devices.put(device, connected);
            }
            String payload = new Numbered(device, n).json();
            connected.client.publish("things/" + device, payload, 1, n % 65_535 + 1);
        }

        private Device connect(String device) throws Exception {
            RawClient client = RawClient.connected(server.address(), Version.V5, device);
            client.socket.setSoTimeout(0);
            return new Device(
                    client, Thread.ofVirtual().name("device-" + device).start(() -> {
                        try {
                            readAcks(device, client);
                        } catch (Exception | AssertionError ended) {
                            // The connection is gone, as some tests want it.
                        }
                    }));
        }

        private void readAcks(String device, RawClient client) throws Exception {
            Packet packet = client.receiveOrEnd();
            while (packet != null) {
                if (packet instanceof Packet.Ack ack && ack.type() == PacketType.PUBACK) {
                    (ack.reason().isError() ? refused : acknowledged).add(new Numbered(device, ack.packetId() - 1));
                }
                packet = client.receiveOrEnd();
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
                device.client.socket.setSoLinger(true, 0);
                device.client.close();
            }
            devices.clear();
        }

        @Override
        public Numbered read(RecordingInlet.Taken taken) {
            Numbered message = Numbered.in(taken.text());
            if (!taken.address().equals("things/" + message.device())) {
                throw new AssertionError(message + " came with the address " + taken.address());
            }
            return message;
        }

        @Override
        public String threads() {
            return "mqtt-contract";
        }

        @Override
        public Map<Feature, String> without() {
            return Map.of(
                    Feature.REFUSAL, "a full pipeline makes the server stop reading",
                    Feature.PEER, "a server");
        }

        @Override
        public void close() throws IOException {
            for (Device device : devices.values()) {
                device.client.close();
            }
        }
    }
}
