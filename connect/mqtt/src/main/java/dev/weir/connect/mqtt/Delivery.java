package dev.weir.connect.mqtt;

import dev.weir.connect.mqtt.RetainedStore.Slot;
import org.jspecify.annotations.Nullable;

/// A message on its way to one subscriber. Guarded by its session's lock.
final class Delivery {
    static final long[] NO_IDS = {};

    /// About what it takes itself, beside the message.
    static final int OVERHEAD = 64;

    final boolean retain;
    final long[] subscriptionIds;

    /// Where the message is, as long as it waits in the retained store; null for one of its own.
    private final @Nullable Slot slot;

    /// Whose messages the subscriber does not want; null if it wants all.
    private final @Nullable String notFrom;

    private @Nullable Publication publication;

    /// For one out of the retained store the most it may be, until it is [#bind]ed.
    int qos;

    int packetId;
    /// Whether the subscriber has confirmed it with PUBREC: from then on only PUBREL is sent.
    boolean received;

    /// What it has taken of the budget, in bytes.
    int charged;

    private Delivery(
            @Nullable Publication publication,
            @Nullable Slot slot,
            @Nullable String notFrom,
            int qos,
            boolean retain,
            long[] subscriptionIds) {
        this.publication = publication;
        this.slot = slot;
        this.notFrom = notFrom;
        this.qos = qos;
        this.retain = retain;
        this.subscriptionIds = subscriptionIds;
    }

    /// One of a message that has just been published.
    static Delivery of(Publication publication, int qos, boolean retain, long[] subscriptionIds) {
        return new Delivery(publication, null, null, qos, retain, subscriptionIds);
    }

    /// One of what the retained store has in that place when it is sent.
    ///
    /// @param maxQos what the subscriber asked for
    /// @param notFrom whose messages the subscriber does not want
    static Delivery stored(Slot slot, int maxQos, @Nullable String notFrom, long[] subscriptionIds) {
        return new Delivery(null, slot, notFrom, maxQos, true, subscriptionIds);
    }

    /// Whether it is still in the retained store, which bounds what the message takes.
    boolean isStored() {
        return publication == null;
    }

    /// Takes the message that is in its place now.
    ///
    /// @return null if there is none any more, or none for this subscriber
    @Nullable
    Publication bind() {
        Publication now = slot == null ? null : slot.message;
        if (now == null || (notFrom != null && notFrom.equals(now.publisher))) {
            return null;
        }
        publication = now;
        qos = Math.min(qos, now.qos);
        return now;
    }

    Publication publication() {
        Publication known = publication;
        if (known == null) {
            throw new IllegalStateException("not bound yet");
        }
        return known;
    }

    /// About how many bytes of heap it keeps alive, a message that is not stored included.
    int weight() {
        Publication known = publication;
        return known == null ? OVERHEAD : OVERHEAD + known.weight();
    }
}
