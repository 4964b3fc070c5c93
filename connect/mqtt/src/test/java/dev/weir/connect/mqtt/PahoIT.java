package dev.weir.connect.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.common.MqttSubscription;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Paho's Java clients against the server, in both versions.
@NullUnmarked
class PahoIT {
    @RegisterExtension
    final Served served = Served.withDefaults();

    private final BlockingQueue<String> got = new LinkedBlockingQueue<>();

    PahoIT() throws Exception {}

    private String url() {
        return "tcp://127.0.0.1:" + served.address().getPort();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void take(int qos, byte[] payload) {
        got.add(qos + " " + new String(payload, StandardCharsets.UTF_8));
    }

    private org.eclipse.paho.client.mqttv3.MqttClient three(String id, boolean clean) throws Exception {
        org.eclipse.paho.client.mqttv3.MqttClient client = new org.eclipse.paho.client.mqttv3.MqttClient(
                url(), id, new org.eclipse.paho.client.mqttv3.persist.MemoryPersistence());
        MqttConnectOptions options = new MqttConnectOptions();
        options.setCleanSession(clean);
        options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
        client.setTimeToWait(60_000);
        client.setCallback(new org.eclipse.paho.client.mqttv3.MqttCallback() {
            @Override
            public void connectionLost(Throwable cause) {}

            @Override
            public void messageArrived(String topic, org.eclipse.paho.client.mqttv3.MqttMessage message) {
                take(message.getQos(), message.getPayload());
            }

            @Override
            public void deliveryComplete(org.eclipse.paho.client.mqttv3.IMqttDeliveryToken token) {}
        });
        client.connect(options);
        return client;
    }

    private org.eclipse.paho.mqttv5.client.MqttClient five(String id) throws Exception {
        org.eclipse.paho.mqttv5.client.MqttClient client = new org.eclipse.paho.mqttv5.client.MqttClient(
                url(), id, new org.eclipse.paho.mqttv5.client.persist.MemoryPersistence());
        client.setTimeToWait(60_000);
        client.setCallback(new org.eclipse.paho.mqttv5.client.MqttCallback() {
            @Override
            public void messageArrived(String topic, org.eclipse.paho.mqttv5.common.MqttMessage message) {
                take(message.getQos(), message.getPayload());
            }

            @Override
            public void disconnected(org.eclipse.paho.mqttv5.client.MqttDisconnectResponse response) {}

            @Override
            public void mqttErrorOccurred(org.eclipse.paho.mqttv5.common.MqttException exception) {}

            @Override
            public void deliveryComplete(org.eclipse.paho.mqttv5.client.IMqttToken token) {}

            @Override
            public void connectComplete(boolean reconnect, String serverUri) {}

            @Override
            public void authPacketArrived(
                    int reasonCode, org.eclipse.paho.mqttv5.common.packet.MqttProperties properties) {}
        });
        client.connect(new MqttConnectionOptions());
        return client;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void publish_with311_reachesInletAndSubscriber(int qos) throws Exception {
        org.eclipse.paho.client.mqttv3.MqttClient client = three("one", true);
        client.subscribe("p/+", qos);
        client.publish("p/1", bytes("21"), qos, false);

        assertThat(got.poll(60, TimeUnit.SECONDS)).isEqualTo(qos + " 21");
        assertThat(served.inlet.next().text()).isEqualTo("21");
        client.disconnect();
        client.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void publish_with5_reachesInletAndSubscriber(int qos) throws Exception {
        org.eclipse.paho.mqttv5.client.MqttClient client = five("one");
        client.subscribe(new MqttSubscription[] {new MqttSubscription("p/#", qos)});
        client.publish("p/1", bytes("21"), qos, false);

        assertThat(got.poll(60, TimeUnit.SECONDS)).isEqualTo(qos + " 21");
        assertThat(served.inlet.next().text()).isEqualTo("21");
        client.disconnect();
        client.close();
    }

    @Test
    void connect_afterAbsence_getsWhatWaited() throws Exception {
        org.eclipse.paho.client.mqttv3.MqttClient sleeper = three("sleeper", false);
        sleeper.subscribe("p", 1);
        sleeper.disconnect();
        sleeper.close();
        served.server.publish("p", bytes("waited"), 1, false, null);

        org.eclipse.paho.client.mqttv3.MqttClient again = three("sleeper", false);

        assertThat(got.poll(60, TimeUnit.SECONDS)).isEqualTo("1 waited");
        again.disconnect();
        again.close();
    }
}
