package dev.weir.connect.mqtt;

import dev.weir.connect.mqtt.Limits.Overflow;
import dev.weir.connect.mqtt.MqttMeters.Drop;
import dev.weir.connect.mqtt.Packet.Ack;
import dev.weir.connect.mqtt.Packet.Will;
import dev.weir.engine.access.Identity;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What the server knows of a client beyond a connection: subscriptions, messages that wait or are
/// under way, packet identifiers.
///
/// Any publisher's thread puts messages in with [#deliver], which never blocks on the network; the
/// connection's writer takes them out with [#fill]. One queue serves while the client is connected
/// and while it is away. Bounded: [Limits] says how; mostly QoS 0 that finds the queue full is
/// dropped, QoS 1 and 2 push out the oldest, and both are counted.
final class Session {
    private static final byte[] NO_TOPIC = {};

    private final String clientId;
    private final int maxStored;
    private final MqttMeters meters;
    private final Budget budget;

    private final ReentrantLock lock = new ReentrantLock();

    // guarded by lock
    private final Map<String, Subscription> subscriptions = new LinkedHashMap<>(4);
    private final ArrayDeque<Delivery> queue = new ArrayDeque<>(4);
    private final ArrayDeque<Delivery> resend = new ArrayDeque<>(1);
    private final Map<Integer, Delivery> inFlight = new LinkedHashMap<>(4);
    private final Map<Integer, Receiving> receiving = new HashMap<>(4);
    private long queuedBytes;
    private int queuedStored;
    private int lastPacketId;
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

    /// How often its connection may still be taken over.
    @Nullable
    Pace takeOvers;

