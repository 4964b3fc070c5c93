package dev.weir.connect.mqtt;

import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;

/// The limits of one listener and of the clients that come in by it. Immutable.
final class Limits {
    final int maxConnections;
    final OptionalLong maxConnectRate;
    final int maxPacketBytes;
    final Duration connectTimeout;
    final Duration packetTimeout;
    final int receiveMaximum;
    final int maxInFlight;
    final OptionalLong maxRate;
    final OptionalLong maxBytesRate;
    final int queueMessages;
    final long queueBytes;
    final Overflow overflow;

    /// What happens to a message that finds its subscriber's queue full.
    enum Overflow {
        /// QoS 1 and 2 push out the oldest; QoS 0 is dropped.
        DROP_OLDEST,
        /// It is dropped itself.
        DROP_NEWEST,
        /// It is dropped, and the subscriber is disconnected.
        DISCONNECT;

        static Overflow of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
        }
    }

    Limits(Builder from) {
        maxConnections = from.maxConnections;
        maxConnectRate = from.maxConnectRate;
        maxPacketBytes = from.maxPacketBytes;
        connectTimeout = from.connectTimeout;
        packetTimeout = from.packetTimeout;
        receiveMaximum = from.receiveMaximum;
        maxInFlight = from.maxInFlight;
        maxRate = from.maxRate;
        maxBytesRate = from.maxBytesRate;
        queueMessages = from.queueMessages;
        queueBytes = from.queueBytes;
        overflow = from.overflow;
    }

    /// Limits while they are being set; each field begins with its default.
    public static class Builder {
        /// More connections than this are closed at once.
        public int maxConnections = 1000;

        /// New connections a second; further ones are closed at once.
        public OptionalLong maxConnectRate = OptionalLong.empty();

        /// The largest packet read, in bytes.
        public int maxPacketBytes = 256 * 1024;

        /// How long a connection may take for its TLS handshake and its CONNECT.
        public Duration connectTimeout = Duration.ofSeconds(10);

        /// How long a packet that has begun may take, beside a second for each 128 bytes of it.
        public Duration packetTimeout = Duration.ofSeconds(30);

        /// QoS 1 and 2 messages of a client that may be unacknowledged by the server at a time.
        public int receiveMaximum = 1024;

        /// QoS 1 and 2 messages that may be unacknowledged by a client at a time.
        public int maxInFlight = 64;

        /// Messages a second that are read from one client.
        public OptionalLong maxRate = OptionalLong.empty();

        /// Bytes a second that are read from one client.
        public OptionalLong maxBytesRate = OptionalLong.empty();

        /// Messages that wait for one client.
        public int queueMessages = 1000;

        /// Bytes that wait for one client.
        public long queueBytes = 1024 * 1024;

        /// What happens when one of these two is reached.
        Overflow overflow = Overflow.DROP_OLDEST;

        Builder() {}

        /// Takes over what another has.
        void copy(Builder from) {
            maxConnections = from.maxConnections;
            maxConnectRate = from.maxConnectRate;
            maxPacketBytes = from.maxPacketBytes;
            connectTimeout = from.connectTimeout;
            packetTimeout = from.packetTimeout;
            receiveMaximum = from.receiveMaximum;
            maxInFlight = from.maxInFlight;
            maxRate = from.maxRate;
            maxBytesRate = from.maxBytesRate;
            queueMessages = from.queueMessages;
            queueBytes = from.queueBytes;
            overflow = from.overflow;
        }
    }
}
