package dev.weir.connect.mqttclient;

import com.hivemq.client.mqtt.MqttClientBuilder;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt3.exceptions.Mqtt3SubAckException;
import com.hivemq.client.mqtt.mqtt3.message.auth.Mqtt3SimpleAuth;
import com.hivemq.client.mqtt.mqtt3.message.connect.Mqtt3Connect;
import com.hivemq.client.mqtt.mqtt3.message.connect.Mqtt3ConnectBuilder;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import com.hivemq.client.mqtt.mqtt3.message.subscribe.Mqtt3Subscribe;
import com.hivemq.client.mqtt.mqtt3.message.subscribe.Mqtt3Subscription;
import com.hivemq.client.mqtt.mqtt3.message.subscribe.suback.Mqtt3SubAck;
import io.reactivex.Single;
import io.reactivex.disposables.Disposable;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// MQTT 3.1.1.
final class ClientOfThree implements Client {
    private final LinkOptions options;
    private final Greeting greeting;
    private final Mqtt3AsyncClient client;

    ClientOfThree(LinkOptions options, Greeting greeting, MqttClientBuilder builder) {
        this.options = options;
        this.greeting = greeting;
        this.client = builder.useMqttVersion3().buildAsync();
    }

    @Override
    public Disposable listen(Consumer<Arrival> to) {
        return client.toRx()
                .publishes(MqttGlobalPublishFilter.ALL, true)
                .subscribe(
                        message -> to.accept(arrival(message)),
                        // The end of the session; the listener of the connection is told too.
                        _ -> {});
    }

    private static Arrival arrival(Mqtt3Publish message) {
        return new Arrival(
                message.getTopic().toString(),
                message.getQos().getCode(),
                message.getPayload().orElseGet(() -> ByteBuffer.allocate(0)),
                null,
                0,
                null,
                message::acknowledge);
    }

    @Override
    public CompletableFuture<Welcome> connect() {
        Mqtt3ConnectBuilder connect =
                Mqtt3Connect.builder().keepAlive(options.pingSeconds()).cleanSession(greeting.clean());
        if (options.user() != null) {
            byte[] password = options.passwordBytes();
            var login = Mqtt3SimpleAuth.builder().username(options.user());
            connect = connect.simpleAuth(
                    password == null ? login.build() : login.password(password).build());
        }
        return client.connect(connect.build()).thenApply(_ -> Welcome.WITHOUT_LIMITS);
    }

    @Override
    public CompletableFuture<List<Integer>> subscribe(List<String> filters, int qos) {
        List<Mqtt3Subscription> all = filters.stream()
                .map(filter -> Mqtt3Subscription.builder()
                        .topicFilter(filter)
                        .qos(Client.qos(qos))
                        .build())
                .toList();
        Single<Mqtt3SubAck> answer = client.toRx()
                .subscribe(Mqtt3Subscribe.builder().addSubscriptions(all).build())
                // It is an answer too when the broker refuses.
                .onErrorResumeNext(failed -> failed instanceof Mqtt3SubAckException refused
                        ? Single.just(refused.getMqttMessage())
                        : Single.error(failed));
        return Client.future(answer.map(said ->
                said.getReturnCodes().stream().map(code -> code.getCode()).toList()));
    }

    @Override
    public CompletableFuture<Answer> publish(Outgoing message) {
        return client.publish(Mqtt3Publish.builder()
                        .topic(message.topic())
                        .payload(message.payload())
                        .qos(Client.qos(message.qos()))
                        .retain(message.retain())
                        .build())
                .thenApply(_ -> Answer.TAKEN);
    }

    @Override
    public CompletableFuture<Void> disconnect() {
        return client.disconnect();
    }
}
