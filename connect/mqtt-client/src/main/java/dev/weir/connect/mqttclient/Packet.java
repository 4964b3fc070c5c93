package dev.weir.connect.mqttclient;

import org.jspecify.annotations.Nullable;

/// What a broker sends.
sealed interface Packet {
    /// The answer to CONNECT.
    ///
    /// @param sessionPresent whether the broker kept what it knew of this client
    /// @param reason 0 for success; a return code of 3.1.1 or a reason code of 5
    record Connack(boolean sessionPresent, int reason, Properties properties) implements Packet {}

    /// A message. Its payload is `bytes` from `offset` to the end.
    ///
    /// @param id the packet identifier; 0 at QoS 0
    /// @param oversized whether the payload was longer than `max-packet` and was left out
    @SuppressWarnings("ArrayRecordComponent") // a view, read once and handed on
    record Publish(String topic, int qos, int id, byte[] bytes, int offset, boolean oversized, Properties properties)
            implements Packet {}

    /// A step in the exchange about one message.
    ///
    /// @param reason the reason code; 0 where the broker gave none
    /// @param text what the broker says about it, if anything
    record Step(Kind kind, int id, int reason, @Nullable String text) implements Packet {}

    /// The answer to SUBSCRIBE: a code for each filter.
    @SuppressWarnings("ArrayRecordComponent") // read once
    record Suback(int id, int[] reasons) implements Packet {}

    /// The answer to PINGREQ.
    record Pingresp() implements Packet {}

    /// The broker hangs up and says why; MQTT 5 only.
    record Disconnect(int reason, @Nullable String text) implements Packet {}

    /// The packets of which an exchange about one message consists.
    enum Kind {
        PUBACK(4),
        PUBREC(5),
        PUBREL(6),
        PUBCOMP(7);

        private final int type;

        Kind(int type) {
            this.type = type;
        }

        /// The first byte: the type, and the flags that the standard prescribes.
        int firstByte() {
            return (type << 4) | (this == PUBREL ? 2 : 0);
        }
    }
}
