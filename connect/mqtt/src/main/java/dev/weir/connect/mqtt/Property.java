package dev.weir.connect.mqtt;

import static dev.weir.connect.mqtt.PacketType.*;

import org.jspecify.annotations.Nullable;

/// The properties of MQTT 5: identifier, form, and the packets that may carry them.
public enum Property {
    PAYLOAD_FORMAT_INDICATOR(0x01, Form.FLAG, true, PUBLISH),
    MESSAGE_EXPIRY_INTERVAL(0x02, Form.INT, true, PUBLISH),
    CONTENT_TYPE(0x03, Form.TEXT, true, PUBLISH),
    RESPONSE_TOPIC(0x08, Form.TEXT, true, PUBLISH),
    CORRELATION_DATA(0x09, Form.BINARY, true, PUBLISH),
    /// May occur more than once in a PUBLISH to a client: a list of [Long].
    SUBSCRIPTION_IDENTIFIER(0x0b, Form.VARINT, false, PUBLISH, SUBSCRIBE),
    SESSION_EXPIRY_INTERVAL(0x11, Form.INT, false, CONNECT, CONNACK, DISCONNECT),
    ASSIGNED_CLIENT_IDENTIFIER(0x12, Form.TEXT, false, CONNACK),
    SERVER_KEEP_ALIVE(0x13, Form.SHORT, false, CONNACK),
    AUTHENTICATION_METHOD(0x15, Form.TEXT, false, CONNECT, CONNACK, AUTH),
    AUTHENTICATION_DATA(0x16, Form.BINARY, false, CONNECT, CONNACK, AUTH),
    REQUEST_PROBLEM_INFORMATION(0x17, Form.FLAG, false, CONNECT),
    WILL_DELAY_INTERVAL(0x18, Form.INT, true),
    REQUEST_RESPONSE_INFORMATION(0x19, Form.FLAG, false, CONNECT),
    RESPONSE_INFORMATION(0x1a, Form.TEXT, false, CONNACK),
    SERVER_REFERENCE(0x1c, Form.TEXT, false, CONNACK, DISCONNECT),
    REASON_STRING(0x1f, Form.TEXT, false, CONNACK, PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK, UNSUBACK, DISCONNECT, AUTH),
    RECEIVE_MAXIMUM(0x21, Form.SHORT_ABOVE_ZERO, false, CONNECT, CONNACK),
    TOPIC_ALIAS_MAXIMUM(0x22, Form.SHORT, false, CONNECT, CONNACK),
    TOPIC_ALIAS(0x23, Form.SHORT, false, PUBLISH),
    MAXIMUM_QOS(0x24, Form.FLAG, false, CONNACK),
    RETAIN_AVAILABLE(0x25, Form.FLAG, false, CONNACK),
    /// May occur more than once: a list of [Properties.Pair].
    USER_PROPERTY(
            0x26,
            Form.PAIR,
            true,
            CONNECT,
            CONNACK,
            PUBLISH,
            PUBACK,
            PUBREC,
            PUBREL,
            PUBCOMP,
            SUBSCRIBE,
            SUBACK,
            UNSUBSCRIBE,
            UNSUBACK,
            DISCONNECT,
            AUTH),
    MAXIMUM_PACKET_SIZE(0x27, Form.INT_ABOVE_ZERO, false, CONNECT, CONNACK),
    WILDCARD_SUBSCRIPTION_AVAILABLE(0x28, Form.FLAG, false, CONNACK),
    SUBSCRIPTION_IDENTIFIER_AVAILABLE(0x29, Form.FLAG, false, CONNACK),
    SHARED_SUBSCRIPTION_AVAILABLE(0x2a, Form.FLAG, false, CONNACK);

    /// How a value looks on the wire and in [Properties]: numbers are [Long], texts [String],
    /// binary data `byte[]`.
    enum Form {
        /// One byte that is 0 or 1.
        FLAG,
        SHORT,
        SHORT_ABOVE_ZERO,
        INT,
        INT_ABOVE_ZERO,
        VARINT,
        TEXT,
        BINARY,
        PAIR
    }

    private static final @Nullable Property[] BY_ID = byId();

    private final int id;
    private final Form form;
    private final boolean will;
    private final int packets;

    Property(int id, Form form, boolean will, PacketType... packets) {
        this.id = id;
        this.form = form;
        this.will = will;
        int bits = 0;
        for (PacketType type : packets) {
            bits |= type.bit();
        }
        this.packets = bits;
    }

    static @Nullable Property of(int id) {
        return id >= 0 && id < BY_ID.length ? BY_ID[id] : null;
    }

    int id() {
        return id;
    }

    Form form() {
        return form;
    }

    /// Whether such a packet may carry it; null stands for the will inside a CONNECT.
    boolean allowedIn(@Nullable PacketType type) {
        return type == null ? will : (packets & type.bit()) != 0;
    }

    private static @Nullable Property[] byId() {
        @Nullable Property[] properties = new @Nullable Property[0x2b];
        for (Property property : values()) {
            properties[property.id] = property;
        }
        return properties;
    }
}