    /// @param maxStored how many messages of the retained store may wait
    Session(String clientId, Attachment as, int maxStored, MqttMeters meters, Budget budget) {
        this.clientId = clientId;
        this.limits = as.limits();
        this.identity = as.identity();
        this.maxStored = maxStored;
        this.meters = meters;
        this.budget = budget;
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

    /// Gives the session a connection; what was under way is sent again, in its order
    /// (MQTT-4.4.0-1, MQTT-4.6.0-1).
    void attach(Attachment now) {
        lock.lock();
        try {
            attachment = now;
            limits = now.limits();
            identity = now.identity();
            resend.clear();
            if (!inFlight.isEmpty()) { // or each idle session would keep a view of nothing
                resend.addAll(inFlight.values());
            }
        } finally {
            lock.unlock();
        }
    }

    void detach() {
        lock.lock();
        try {
            attachment = null;
            resend.clear();
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

    void subscribed(String filter, Subscription subscription) {
        lock.lock();
        try {
            subscriptions.put(filter, subscription);
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
            boolean admitted = delivery.stored ? admitStored() : admit(delivery);
            if (admitted) {
                queue.add(delivery);
            }
            tooSlow = !admitted && limits.overflow == Overflow.DISCONNECT && !hasRoom(delivery.weight());
        } finally {
            lock.unlock();
        }
        if (current != null && tooSlow) {
            current.connection().end(Reason.QUOTA_EXCEEDED);
        } else if (current != null) {
            current.outbox().wakeForMessages();
        }
    }

    private boolean admitStored() {
        if (queuedStored >= maxStored) {
            meters.dropped(Drop.QUEUE_FULL).increment();
            return false;
        }
        queuedStored++;
        return true;
    }

    private boolean admit(Delivery delivery) {
        int weight = delivery.weight();
        while (!hasRoom(weight) || !budget.tryTake(weight)) {
            if (delivery.qos == 0 || limits.overflow != Overflow.DROP_OLDEST || !dropOldest()) {
                meters.dropped(Drop.QUEUE_FULL).increment();
                return false;
            }
        }
        queuedBytes += weight;
        return true;
    }

    private boolean hasRoom(int weight) {
        return queue.size() - queuedStored < limits.queueMessages && queuedBytes + weight <= limits.queueBytes;
    }

    private boolean dropOldest() {
        Delivery oldest = queue.poll();
        if (oldest == null) {
            return false;
        }
        taken(oldest);
        release(oldest);
        meters.dropped(Drop.OLDEST).increment();
        return true;
    }

    private void taken(Delivery delivery) {
        if (delivery.stored) {
            queuedStored--;
        } else {
            queuedBytes -= delivery.weight();
        }
    }

    private void release(Delivery delivery) {
        if (!delivery.stored) {
            budget.release(delivery.weight());
        }
    }

    private boolean isCurrent(Attachment writer) {
        Attachment current = attachment;
        return current != null && current.connection() == writer.connection();
    }

    /// Writes what may be sent now, up to about `maxBytes`, for that attachment's writer.
    void fill(Encoder out, int maxBytes, Attachment writer, long now) {
        lock.lock();
        try {
            while (isCurrent(writer) && out.size() < maxBytes) {
                Delivery again = resend.poll();
                if (again != null) {
                    sendAgain(out, again, writer, now);
                    continue;
                }
                Delivery next = queue.peek();
                if (next == null || (next.qos > 0 && inFlight.size() >= writer.window())) {
                    return;
                }
                queue.poll();
                taken(next);
                sendFirst(out, next, writer, now);
            }
        } finally {
            lock.unlock();
        }
    }

    private void sendAgain(Encoder out, Delivery delivery, Attachment writer, long now) {
        if (delivery.received) {
            out.ack(PacketType.PUBREL, delivery.packetId);
            meters.sent(PacketType.PUBREL).increment();
        } else if (!write(out, delivery, true, writer, now)) {
            inFlight.remove(delivery.packetId);
            release(delivery);
        }
    }

    private void sendFirst(Encoder out, Delivery delivery, Attachment writer, long now) {
        if (delivery.publication.isExpired(now)) {
            meters.dropped(Drop.EXPIRED).increment();
            release(delivery);
            return;
        }
        if (delivery.qos > 0) {
            delivery.packetId = freePacketId();
            inFlight.put(delivery.packetId, delivery);
        }
        boolean written = write(out, delivery, false, writer, now);
        if (!written && delivery.qos > 0) {
            inFlight.remove(delivery.packetId);
        }
        if (!written || delivery.qos == 0) {
            release(delivery);
        }
    }

    private int freePacketId() {
        do {
            lastPacketId = lastPacketId == 0xffff ? 1 : lastPacketId + 1;
        } while (inFlight.containsKey(lastPacketId));
        return lastPacketId;
    }

    /// Nothing is written that the client would not take (MQTT-3.1.2-24, MQTT-3.1.2-25). A topic
    /// alias stands for its topic once the packet that says so is written, and not when that was
    /// too large.
    private boolean write(Encoder out, Delivery delivery, boolean dup, Attachment writer, long now) {
        Publication publication = delivery.publication;
        Properties properties = writer.version() == Version.V5
                ? publication.propertiesFor(now, delivery.subscriptionIds)
                : Properties.NONE;
        TopicAliases aliases = writer.aliases();
        int alias = aliases.of(publication.topic);
        int fresh = alias == 0 ? aliases.free(publication) : 0;
        boolean written =
                alias > 0 && write(out, delivery, dup, writer, NO_TOPIC, properties.with(Property.TOPIC_ALIAS, alias));
        if (fresh > 0) {
            byte[] topic = publication.topicBytes;
            written = write(out, delivery, dup, writer, topic, properties.with(Property.TOPIC_ALIAS, fresh));
            if (written) {
                aliases.define(publication.topic, fresh);
            }
        }
        if (!written && alias == 0) {
            written = write(out, delivery, dup, writer, publication.topicBytes, properties);
        }
        (written ? meters.sent(PacketType.PUBLISH) : meters.dropped(Drop.TOO_LARGE)).increment();
        return written;
    }

    private static boolean write(
            Encoder out, Delivery delivery, boolean dup, Attachment writer, byte[] topic, Properties properties) {
        Publication publication = delivery.publication;
        int begin = out.size();
        out.publish(
                writer.version(),
                Encoder.header(dup, delivery.qos, delivery.retain),
                topic,
                delivery.packetId,
                properties,
                publication.payload,
                0,
                publication.payload.length);
        if (out.size() - begin > writer.maxPacketBytes()) {
            out.truncate(begin);
            return false;
        }
        return true;
    }

    /// Takes the client's PUBACK, PUBREC or PUBCOMP.
    ///
    /// @return whether such a packet was awaited
    boolean acknowledged(Ack ack) {
        lock.lock();
        try {
            Delivery delivery = inFlight.get(ack.packetId());
            if (delivery == null) {
                return false;
            }
            if (ack.type() == PacketType.PUBREC && !ack.reason().isError()) {
                delivery.received = delivery.qos == 2;
                return delivery.received;
            }
            inFlight.remove(ack.packetId());
            release(delivery);
            return true;
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

    int queuedMessages() {
        lock.lock();
        try {
            return queue.size();
        } finally {
            lock.unlock();
        }
    }

    /// Ends the session: gives up everything that waits, and says what it had subscribed to.
    Map<String, Subscription> end() {
        lock.lock();
        try {
            ended = true;
            meters.dropped(Drop.SESSION_ENDED).add(queue.size() + inFlight.size());
            queue.forEach(this::release);
            inFlight.values().forEach(this::release);
            queue.clear();
            inFlight.clear();
            resend.clear();
            receiving.clear();
            queuedBytes = 0;
            queuedStored = 0;
            Map<String, Subscription> had = Map.copyOf(subscriptions);
            subscriptions.clear();
            return had;
        } finally {
            lock.unlock();
        }
    }
}
