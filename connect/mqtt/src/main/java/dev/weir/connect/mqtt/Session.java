package dev.weir.connect.mqtt;

import dev.weir.connect.mqtt.Limits.Overflow;
import dev.weir.connect.mqtt.MqttMeters.Drop;
import dev.weir.connect.mqtt.Packet.Ack;
import dev.weir.connect.mqtt.Packet.Will;
import dev.weir.engine.access.Identity;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What the server knows of a client beyond a connection: who it is, its subscriptions, the
/// messages that wait for it or are under way to it ([Deliveries]), and its own of QoS 2 that it
/// has not released.
///
/// Thread-safe. Any publisher's thread puts messages in with [#deliver], which never blocks on the
/// network; the connection's writer takes them out with [#fill]. One queue serves while the client
/// is connected and while it is away. Bounded by [Limits] and [MqttOptions].
final class Session {
    private final String clientId;
    private final MqttMeters meters;

    private final ReentrantLock lock = new ReentrantLock();

    // guarded by lock
    private final Map<String, Subscription> subscriptions = new LinkedHashMap<>(4);
    private final Deliveries deliveries;
    private final Map<Integer, Receiving> receiving = new HashMap<>(4);
    private boolean ended;
    /// Those of the listener that the client came in by last.
    private Limits limits;

    /// Written under the lock, read by everybody.
    private volatile @Nullable Attachment attachment;

    /// Who the client was when it connected last. Written under the lock, read by everybody.
    private volatile Identity identity;

    /// A client's connection as far as its session needs it.
    ///
    /// @param connection the connection
    /// @param outbox its way out
    /// @param version how packets are written
    /// @param window QoS 1 and 2 messages that may be under way
    /// @param maxPacketBytes what the client takes
    /// @param limits of the listener that it came in by
    /// @param identity who the client is
    /// @param aliases what stands for topics towards it
    record Attachment(
            Connection connection,
            Outbox outbox,
            Version version,
            int window,
            int maxPacketBytes,
            Limits limits,
            Identity identity,
            TopicAliases aliases) {}

    // guarded by the broker's lock
    long expirySeconds;
    long awaySince;

    @Nullable
    Will pendingWill;

    long willDueAt;

    /// What its will, or that of its connection, has taken of the budget.
    int willBytes;

    /// How often its connection may still be taken over.
    @Nullable
    Pace takeOvers;

    /// @param maxStored how many messages of the retained store may wait
    Session(String clientId, Attachment as, int maxStored, MqttMeters meters, Budget budget) {
        this.clientId = clientId;
        this.limits = as.limits();
        this.identity = as.identity();
        this.meters = meters;
        this.deliveries = new Deliveries(maxStored, meters, budget);
    }

    String clientId() {
        return clientId;
    }

    /// Whether it belongs to that one: whoever else comes with the same client id does not get it.
    boolean isOf(Identity other) {
        return identity.name().equals(other.name());
    }

    boolean isRevoked() {
        return identity.isRevoked();
    }

    boolean mayReceive(String topic) {
        return identity.mayReceive(topic, clientId);
    }

    /// What the client may publish, for one connection.
    Permissions permissions() {
        return new Permissions(identity, clientId);
    }

    Identity.Verdict maySubscribe(String filter) {
        return identity.maySubscribe(filter, clientId);
    }

    boolean isConnected() {
        return attachment != null;
    }

    @Nullable
    Connection connection() {
        Attachment current = attachment;
        return current == null ? null : current.connection();
    }

    /// Gives the session a connection; what was under way is sent again.
    void attach(Attachment now) {
        lock.lock();
        try {
            attachment = now;
            limits = now.limits();
            identity = now.identity();
            deliveries.beginAgain();
        } finally {
            lock.unlock();
        }
    }

    void detach() {
        lock.lock();
        try {
            attachment = null;
            deliveries.pause();
        } finally {
            lock.unlock();
        }
    }

    // --- subscriptions ---------------------------------------------------------------------------

    int subscriptionCount() {
        lock.lock();
        try {
            return subscriptions.size();
        } finally {
            lock.unlock();
        }
    }

    @Nullable
    Subscription subscription(String filter) {
        lock.lock();
        try {
            return subscriptions.get(filter);
        } finally {
            lock.unlock();
        }
    }

    /// Notes a subscription.
    ///
    /// @return false if the session has ended, so that nobody will ever take the subscription out
    boolean subscribed(String filter, Subscription subscription) {
        lock.lock();
        try {
            if (!ended) {
                subscriptions.put(filter, subscription);
            }
            return !ended;
        } finally {
            lock.unlock();
        }
    }

    @Nullable
    Subscription unsubscribed(String filter) {
        lock.lock();
        try {
            return subscriptions.remove(filter);
        } finally {
            lock.unlock();
        }
    }

    // --- messages to the client ------------------------------------------------------------------

    /// Queues a message for the client. Any thread; does not block on the client.
    void deliver(Delivery delivery) {
        Attachment current;
        boolean tooSlow;
        lock.lock();
        try {
            current = attachment;
            if (ended || (current == null && delivery.qos == 0)) {
                meters.dropped(ended ? Drop.SESSION_ENDED : Drop.OFFLINE).increment();
                return;
            }
            tooSlow = !deliveries.offer(delivery, limits)
                    && limits.overflow == Overflow.DISCONNECT
                    && !deliveries.hasRoom(delivery.weight(), limits);
        } finally {
            lock.unlock();
        }
        if (current != null && tooSlow) {
            current.connection().end(Reason.QUOTA_EXCEEDED);
        } else if (current != null) {
            current.outbox().wakeForMessages();
        }
    }

    /// Writes what may be sent now, up to about `maxBytes`, for that attachment's writer.
    void fill(Encoder out, int maxBytes, Attachment writer, long now) {
        lock.lock();
        try {
            if (isCurrent(writer)) {
                deliveries.fill(out, maxBytes, writer, now);
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isCurrent(Attachment writer) {
        Attachment current = attachment;
        return current != null && current.connection() == writer.connection();
    }

    /// Takes the client's PUBACK, PUBREC or PUBCOMP.
    ///
    /// @return whether such a packet was awaited
    boolean acknowledged(Ack ack) {
        lock.lock();
        try {
            return deliveries.acknowledged(ack);
        } finally {
            lock.unlock();
        }
    }

    int queuedMessages() {
        lock.lock();
        try {
            return deliveries.queued();
        } finally {
            lock.unlock();
        }
    }

    // --- QoS 2 messages from the client ------------------------------------------------------------

    /// Notes that a QoS 2 message arrived.
    ///
    /// @return the earlier one with that identifier that is not released yet; null if it is new
    @Nullable
    Receiving arrived(Receiving message) {
        lock.lock();
        try {
            return receiving.putIfAbsent(message.packetId, message);
        } finally {
            lock.unlock();
        }
    }

    /// Forgets a QoS 2 message: it was released, refused, or never taken.
    ///
    /// @return whether it was known
    boolean released(int packetId) {
        lock.lock();
        try {
            return receiving.remove(packetId) != null;
        } finally {
            lock.unlock();
        }
    }

    int receivingCount() {
        lock.lock();
        try {
            return receiving.size();
        } finally {
            lock.unlock();
        }
    }

    /// Ends the session: gives up everything that waits, and says what it had subscribed to.
    Map<String, Subscription> end() {
        lock.lock();
        try {
            ended = true;
            deliveries.discard();
            receiving.clear();
            Map<String, Subscription> had = Map.copyOf(subscriptions);
            subscriptions.clear();
            return had;
        } finally {
            lock.unlock();
        }
    }
}
