package dev.weir.connect.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientState;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3BlockingClient;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.publish.puback.Mqtt5PubAckReasonCode;
import dev.weir.engine.Receipt;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// HiveMQ's Java client against the server, in both versions.
@NullUnmarked
class HiveMqIT {
    @RegisterExtension
    final Served served = Served.withDefaults();

    HiveMqIT() throws Exception {}

    private Mqtt3BlockingClient three(String id) {
        return MqttClient.builder()
                .useMqttVersion3()
                .identifier(id)
                .serverHost("127.0.0.1")
                .serverPort(served.address().getPort())
                .buildBlocking();
    }

    private Mqtt5BlockingClient five(String id) {
        return MqttClient.builder()
                .useMqttVersion5()
                .identifier(id)
                .serverHost("127.0.0.1")
                .serverPort(served.address().getPort())
                .buildBlocking();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @EnumSource(MqttQos.class)
    void publish_with311_reachesInletAndSubscriber(MqttQos qos) throws Exception {
        Mqtt3BlockingClient client = three("one");
        client.connect();
        try (Mqtt3BlockingClient.Mqtt3Publishes got = client.publishes(MqttGlobalPublishFilter.ALL)) {
            client.subscribeWith().topicFilter("h/+/t").qos(qos).send();
            client.publishWith().topic("h/1/t").qos(qos).payload(bytes("21")).send();

            Mqtt3Publish message = got.receive(60, TimeUnit.SECONDS).orElseThrow();
            assertThat(message.getPayloadAsBytes()).isEqualTo(bytes("21"));
            assertThat(message.getQos()).isEqualTo(qos);
            assertThat(served.inlet.next().text()).isEqualTo("21");
        } finally {
            client.disconnect();
        }
    }

    @ParameterizedTest
    @EnumSource(MqttQos.class)
    void publish_with5_reachesInletAndSubscriber(MqttQos qos) throws Exception {
        Mqtt5BlockingClient client = five("one");
        client.connect();
        try (Mqtt5BlockingClient.Mqtt5Publishes got = client.publishes(MqttGlobalPublishFilter.ALL)) {
            client.subscribeWith().topicFilter("h/#").qos(qos).send();
            client.publishWith()
                    .topic("h/1/t")
                    .qos(qos)
                    .payload(bytes("21"))
                    .contentType("text/plain")
                    .userProperties()
                    .add("a", "b")
                    .applyUserProperties()
                    .send();

            Mqtt5Publish message = got.receive(60, TimeUnit.SECONDS).orElseThrow();
            assertThat(message.getPayloadAsBytes()).isEqualTo(bytes("21"));
            assertThat(message.getQos()).isEqualTo(qos);
            assertThat(message.getUserProperties().asList()).hasSize(1);
            assertThat(served.inlet.next().contentType()).isEqualTo("text/plain");
        } finally {
            client.disconnect();
        }
    }

    @Test
    void publish_thatCannotBeDecoded_isTold() {
        served.inlet.receipt = new Receipt.Undecodable("decode", "not JSON");
        Mqtt5BlockingClient client = five("one");
        client.connect();

        Assertions.assertThatThrownBy(() -> client.publishWith()
                        .topic("t")
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .payload(bytes("x"))
                        .send())
                .isInstanceOfSatisfying(Mqtt5PubAckException.class, told -> {
                    assertThat(told.getMqttMessage().getReasonCode())
                            .isEqualTo(Mqtt5PubAckReasonCode.PAYLOAD_FORMAT_INVALID);
                    assertThat(told.getMqttMessage().getReasonString())
                            .hasValueSatisfying(
                                    text -> assertThat(text.toString()).isEqualTo("decode: not JSON"));
                });
        client.disconnect();
    }

    @Test
    void connect_afterAbsence_getsWhatWaited() throws Exception {
        Mqtt5BlockingClient sleeper = five("sleeper");
        sleeper.connectWith().cleanStart(false).sessionExpiryInterval(60).send();
        sleeper.subscribeWith().topicFilter("t").qos(MqttQos.EXACTLY_ONCE).send();
        sleeper.disconnect();
        for (int i = 0; i < 10; i++) {
            served.server.publish("t", bytes("m" + i), 2, false, null);
        }
        try (Mqtt5BlockingClient.Mqtt5Publishes got = sleeper.publishes(MqttGlobalPublishFilter.ALL)) {
            assertThat(sleeper.connectWith()
                            .cleanStart(false)
                            .sessionExpiryInterval(60)
                            .send()
                            .isSessionPresent())
                    .isTrue();
            for (int i = 0; i < 10; i++) {
                assertThat(got.receive(60, TimeUnit.SECONDS).orElseThrow().getPayloadAsBytes())
                        .isEqualTo(bytes("m" + i));
            }
        } finally {
            sleeper.disconnect();
        }
    }

    @Test
    void connect_ofSameClient_takesOver() throws Exception {
        Mqtt5BlockingClient first = five("same");
        first.connect();
        Mqtt5BlockingClient second = five("same");
        second.connect();

        Served.await("the first is out", () -> first.getState() == MqttClientState.DISCONNECTED);
        assertThat(second.getState()).isEqualTo(MqttClientState.CONNECTED);
        second.disconnect();
    }

    @Test
    void subscribe_toRetainedWill_getsIt() throws Exception {
        Mqtt3BlockingClient watcher = three("watcher");
        watcher.connect();
        try (RawClient mortal = new RawClient(served.address(), Version.V3_1_1)) {
            mortal.connect(
                    "mortal", true, 0, new Packet.Will("w", bytes("gone"), 1, true, Properties.NONE), Properties.NONE);
        }
        served.inlet.next();
        Served.await("it is retained", () -> served.gauge("weir_mqtt_retained_messages") == 1);
        try (Mqtt3BlockingClient.Mqtt3Publishes got = watcher.publishes(MqttGlobalPublishFilter.ALL)) {
            watcher.subscribeWith().topicFilter("w").qos(MqttQos.AT_LEAST_ONCE).send();
            Mqtt3Publish will = got.receive(60, TimeUnit.SECONDS).orElseThrow();
            assertThat(will.isRetain()).isTrue();
        } finally {
            watcher.disconnect();
        }
    }
}
