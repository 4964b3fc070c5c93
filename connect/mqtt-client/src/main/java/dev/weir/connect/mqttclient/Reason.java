package dev.weir.connect.mqttclient;

import com.hivemq.client.mqtt.datatypes.MqttUtf8String;
import com.hivemq.client.mqtt.lifecycle.MqttDisconnectSource;
import com.hivemq.client.mqtt.mqtt3.exceptions.Mqtt3ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// The codes with which a broker says why.
final class Reason {
    private Reason() {}

    /// Whether the broker said no.
    static boolean isFailure(int reason) {
        return reason >= 0x80;
    }

    /// Whether a message that was answered so may be taken later, as it is.
    static boolean mayPassLater(int reason) {
        return switch (reason) {
            case 0x80, 0x83, 0x88, 0x89, 0x91, 0x97 -> true;
            default -> false;
        };
    }

    /// A code for people.
    static String shown(int reason, @Nullable String text) {
        String name = name(reason) + " (0x" + Integer.toHexString(reason) + ")";
        return text == null ? name : name + ", \"" + printable(text, 120) + "\"";
    }

    /// What a future or a callback of the library failed with.
    static Throwable cause(Throwable failed) {
        Throwable cause = failed;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    static @Nullable String text(Optional<MqttUtf8String> said) {
        return said.map(MqttUtf8String::toString).orElse(null);
    }

    /// Why something that this side began came to nothing.
    static String why(Throwable failed) {
        return why(failed, MqttDisconnectSource.CLIENT);
    }

    /// Why a connection is over, for people.
    ///
    /// @param source who ended it
    static String why(Throwable failed, MqttDisconnectSource source) {
        return switch (cause(failed)) {
            case Mqtt5ConnAckException refused ->
                "the broker refused the connection: "
                        + shown(
                                refused.getMqttMessage().getReasonCode().getCode(),
                                text(refused.getMqttMessage().getReasonString()));
            case Mqtt3ConnAckException refused ->
                "the broker refused the connection: "
                        + shown(
                                ofVersion3(
                                        refused.getMqttMessage().getReturnCode().getCode()),
                                null);
            case Mqtt5DisconnectException over
            when source == MqttDisconnectSource.SERVER ->
                "the broker hung up: "
                        + shown(
                                over.getMqttMessage().getReasonCode().getCode(),
                                text(over.getMqttMessage().getReasonString()));
            case Throwable other -> root(other);
        };
    }

    /// The first cause: the library's own words around it say less.
    private static String root(Throwable failed) {
        Throwable root = failed;
        for (int depth = 0; root.getCause() != null && depth < 10; depth++) {
            root = root.getCause();
        }
        String text = root.getMessage();
        return text == null ? root.getClass().getSimpleName() : printable(text, 300);
    }

    /// The return code of a CONNACK of MQTT 3.1.1 as that of MQTT 5 that says the same.
    static int ofVersion3(int code) {
        return switch (code) {
            case 0 -> 0;
            case 1 -> 0x84;
            case 2 -> 0x85;
            case 3 -> 0x88;
            case 4 -> 0x86;
            case 5 -> 0x87;
            default -> 0x80;
        };
    }

    private static String name(int reason) {
        return switch (reason) {
            case 0x81 -> "malformed packet";
            case 0x82 -> "protocol error";
            case 0x83 -> "implementation specific error";
            case 0x84 -> "unsupported protocol version";
            case 0x85 -> "client identifier not valid";
            case 0x86 -> "bad user name or password";
            case 0x87 -> "not authorized";
            case 0x88 -> "server unavailable";
            case 0x89 -> "server busy";
            case 0x8a -> "banned";
            case 0x8b -> "server shutting down";
            case 0x8d -> "keep alive timeout";
            case 0x8e -> "session taken over by another client of the same client-id";
            case 0x8f -> "topic filter invalid";
            case 0x90 -> "topic name invalid";
            case 0x91 -> "packet identifier in use";
            case 0x93 -> "receive maximum exceeded";
            case 0x95 -> "packet too large";
            case 0x96 -> "message rate too high";
            case 0x97 -> "quota exceeded";
            case 0x98 -> "administrative action";
            case 0x99 -> "payload format invalid";
            case 0x9a -> "retain not supported";
            case 0x9b -> "QoS not supported";
            case 0x9e -> "shared subscriptions not supported";
            case 0xa2 -> "wildcard subscriptions not supported";
            default -> "reason";
        };
    }

    /// What a broker wrote must not forge lines of the log.
    private static String printable(String text, int most) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), most));
        text.codePoints()
                .limit(most)
                .forEach(c -> out.appendCodePoint(Character.isISOControl(c) || c == '"' ? '?' : c));
        return out.toString();
    }
}
