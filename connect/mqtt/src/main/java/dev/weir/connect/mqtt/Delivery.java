package dev.weir.connect.mqtt;

/// A message on its way to one subscriber. Guarded by its session's lock.
final class Delivery {
    static final long[] NO_IDS = {};

    final Publication publication;
    final int qos;
    final boolean retain;
    final long[] subscriptionIds;
    /// Whether it comes out of the retained store, which has its own bound.
    final boolean stored;

    int packetId;
    /// Whether the subscriber has confirmed it with PUBREC: from then on only PUBREL is sent.
    boolean received;

    Delivery(Publication publication, int qos, boolean retain, long[] subscriptionIds, boolean stored) {
        this.publication = publication;
        this.qos = qos;
        this.retain = retain;
        this.subscriptionIds = subscriptionIds;
        this.stored = stored;
    }

    /// About how many bytes of heap it keeps alive, the shared message included.
    int weight() {
        return 64 + publication.weight();
    }
}
