package dev.weir.connect.mqtt;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// A client's messages that are not acknowledged yet, in the order in which they came. Guarded by
/// the outbox's lock; bounded by the receive maximum.
final class Unsettled {
    private final ArrayDeque<Receiving> messages = new ArrayDeque<>(2);
    private int qos1;

    void add(Receiving message) {
        messages.add(message);
        qos1 += message.qos == 1 ? 1 : 0;
    }

    int size() {
        return messages.size();
    }

    /// How many of them have QoS 1.
    int qos1() {
        return qos1;
    }

    /// Takes the first message if it is decided; null if it is not, or there is none.
    @Nullable
    Receiving pollDecided() {
        Receiving first = messages.peek();
        if (first == null || !first.isDecided()) {
            return null;
        }
        messages.poll();
        qos1 -= first.qos == 1 ? 1 : 0;
        return first;
    }
}
