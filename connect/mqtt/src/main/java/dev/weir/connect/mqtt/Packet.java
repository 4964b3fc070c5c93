package dev.weir.connect.mqtt;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One control packet. What only MQTT 5 has is empty or [Reason#SUCCESS] in a packet of 3.1.1.
public sealed interface Packet {
    /// Its type.
    PacketType type();

    /// The first packet of a client.
    ///
    /// @param version the protocol's version
    /// @param clientId empty if the server shall choose one
    /// @param clean `clean session` of 3.1.1, `clean start` of 5
    /// @param keepAlive in seconds; 0 for none
    /// @param will what to publish if the connection is lost
    /// @param user the user name, if any
    /// @param password the password, if any; never printed
    /// @param properties of MQTT 5
    @SuppressWarnings("ArrayRecordComponent") // equality is by content, and nobody is to copy payloads
    record Connect(
            Version version,
            String clientId,
            boolean clean,
            int keepAlive,
            @Nullable Will will,
            @Nullable String user,
            byte @Nullable [] password,
            Properties properties)
            implements Packet {
        @Override
        public PacketType type() {
            return PacketType.CONNECT;
        }

        @Override
        public String toString() {
            return "Connect[" + version + ", " + clientId + "]";
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Connect that
                    && version == that.version
                    && clientId.equals(that.clientId)
                    && clean == that.clean
                    && keepAlive == that.keepAlive
                    && Objects.equals(will, that.will)
                    && Objects.equals(user, that.user)
                    && Arrays.equals(password, that.password)
                    && properties.equals(that.properties);
        }

        @Override
        public int hashCode() {
            return clientId.hashCode();
        }
    }

    /// What the server publishes for a client whose connection was lost.
    ///
    /// @param topic where to
    /// @param payload what
    /// @param qos 0, 1 or 2
    /// @param retain whether it is retained
    /// @param properties of MQTT 5, the delay among them
    @SuppressWarnings("ArrayRecordComponent") // equality is by content, and nobody is to copy payloads
    record Will(String topic, byte[] payload, int qos, boolean retain, Properties properties) {
        /// About how many bytes of heap it takes.
        int weight() {
            return Publication.weight(topic.length(), payload, properties);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Will that
                    && topic.equals(that.topic)
                    && Arrays.equals(payload, that.payload)
                    && qos == that.qos
                    && retain == that.retain
                    && properties.equals(that.properties);
        }

        @Override
        public int hashCode() {
            return topic.hashCode();
        }
    }

    /// The answer to CONNECT.
    record ConnAck(boolean sessionPresent, Reason reason, Properties properties) implements Packet {
        @Override
        public PacketType type() {
            return PacketType.CONNACK;
        }
    }

    /// A message. The payload is a view of the array it was decoded from: valid until the next
    /// packet is read.
    ///
    /// @param topic empty when an alias stands for it
    /// @param packetId 0 with QoS 0
    @SuppressWarnings("ArrayRecordComponent") // equality is by content, and nobody is to copy payloads
    record Publish(
            boolean dup,
            int qos,
            boolean retain,
            String topic,
            int packetId,
            Properties properties,
            byte[] bytes,
            int offset,
            int length)
            implements Packet {
        @Override
        public PacketType type() {
            return PacketType.PUBLISH;
        }

        /// The payload as an array of its own.
        byte[] payload() {
            return Arrays.copyOfRange(bytes, offset, offset + length);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Publish that
                    && dup == that.dup
                    && qos == that.qos
                    && retain == that.retain
                    && topic.equals(that.topic)
                    && packetId == that.packetId
                    && properties.equals(that.properties)
                    && Arrays.equals(payload(), that.payload());
        }

        @Override
        public int hashCode() {
            return topic.hashCode() * 31 + packetId;
        }

        @Override
        public String toString() {
            return "Publish[" + topic + ", qos=" + qos + ", id=" + packetId + ", " + length + " bytes]";
        }
    }

    /// PUBACK, PUBREC, PUBREL or PUBCOMP.
    ///
    /// @param type which of the four
    record Ack(PacketType type, int packetId, Reason reason, Properties properties) implements Packet {
        static Ack of(PacketType type, int packetId) {
            return new Ack(type, packetId, Reason.SUCCESS, Properties.NONE);
        }
    }

    /// A wish for subscriptions.
    record Subscribe(int packetId, List<Request> requests, Properties properties) implements Packet {
        @Override
        public PacketType type() {
            return PacketType.SUBSCRIBE;
        }
    }

    /// One filter of a SUBSCRIBE.
    ///
    /// @param filter the topic filter
    /// @param qos the QoS asked for
    /// @param noLocal whether the client's own messages are left out
    /// @param retainAsPublished whether messages keep their retain flag
    /// @param retainHandling 0: send retained messages; 1: only to a new subscription; 2: never
    record Request(String filter, int qos, boolean noLocal, boolean retainAsPublished, int retainHandling) {}

    /// The answer to SUBSCRIBE, in its order.
    record SubAck(int packetId, Properties properties, List<Reason> reasons) implements Packet {
        @Override
        public PacketType type() {
            return PacketType.SUBACK;
        }
    }

    /// The end of subscriptions.
    record Unsubscribe(int packetId, List<String> filters, Properties properties) implements Packet {
        @Override
        public PacketType type() {
            return PacketType.UNSUBSCRIBE;
        }
    }

    /// The answer to UNSUBSCRIBE, in its order; 3.1.1 has no reasons.
    record UnsubAck(int packetId, Properties properties, List<Reason> reasons) implements Packet {
        @Override
        public PacketType type() {
            return PacketType.UNSUBACK;
        }
    }

    /// A sign of life.
    record PingReq() implements Packet {
        @Override
        public PacketType type() {
            return PacketType.PINGREQ;
        }
    }

    /// The answer to a sign of life.
    record PingResp() implements Packet {
        @Override
        public PacketType type() {
            return PacketType.PINGRESP;
        }
    }

    /// The last packet.
    record Disconnect(Reason reason, Properties properties) implements Packet {
        @Override
        public PacketType type() {
            return PacketType.DISCONNECT;
        }
    }

    /// Enhanced authentication of MQTT 5.
    record Auth(Reason reason, Properties properties) implements Packet {
        @Override
        public PacketType type() {
            return PacketType.AUTH;
        }
    }
}
