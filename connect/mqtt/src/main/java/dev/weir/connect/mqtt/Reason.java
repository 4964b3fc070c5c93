package dev.weir.connect.mqtt;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The reason codes of MQTT 5. The return codes of 3.1.1 are mapped to them at the wire.
public enum Reason {
    /// Also "normal disconnection" and "granted QoS 0".
    SUCCESS(0x00),
    GRANTED_QOS_1(0x01),
    GRANTED_QOS_2(0x02),
    DISCONNECT_WITH_WILL(0x04),
    NO_MATCHING_SUBSCRIBERS(0x10),
    NO_SUBSCRIPTION_EXISTED(0x11),
    CONTINUE_AUTHENTICATION(0x18),
    REAUTHENTICATE(0x19),
    UNSPECIFIED(0x80),
    MALFORMED_PACKET(0x81),
    PROTOCOL_ERROR(0x82),
    IMPLEMENTATION_SPECIFIC(0x83),
    UNSUPPORTED_VERSION(0x84),
    CLIENT_ID_NOT_VALID(0x85),
    BAD_CREDENTIALS(0x86),
    NOT_AUTHORIZED(0x87),
    SERVER_UNAVAILABLE(0x88),
    SERVER_BUSY(0x89),
    BANNED(0x8a),
    SERVER_SHUTTING_DOWN(0x8b),
    BAD_AUTHENTICATION_METHOD(0x8c),
    KEEP_ALIVE_TIMEOUT(0x8d),
    SESSION_TAKEN_OVER(0x8e),
    TOPIC_FILTER_INVALID(0x8f),
    TOPIC_NAME_INVALID(0x90),
    PACKET_ID_IN_USE(0x91),
    PACKET_ID_NOT_FOUND(0x92),
    RECEIVE_MAXIMUM_EXCEEDED(0x93),
    TOPIC_ALIAS_INVALID(0x94),
    PACKET_TOO_LARGE(0x95),
    MESSAGE_RATE_TOO_HIGH(0x96),
    QUOTA_EXCEEDED(0x97),
    ADMINISTRATIVE_ACTION(0x98),
    PAYLOAD_FORMAT_INVALID(0x99),
    RETAIN_NOT_SUPPORTED(0x9a),
    QOS_NOT_SUPPORTED(0x9b),
    USE_ANOTHER_SERVER(0x9c),
    SERVER_MOVED(0x9d),
    SHARED_SUBSCRIPTIONS_NOT_SUPPORTED(0x9e),
    CONNECTION_RATE_EXCEEDED(0x9f),
    MAXIMUM_CONNECT_TIME(0xa0),
    SUBSCRIPTION_IDS_NOT_SUPPORTED(0xa1),
    WILDCARDS_NOT_SUPPORTED(0xa2);

    private static final @Nullable Reason[] BY_CODE = byCode();

    private final int code;

    Reason(int code) {
        this.code = code;
    }

    /// The number on the wire.
    public int code() {
        return code;
    }

    /// Whether it says that something went wrong.
    public boolean isError() {
        return code >= 0x80;
    }

    /// The name as a label: `malformed-packet`.
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static @Nullable Reason of(int code) {
        return BY_CODE[code & 0xff];
    }

    /// What a SUBACK says about a subscription that was granted.
    static Reason granted(int qos) {
        return switch (qos) {
            case 0 -> SUCCESS;
            case 1 -> GRANTED_QOS_1;
            default -> GRANTED_QOS_2;
        };
    }

    /// The return code of a CONNACK in 3.1.1, which knows only six.
    int connectReturnCode() {
        if (!isError()) {
            return 0;
        }
        return switch (this) {
            case UNSUPPORTED_VERSION -> 1;
            case CLIENT_ID_NOT_VALID -> 2;
            case BAD_CREDENTIALS -> 4;
            case NOT_AUTHORIZED, BANNED, BAD_AUTHENTICATION_METHOD -> 5;
            default -> 3;
        };
    }

    static @Nullable Reason ofConnectReturnCode(int code) {
        return switch (code) {
            case 0 -> SUCCESS;
            case 1 -> UNSUPPORTED_VERSION;
            case 2 -> CLIENT_ID_NOT_VALID;
            case 3 -> SERVER_UNAVAILABLE;
            case 4 -> BAD_CREDENTIALS;
            case 5 -> NOT_AUTHORIZED;
            default -> null;
        };
    }

    private static @Nullable Reason[] byCode() {
        @Nullable Reason[] reasons = new @Nullable Reason[256];
        for (Reason reason : values()) {
            reasons[reason.code] = reason;
        }
        return reasons;
    }
}
