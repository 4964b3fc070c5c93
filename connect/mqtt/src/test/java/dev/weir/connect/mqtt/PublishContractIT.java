package dev.weir.connect.mqtt;

import dev.weir.engine.Actuator;
import dev.weir.engine.Connector.Surroundings;
import dev.weir.engine.config.HostPort;
import dev.weir.testkit.ActuatorContract;
import dev.weir.testkit.ActuatorRig;
import dev.weir.testkit.Numbered;
import dev.weir.testkit.RecordingInlet;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.NullUnmarked;

/// The action `publish` keeps the contract of actuators, with a subscriber at the node's server.
@NullUnmarked
class PublishContractIT extends ActuatorContract {
    @Override
    protected ActuatorRig rig() throws Exception {
        return new Subscriber();
    }

    private static final class Subscriber implements ActuatorRig {
        private final MqttServer server;
        private final RawClient client;
        private final List<Numbered> received = new CopyOnWriteArrayList<>();

        Subscriber() throws Exception {
            server = new MqttServer(
                    "devices",
                    MqttOptions.of(options -> options.listen = new HostPort("127.0.0.1", 0)),
                    dev.weir.engine.Meters.none());
            server.open(new RecordingInlet());
            client = RawClient.connected(server.address(), Version.V5, "fan");
            client.subscribe("fans/+/set", 1);
        }

        @Override
        public Actuator make(Surroundings surroundings) {
            return new Publisher(() -> server, 1, false, InstantSource.system());
        }

        @Override
        public String address(String device) {
            return "fans/" + device + "/set";
        }

        /// What comes before a message that is published now is all that there is.
        @Override
        public List<Numbered> received() throws Exception {
            server.publish("fans/last/set", new byte[0], 1, false, null);
            Packet.Publish message = client.message();
            while (!message.topic().equals("fans/last/set")) {
                received.add(Numbered.in(RawClient.text(message)));
                client.ack(PacketType.PUBACK, message.packetId());
                message = client.message();
            }
            client.ack(PacketType.PUBACK, message.packetId());
            return received;
        }

        @Override
        public String threads() {
            return "publish-contract";
        }

        @Override
        public Map<Feature, String> without() {
            String why = "the node's own server, in the same process";
            return Map.of(Feature.PEER, why, Feature.HANG, why);
        }

        @Override
        public void close() throws IOException {
            client.close();
            server.close();
        }
    }
}
