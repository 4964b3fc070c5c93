package dev.weir.connect.mqtt;

import dev.weir.engine.config.HostPort;
import dev.weir.engine.tls.ServerTls;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Where an MQTT server listens, and its limits. Immutable; made by [#of].
public final class MqttOptions {
    final Optional<Tcp> tcp;
    final Optional<Tls> tls;
    final Optional<Web> web;

    final int maxSessions;
    final long queueBytesInAll;
    final long packetBytesInAll;
    final Duration sessionExpiry;
    final int retainedMessages;
    final long retainedBytes;
    final Optional<Duration> maxKeepAlive;
    final int maxSubscriptions;
    final int maxSubscriptionsInAll;
    final int maxTopicLevels;
    final int maxTopicLength;
    final int topicAliases;
    final int maxQos;
    final boolean checkPayloadFormat;
    final Optional<Duration> sysInterval;

    /// A listener of plain TCP.
    record Tcp(HostPort address, Limits limits) {}

    /// A listener of TLS.
    record Tls(HostPort address, ServerTls tls, Limits limits) {}

    /// A path on the node's HTTP port.
    ///
    /// @param origins the pages that may connect beside the node's own
    record Web(String path, List<String> origins, Limits limits) {
        Web {
            origins = List.copyOf(origins);
        }
    }

    private MqttOptions(Builder from) {
        tcp = from.plain ? Optional.of(new Tcp(from.listen, new Limits(from))) : Optional.empty();
        tls = Optional.ofNullable(from.tls);
        web = Optional.ofNullable(from.web);
        maxSessions = from.maxSessions;
        queueBytesInAll = from.queueBytesInAll;
        packetBytesInAll = Stream.of(tcp.map(Tcp::limits), tls.map(Tls::limits), web.map(Web::limits))
                .flatMap(Optional::stream)
                .mapToLong(limits -> limits.maxPacketBytes)
                .reduce(from.packetBytesInAll, Math::max);
        sessionExpiry = from.sessionExpiry;
        retainedMessages = from.retainedMessages;
        retainedBytes = from.retainedBytes;
        maxKeepAlive = from.maxKeepAlive;
        maxSubscriptions = from.maxSubscriptions;
        maxSubscriptionsInAll = from.maxSubscriptionsInAll;
        maxTopicLevels = from.maxTopicLevels;
        maxTopicLength = from.maxTopicLength;
        topicAliases = from.topicAliases;
        maxQos = from.maxQos;
        checkPayloadFormat = from.checkPayloadFormat;
        sysInterval = from.sysInterval;
    }

    /// The defaults with some changes.
    public static MqttOptions of(Consumer<Builder> changes) {
        Builder builder = new Builder();
        changes.accept(builder);
        return new MqttOptions(builder);
    }

    /// The options while they are being set; each field begins with its default. The limits that
    /// it inherits are those of the TCP listener, and the defaults of the others.
    public static final class Builder extends Limits.Builder {
        /// Whether to listen on plain TCP.
        public boolean plain = true;

        /// Where to listen on plain TCP; port 0 lets the system choose.
        public HostPort listen = new HostPort("127.0.0.1", 1883);

        private @org.jspecify.annotations.Nullable Tls tls;
        private @org.jspecify.annotations.Nullable Web web;

        /// Sessions kept, with and without a connection; beyond, the one longest away is dropped.
        public int maxSessions = 2000;

        /// Bytes that wait for all clients together.
        public long queueBytesInAll = 16L * 1024 * 1024;

        /// Bytes of packets above 16 KiB that have not come whole, of all clients together; one
        /// packet of the largest size has room in any case.
        public long packetBytesInAll = 4L * 1024 * 1024;

        /// How long a session outlives its connection at most.
        public Duration sessionExpiry = Duration.ofDays(1);

        /// Retained messages; 0 turns retaining off.
        public int retainedMessages = 10_000;

        /// Bytes of retained messages.
        public long retainedBytes = 4L * 1024 * 1024;

        /// The longest keep-alive; MQTT 5 clients are told.
        public Optional<Duration> maxKeepAlive = Optional.empty();

        /// Subscriptions of one client.
        public int maxSubscriptions = 200;

        /// Subscriptions of all clients together.
        public int maxSubscriptionsInAll = 20_000;

        /// Levels of a topic or filter.
        public int maxTopicLevels = 32;

        /// Characters of a topic or filter.
        public int maxTopicLength = 1024;

        /// Topic aliases that an MQTT 5 client may use, and that are used towards one that allows
        /// them.
        public int topicAliases = 16;

        /// The highest QoS that a client may publish with.
        public int maxQos = 2;

        /// Whether a payload that an MQTT 5 client calls UTF-8 must be that.
        public boolean checkPayloadFormat = false;

        /// How often the topics under `$SYS/broker/` are published; empty for never.
        public Optional<Duration> sysInterval = Optional.of(Duration.ofSeconds(10));

        private Builder() {}

        /// Listens with TLS too.
        ///
        /// @param changes what differs from the limits that are set so far
        void listenTls(HostPort address, ServerTls with, Consumer<Limits.Builder> changes) {
            tls = new Tls(address, with, changed(changes));
        }

        /// Takes WebSockets too.
        ///
        /// @param changes what differs from the limits that are set so far
        void listenWeb(String path, List<String> origins, Consumer<Limits.Builder> changes) {
            web = new Web(path, origins, changed(changes));
        }

        private Limits changed(Consumer<Limits.Builder> changes) {
            Limits.Builder own = new Limits.Builder();
            own.copy(this);
            changes.accept(own);
            return new Limits(own);
        }
    }
}
