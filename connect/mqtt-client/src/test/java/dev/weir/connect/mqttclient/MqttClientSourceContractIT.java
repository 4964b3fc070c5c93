package dev.weir.connect.mqttclient;

import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import dev.weir.engine.Connector.Surroundings;
import dev.weir.engine.Source;
import dev.weir.testkit.FromConfig;
import dev.weir.testkit.Numbered;
import dev.weir.testkit.SourceContract;
import dev.weir.testkit.SourceRig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.io.TempDir;

/// The source keeps the contract of sources at a real mosquitto.
class MqttClientSourceContractIT extends SourceContract {
    @TempDir
    Path broker;

    @Override
    protected SourceRig rig() throws Exception {
        return new AtBroker(Mosquitto.start(broker));
    }

    private static final class AtBroker implements SourceRig {
        private final Mosquitto mosquitto;
        private final MqttTap tap;
        private final Map<String, Mqtt5BlockingClient> devices = new ConcurrentHashMap<>();

        AtBroker(Mosquitto mosquitto) throws Exception {
            this.mosquitto = mosquitto;
            this.tap = new MqttTap(mosquitto.port);
        }

        @Override
        public Source make(Surroundings surroundings) throws Exception {
            // The session is there before the first message, whenever the source connects.
            var client = com.hivemq.client.mqtt.MqttClient.builder()
                    .useMqttVersion5()
                    .identifier("weir-contract")
                    .serverHost("127.0.0.1")
                    .serverPort(mosquitto.port)
                    .buildBlocking();
            client.connectWith().cleanStart(false).sessionExpiryInterval(600).send();
            client.subscribeWith()
                    .topicFilter("things/#")
                    .qos(com.hivemq.client.mqtt.datatypes.MqttQos.AT_LEAST_ONCE)
                    .send();
            client.disconnect();
            return FromConfig.source(
                    new MqttClientConnector(),
                    "{ url: \"" + tap.url() + "\", topics: [\"things/#\"], client-id: weir-contract,"
                            + " reconnect-max: 100ms }",
                    surroundings);
        }

        @Override
        public void send(String device, int n) {
            Mqtt5BlockingClient client = devices.computeIfAbsent(device, _ -> mosquitto.client());
            Mosquitto.publish(client, "things/" + device, new Numbered(device, n).json(), 1);
        }

        @Override
        public boolean acknowledged(String device, int n) {
            return tap.hasAcknowledged(new Numbered(device, n));
        }

        @Override
        public void breakConnection() throws IOException {
            tap.wire.cut();
        }

        @Override
        public void peerAway() throws IOException {
            tap.wire.away();
        }

        @Override
        public void peerBack() throws Exception {
            tap.wire.open();
        }

        @Override
        public String threads() {
            return "mqtt-source-contract";
        }

        @Override
        public Map<Feature, String> without() {
            return Map.of(Feature.REFUSAL, "MQTT has no way to say 'not now': the source waits");
        }

        @Override
        public void close() throws IOException {
            tap.close();
            mosquitto.close();
        }
    }
}
