package dev.weir.connect.mqtt;

import dev.weir.engine.Meters;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// What an MQTT server counts. Thread-safe.
final class MqttMeters {
    final LongAdder bytesReceived;
    final LongAdder bytesSent;
    final LongAdder connectionsOpened;

    private final Meters meters;
    private final String source;
    private final Map<PacketType, LongAdder> received = new EnumMap<>(PacketType.class);
    private final Map<PacketType, LongAdder> sent = new EnumMap<>(PacketType.class);
    private final Map<Drop, LongAdder> dropped = new EnumMap<>(Drop.class);
    private final Map<String, LongAdder> closed = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> refused = new ConcurrentHashMap<>();

    /// Why a message did not reach a subscriber.
    enum Drop {
        /// The subscriber's queue was full and the message had QoS 0.
        QUEUE_FULL,
        /// The subscriber's queue was full and a newer message took its place.
        OLDEST,
        /// The message expired while it waited.
        EXPIRED,
        /// The packet would be larger than the subscriber takes.
        TOO_LARGE,
        /// The subscriber was away and the message had QoS 0.
        OFFLINE,
        /// The session ended with messages waiting.
        SESSION_ENDED,
        /// The retained store was full: the message was delivered but not retained.
        RETAINED_FULL;

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }

    MqttMeters(Meters meters, String source) {
        this.meters = meters;
        this.source = source;
        bytesReceived = meters.counter("weir_mqtt_bytes_received", "Bytes read from clients", "source", source);
        bytesSent = meters.counter("weir_mqtt_bytes_sent", "Bytes written to clients", "source", source);
        connectionsOpened = meters.counter("weir_mqtt_connections_opened", "Connections accepted", "source", source);
        for (PacketType type : PacketType.values()) {
            received.put(type, packets("weir_mqtt_packets_received", "Packets read from clients", type));
            sent.put(type, packets("weir_mqtt_packets_sent", "Packets written to clients", type));
        }
        for (Drop drop : Drop.values()) {
            dropped.put(
                    drop,
                    meters.counter(
                            "weir_mqtt_dropped",
                            "Messages that did not reach a subscriber",
                            "source",
                            source,
                            "reason",
                            drop.word()));
        }
    }

    private LongAdder packets(String name, String about, PacketType type) {
        return meters.counter(name, about, "source", source, "type", type.word());
    }

    void gauge(String name, String about, java.util.function.LongSupplier value) {
        meters.gauge(name, about, value, "source", source);
    }

    LongAdder received(PacketType type) {
        return counter(received.get(type));
    }

    LongAdder sent(PacketType type) {
        return counter(sent.get(type));
    }

    LongAdder dropped(Drop drop) {
        return counter(dropped.get(drop));
    }

    /// Counts a connection that the server ended.
    ///
    /// @param reason one of a fixed set of words
    void closed(String reason) {
        closed.computeIfAbsent(
                        reason,
                        word -> meters.counter(
                                "weir_mqtt_connections_closed",
                                "Connections that the server ended",
                                "source",
                                source,
                                "reason",
                                word))
                .increment();
    }

    /// Counts a client whose CONNECT was refused for who it is.
    ///
    /// @param reason one of a fixed set of words
    void refused(String reason) {
        refused.computeIfAbsent(
                        reason,
                        word -> meters.counter(
                                "weir_mqtt_refused",
                                "Clients that were not let in for who they are",
                                "source",
                                source,
                                "reason",
                                word))
                .increment();
    }

    private static LongAdder counter(@org.jspecify.annotations.Nullable LongAdder counter) {
        return java.util.Objects.requireNonNull(counter);
    }
}
