package dev.weir.connect.mqtt;

import dev.weir.engine.config.HostPort;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/// The limits of an MQTT server. Immutable; made by [#of].
public final class MqttOptions {
    final HostPort listen;
    final int maxConnections;
    final int maxSessions;
    final int maxPacketBytes;
    final int receiveMaximum;
    final int maxInFlight;
    final int queueMessages;
    final long queueBytes;
    final long queueBytesInAll;
    final Duration sessionExpiry;
    final int retainedMessages;
    final long retainedBytes;
    final Duration connectTimeout;
    final Optional<Duration> maxKeepAlive;
    final int maxSubscriptions;
    final int maxSubscriptionsInAll;
    final int maxTopicLevels;
    final int maxTopicLength;
    final int topicAliases;

    private MqttOptions(Builder from) {
        listen = from.listen;
        maxConnections = from.maxConnections;
        maxSessions = from.maxSessions;
        maxPacketBytes = from.maxPacketBytes;
        receiveMaximum = from.receiveMaximum;
        maxInFlight = from.maxInFlight;
        queueMessages = from.queueMessages;
        queueBytes = from.queueBytes;
        queueBytesInAll = from.queueBytesInAll;
        sessionExpiry = from.sessionExpiry;
        retainedMessages = from.retainedMessages;
        retainedBytes = from.retainedBytes;
        connectTimeout = from.connectTimeout;
        maxKeepAlive = from.maxKeepAlive;
        maxSubscriptions = from.maxSubscriptions;
        maxSubscriptionsInAll = from.maxSubscriptionsInAll;
        maxTopicLevels = from.maxTopicLevels;
        maxTopicLength = from.maxTopicLength;
        topicAliases = from.topicAliases;
    }

    /// The defaults with some changes.
    public static MqttOptions of(Consumer<Builder> changes) {
        Builder builder = new Builder();
        changes.accept(builder);
        return new MqttOptions(builder);
    }

    /// The options while they are being set; each field begins with its default.
    public static final class Builder {
        /// Where to listen; port 0 lets the system choose.
        public HostPort listen = new HostPort("127.0.0.1", 1883);

        /// More connections than this are closed at once.
        public int maxConnections = 1000;

        /// Sessions kept, with and without a connection; beyond, the one longest away is dropped.
        public int maxSessions = 2000;

        /// The largest packet read, in bytes.
        public int maxPacketBytes = 256 * 1024;

        /// QoS 1 and 2 messages of a client that may be unacknowledged by the server at a time.
        public int receiveMaximum = 1024;

        /// QoS 1 and 2 messages that may be unacknowledged by a client at a time.
        public int maxInFlight = 64;

        /// Messages that wait for one client.
        public int queueMessages = 1000;

        /// Bytes that wait for one client.
        public long queueBytes = 1024 * 1024;

        /// Bytes that wait for all clients together.
        public long queueBytesInAll = 16L * 1024 * 1024;

        /// How long a session outlives its connection at most.
        public Duration sessionExpiry = Duration.ofDays(1);

        /// Retained messages.
        public int retainedMessages = 10_000;

        /// Bytes of retained messages.
        public long retainedBytes = 4L * 1024 * 1024;

        /// How long a connection may take to send its CONNECT.
        public Duration connectTimeout = Duration.ofSeconds(10);

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

        /// Topic aliases that an MQTT 5 client may use.
        public int topicAliases = 16;

        private Builder() {}
    }
}
