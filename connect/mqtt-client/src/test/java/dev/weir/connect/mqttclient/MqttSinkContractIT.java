package dev.weir.connect.mqttclient;

import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import dev.weir.engine.Connector.Surroundings;
import dev.weir.engine.Sink;
import dev.weir.testkit.Eventually;
import dev.weir.testkit.FromConfig;
import dev.weir.testkit.Numbered;
import dev.weir.testkit.SinkContract;
import dev.weir.testkit.SinkRig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.io.TempDir;

/// The sink keeps the contract of sinks at a real mosquitto.
class MqttSinkContractIT extends SinkContract {
    @TempDir
    Path broker;

    @Override
    protected SinkRig rig() throws Exception {
        return new AtBroker(Mosquitto.start(broker));
    }

    private static final class AtBroker implements SinkRig {
        private final Mosquitto mosquitto;
        private final MqttTap tap;
        private final List<Mqtt5Publish> got;
        private final Mqtt5BlockingClient marker;

        AtBroker(Mosquitto mosquitto) throws Exception {
            this.mosquitto = mosquitto;
            this.tap = new MqttTap(mosquitto.port);
            this.got = mosquitto.follow("things/#");
            this.marker = mosquitto.client();
        }

        @Override
        public Sink make(Surroundings surroundings) {
            return FromConfig.sink(
                    new MqttSinkConnector(),
                    "{ url: \"" + tap.url() + "\", topic: \"things/{device}\", reconnect-max: 100ms,"
                            + " ack-timeout: 2m, connect-timeout: 2s, keep-alive: 60s }",
                    surroundings);
        }

        /// The broker has a message when it acknowledges it; its subscriber a moment later, but
        /// before one that was published afterwards.
        @Override
        public List<Numbered> received() throws Exception {
            String mark = UUID.randomUUID().toString();
            Mosquitto.publish(marker, "things/mark", mark, 1);
            Eventually.until(
                    "the mark is here",
                    () -> got.stream()
                            .anyMatch(message -> Mosquitto.text(message).equals(mark)));
            return got.stream()
                    .filter(message -> !message.getTopic().toString().equals("things/mark"))
                    .map(message -> Numbered.in(Mosquitto.text(message)))
                    .toList();
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
        public void hang() {
            tap.silent(true);
        }

        @Override
        public boolean hangs() {
            return tap.publishes() > 0;
        }

        @Override
        public void recover() {
            tap.silent(false);
        }

        @Override
        public void refuseNext() {
            tap.refuseNext();
        }

        @Override
        public String threads() {
            return "mqtt-sink-contract";
        }

        @Override
        public void close() throws IOException {
            tap.close();
            mosquitto.close();
        }
    }
}
