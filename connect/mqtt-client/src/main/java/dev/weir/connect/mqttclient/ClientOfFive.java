package dev.weir.connect.mqttclient;

import com.hivemq.client.mqtt.MqttClientBuilder;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttTopicFilter;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.datatypes.Mqtt5UserProperties;
import com.hivemq.client.mqtt.mqtt5.datatypes.Mqtt5UserProperty;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubRecException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5SubAckException;
import com.hivemq.client.mqtt.mqtt5.message.auth.Mqtt5SimpleAuth;
import com.hivemq.client.mqtt.mqtt5.message.auth.Mqtt5SimpleAuthBuilder;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5Connect;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5ConnectBuilder;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAck;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.Mqtt5RetainHandling;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.Mqtt5Subscribe;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.Mqtt5Subscription;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.suback.Mqtt5SubAck;
import io.reactivex.Single;
import io.reactivex.disposables.Disposable;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/// MQTT 5.
final class ClientOfFive implements Client {
    private final LinkOptions options;
    private final Greeting greeting;
    private final Mqtt5AsyncClient client;

    ClientOfFive(LinkOptions options, Greeting greeting, MqttClientBuilder builder) {
        this.options = options;
        this.greeting = greeting;
        this.client = builder.useMqttVersion5().buildAsync();
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

    private static Arrival arrival(Mqtt5Publish message) {
        int hops = 0;
        String trace = null;
        for (Mqtt5UserProperty property : message.getUserProperties().asList()) {
            if (property.getName().toString().equals(Arrival.HOPS)) {
                hops = Math.max(hops, Arrival.hops(property.getValue().toString()));
            } else if (property.getName().toString().equals(Arrival.TRACE)) {
                trace = Arrival.trace(property.getValue().toString());
            }
        }
        return new Arrival(
                message.getTopic().toString(),
                message.getQos().getCode(),
                message.getPayload().orElseGet(() -> ByteBuffer.allocate(0)),
                message.getContentType().map(Object::toString).orElse(null),
                hops,
                trace,
                message::acknowledge);
    }

    @Override
    public CompletableFuture<Welcome> connect() {
        Mqtt5ConnectBuilder connect = Mqtt5Connect.builder()
                .keepAlive(options.pingSeconds())
                .cleanStart(greeting.clean())
                .sessionExpiryInterval(greeting.expirySeconds())
                .restrictions()
                // The library hangs up when a broker sends more than it was told.
                .receiveMaximum(greeting.holding() ? 65_535 : greeting.receiveMaximum())
                .maximumPacketSize(options.maxPacket())
                .topicAliasMaximum(0)
                .applyRestrictions();
        if (options.user() != null || options.password() != null) {
            connect = connect.simpleAuth(login());
        }
        return client.connect(connect.build()).thenApply(ClientOfFive::welcome);
    }

    private Mqtt5SimpleAuth login() {
        Mqtt5SimpleAuthBuilder login = Mqtt5SimpleAuth.builder();
        byte[] password = options.passwordBytes();
        if (options.user() == null) {
            return login.password(password == null ? new byte[0] : password).build();
        }
        return password == null
                ? login.username(options.user()).build()
                : login.username(options.user()).password(password).build();
    }

    private static Welcome welcome(Mqtt5ConnAck answer) {
        var allowed = answer.getRestrictions();
        return new Welcome(
                allowed.getReceiveMaximum(),
                allowed.getMaximumPacketSize(),
                allowed.getMaximumQos().getCode(),
                allowed.isRetainAvailable());
    }

    @Override
    public CompletableFuture<List<Integer>> subscribe(List<String> filters, int qos) {
        List<Mqtt5Subscription> all =
                filters.stream().map(filter -> subscription(filter, qos)).toList();
        Single<Mqtt5SubAck> answer = client.toRx()
                .subscribe(Mqtt5Subscribe.builder().addSubscriptions(all).build())
                // It is an answer too when the broker refuses.
                .onErrorResumeNext(failed -> failed instanceof Mqtt5SubAckException refused
                        ? Single.just(refused.getMqttMessage())
                        : Single.error(failed));
        return Client.future(answer.map(said ->
                said.getReasonCodes().stream().map(code -> code.getCode()).toList()));
    }

    /// No-local, so that what this client itself publishes does not come back (a shared
    /// subscription must not say so), and retained messages only for a subscription that is new.
    private static Mqtt5Subscription subscription(String filter, int qos) {
        MqttTopicFilter parsed = MqttTopicFilter.of(filter);
        return Mqtt5Subscription.builder()
                .topicFilter(parsed)
                .qos(Client.qos(qos))
                .noLocal(!parsed.isShared())
                .retainHandling(Mqtt5RetainHandling.SEND_IF_SUBSCRIPTION_DOES_NOT_EXIST)
                .build();
    }

    @Override
    public CompletableFuture<Answer> publish(Outgoing message) {
        Mqtt5Publish publish = Mqtt5Publish.builder()
                .topic(message.topic())
                .payload(message.payload())
                .qos(Client.qos(message.qos()))
                .retain(message.retain())
                .contentType(message.contentType())
                .userProperties(properties(message))
                .build();
        return client.publish(publish).handle((_, failed) -> failed == null ? Answer.TAKEN : refusal(failed));
    }

    private static Mqtt5UserProperties properties(Outgoing message) {
        Mqtt5UserProperty hops = Mqtt5UserProperty.of(Arrival.HOPS, Integer.toString(message.hops()));
        String trace = message.trace();
        return trace == null
                ? Mqtt5UserProperties.of(hops)
                : Mqtt5UserProperties.of(hops, Mqtt5UserProperty.of(Arrival.TRACE, trace));
    }

    private static Answer refusal(Throwable failed) {
        return switch (Reason.cause(failed)) {
            case Mqtt5PubAckException refused ->
                new Answer(
                        refused.getMqttMessage().getReasonCode().getCode(),
                        Reason.text(refused.getMqttMessage().getReasonString()));
            case Mqtt5PubRecException refused ->
                new Answer(
                        refused.getMqttMessage().getReasonCode().getCode(),
                        Reason.text(refused.getMqttMessage().getReasonString()));
            case Throwable lost -> throw new CompletionException(lost);
        };
    }

    @Override
    public CompletableFuture<Void> disconnect() {
        return client.disconnect();
    }
}
