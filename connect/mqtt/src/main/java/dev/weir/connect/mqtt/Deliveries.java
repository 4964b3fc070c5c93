package dev.weir.connect.mqtt;

import dev.weir.connect.mqtt.Limits.Overflow;
import dev.weir.connect.mqtt.MqttMeters.Drop;
import dev.weir.connect.mqtt.Packet.Ack;
import dev.weir.connect.mqtt.Session.Attachment;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// A session's messages to its client: those that wait, those that are under way, and their packet
/// identifiers.
///
/// Not thread-safe: guarded by its session's lock, except for what is final. Bounded: what waits by
/// [Limits], mostly QoS 0 that finds the queue full is dropped and QoS 1 and 2 push out the oldest,
/// both counted; what comes out of the retained store by the most that this holds, and it stays
/// there until it is sent; what is under way by the client's window; all of it by the budget of
/// the server.
final class Deliveries {
    private static final byte[] NO_TOPIC = {};

    private final int maxStored;
    private final MqttMeters meters;
    private final Budget budget;

    private final ArrayDeque<Delivery> queue = new ArrayDeque<>(4);
    private final ArrayDeque<Delivery> resend = new ArrayDeque<>(1);
    private final Map<Integer, Delivery> inFlight = new LinkedHashMap<>(4);
    private long queuedBytes;

    /// What is to be sent out of the retained store; most sessions never have any.
    private @Nullable ArrayDeque<Delivery> stored;

    private int lastPacketId;

    /// @param maxStored how many messages of the retained store may wait
    Deliveries(int maxStored, MqttMeters meters, Budget budget) {
        this.maxStored = maxStored;
        this.meters = meters;
        this.budget = budget;
    }

    /// How many wait.
    int queued() {
        return queue.size() + storedCount();
    }

    // --- what comes in -----------------------------------------------------------------------------

    /// Queues a message if there is room, or if room can be made.
    ///
    /// @return whether it is queued; it is counted if not
    boolean offer(Delivery delivery, Limits limits) {
        boolean admitted = delivery.isStored() ? admitStored(delivery) : admit(delivery, limits);
        if (!admitted) {
            meters.dropped(Drop.QUEUE_FULL).increment();
        }
        return admitted;
    }

    private boolean admitStored(Delivery delivery) {
        if (storedCount() >= maxStored || !charge(delivery, Delivery.OVERHEAD)) {
            return false;
        }
        if (stored == null) {
            stored = new ArrayDeque<>();
        }
        stored.add(delivery);
        return true;
    }

    private int storedCount() {
        return stored == null ? 0 : stored.size();
    }

    private boolean admit(Delivery delivery, Limits limits) {
        int weight = delivery.weight();
        if (weight > limits.queueBytes || !budget.fits(weight, queuedBytes)) {
            return false; // and no other has to go for it
        }
        while (!hasRoom(weight, limits) || !charge(delivery, weight)) {
            if (delivery.qos == 0 || limits.overflow != Overflow.DROP_OLDEST || !dropOldest()) {
                return false;
            }
        }
        queuedBytes += weight;
        queue.add(delivery);
        return true;
    }

    /// Whether the session itself has room for a message of that weight.
    boolean hasRoom(int weight, Limits limits) {
        return queue.size() < limits.queueMessages && queuedBytes + weight <= limits.queueBytes;
    }

    private boolean dropOldest() {
        Delivery oldest = queue.poll();
        if (oldest == null) {
            return false;
        }
        queuedBytes -= oldest.weight();
        release(oldest);
        meters.dropped(Drop.OLDEST).increment();
        return true;
    }

    private boolean charge(Delivery delivery, int bytes) {
        if (!budget.tryTake(bytes)) {
            return false;
        }
        delivery.charged += bytes;
        return true;
    }

    private void release(Delivery delivery) {
        budget.release(delivery.charged);
        delivery.charged = 0;
    }

    // --- what goes out -----------------------------------------------------------------------------

    /// From now on what is under way is sent again, in its order, before anything else
    /// (MQTT-4.4.0-1, MQTT-4.6.0-1).
    void beginAgain() {
        resend.clear();
        if (!inFlight.isEmpty()) { // or each idle session would keep a view of nothing
            resend.addAll(inFlight.values());
        }
    }

    /// Nothing is sent again before [#beginAgain].
    void pause() {
        resend.clear();
    }

    /// Writes what may be sent now, up to about `maxBytes`.
    void fill(Encoder out, int maxBytes, Attachment writer, long now) {
        while (out.size() < maxBytes) {
            Delivery again = resend.poll();
            if (again != null) {
                sendAgain(out, again, writer, now);
                continue;
            }
            Queue<Delivery> from = stored == null ? queue : stored;
            Delivery next = from.peek();
            if (next == null || (next.qos > 0 && inFlight.size() >= writer.window())) {
                return;
            }
            from.poll();
            if (next.isStored()) {
                stored = from.isEmpty() ? null : stored;
                sendStored(out, next, writer, now);
            } else {
                queuedBytes -= next.weight();
                sendFirst(out, next, writer, now);
            }
        }
    }

    private void sendAgain(Encoder out, Delivery delivery, Attachment writer, long now) {
        if (inFlight.get(delivery.packetId) != delivery) {
            return; // the client has acknowledged it already, and its identifier may be another's
        }
        if (delivery.received) {
            out.ack(PacketType.PUBREL, delivery.packetId);
            meters.sent(PacketType.PUBREL).increment();
        } else if (!write(out, delivery, true, writer, now)) {
            inFlight.remove(delivery.packetId);
            release(delivery);
        }
    }

    /// From here on the message is the subscriber's, and counts as what it weighs.
    private void sendStored(Encoder out, Delivery delivery, Attachment writer, long now) {
        Publication publication = delivery.bind();
        if (publication == null) {
            release(delivery); // it is not retained any more
        } else if (delivery.qos > 0 && !charge(delivery, publication.weight())) {
            meters.dropped(Drop.QUEUE_FULL).increment();
            release(delivery);
        } else {
            sendFirst(out, delivery, writer, now);
        }
    }

    private void sendFirst(Encoder out, Delivery delivery, Attachment writer, long now) {
        if (delivery.publication().isExpired(now)) {
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
        Publication publication = delivery.publication();
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
        Publication publication = delivery.publication();
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
    }

    // --- end -----------------------------------------------------------------------------------------

    /// Gives up everything.
    void discard() {
        meters.dropped(Drop.SESSION_ENDED).add(queued() + inFlight.size());
        queue.forEach(this::release);
        if (stored != null) {
            stored.forEach(this::release);
        }
        inFlight.values().forEach(this::release);
        queue.clear();
        inFlight.clear();
        resend.clear();
        stored = null;
        queuedBytes = 0;
    }
}
