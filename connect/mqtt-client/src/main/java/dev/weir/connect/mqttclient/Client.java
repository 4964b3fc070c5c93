package dev.weir.connect.mqttclient;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientBuilder;
import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttClientSslConfigBuilder;
import com.hivemq.client.mqtt.MqttClientTransportConfig;
import com.hivemq.client.mqtt.MqttClientTransportConfigBuilder;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.lifecycle.MqttClientDisconnectedListener;
import dev.weir.engine.tls.ClientTls;
import io.netty.channel.EventLoopGroup;
import io.reactivex.Single;
import io.reactivex.disposables.Disposable;
import io.reactivex.schedulers.Schedulers;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.KeyManagerFactory;
import org.jspecify.annotations.Nullable;

/// The library's client for one connection, in one form for both versions of MQTT. Nothing here
/// blocks; what comes is called back on the connection's I/O thread.
sealed interface Client permits ClientOfFive, ClientOfThree {
    /// What the broker said about a message.
    ///
    /// @param reason below 0x80 when it has the message
    record Answer(int reason, @Nullable String text) {
        static final Answer TAKEN = new Answer(0, null);
    }

    /// Where a client lives.
    ///
    /// @param address of the broker, resolved
    /// @param io a group with one thread, only for this client
    /// @param ended told once when a connection is over, or could not be made
    record Place(InetSocketAddress address, EventLoopGroup io, MqttClientDisconnectedListener ended) {}

    static Client make(LinkOptions options, Greeting greeting, Place place) {
        return options.five()
                ? new ClientOfFive(options, greeting, builder(options, place))
                : new ClientOfThree(options, greeting, builder(options, place));
    }

    /// Hands all messages to `to`, without any limit: the library throws away what nobody takes
    /// at once. Called before [#connect], and disposed of when the connection is over, not earlier:
    /// the library acknowledges what comes after that.
    Disposable listen(Consumer<Arrival> to);

    /// Connects and says the greeting.
    CompletableFuture<Welcome> connect();

    /// Asks for messages: completes with the broker's code for each of the filters. To be cancelled
    /// when the connection is over.
    CompletableFuture<List<Integer>> subscribe(List<String> filters, int qos);

    /// Sends a message: completes with what the broker said, at QoS 0 when the system has it.
    CompletableFuture<Answer> publish(Outgoing message);

    /// Says goodbye. The broker then closes the connection, or it stays half open.
    CompletableFuture<Void> disconnect();

    /// A quality of service as the library names it.
    static MqttQos qos(int code) {
        return Objects.requireNonNull(MqttQos.fromCode(code));
    }

    /// A future that gives up what it waits for when it is cancelled, which the library's own do
    /// not.
    static <T> CompletableFuture<T> future(Single<T> asked) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Disposable asking = asked.subscribe(answer::complete, answer::completeExceptionally);
        CompletableFuture<T> _ = answer.whenComplete((_, _) -> asking.dispose());
        return answer;
    }

    private static MqttClientBuilder builder(LinkOptions options, Place place) {
        long patience = options.connectTimeout().toMillis();
        MqttClientTransportConfigBuilder transport = MqttClientTransportConfig.builder()
                .serverAddress(place.address())
                .socketConnectTimeout(patience, TimeUnit.MILLISECONDS)
                .mqttConnectTimeout(patience, TimeUnit.MILLISECONDS);
        if (options.secure()) {
            transport = transport.sslConfig(tls(options));
        }
        return MqttClient.builder()
                .identifier(options.clientId())
                .transportConfig(transport.build())
                .executorConfig()
                .nettyExecutor(place.io())
                .nettyThreads(1)
                .applicationScheduler(Schedulers.trampoline())
                .applyExecutorConfig()
                .addDisconnectedListener(place.ended());
    }

    private static MqttClientSslConfig tls(LinkOptions options) {
        ClientTls tls = options.tls().orElseGet(ClientTls::ofSystem);
        MqttClientSslConfigBuilder config = MqttClientSslConfig.builder()
                .trustManagerFactory(tls.trust())
                .protocols(Arrays.asList(tls.parameters().getProtocols()))
                .handshakeTimeout(options.connectTimeout().toMillis(), TimeUnit.MILLISECONDS);
        Optional<KeyManagerFactory> keys = tls.keys();
        if (keys.isPresent()) {
            config = config.keyManagerFactory(keys.get());
        }
        // Without a verifier the library lets the JDK compare the certificate with the host.
        return tls.verifyHost()
                ? config.build()
                : config.hostnameVerifier((_, _) -> true).build();
    }
}
