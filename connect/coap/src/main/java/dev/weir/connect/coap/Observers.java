package dev.weir.connect.coap;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/// How many observations each peer has open. As many peers as there are observations at most, whose
/// number Californium bounds. Thread-safe.
final class Observers {
    private final int maxPerPeer;

    /// Guarded by itself.
    private final Map<InetSocketAddress, Integer> counts = new HashMap<>();

    Observers(int maxPerPeer) {
        this.maxPerPeer = maxPerPeer;
    }

    boolean mayHaveMore(InetSocketAddress peer) {
        synchronized (counts) {
            return counts.getOrDefault(peer, 0) < maxPerPeer;
        }
    }

    void began(InetSocketAddress peer) {
        synchronized (counts) {
            counts.merge(peer, 1, Integer::sum);
        }
    }

    void ended(InetSocketAddress peer) {
        synchronized (counts) {
            counts.computeIfPresent(peer, (_, count) -> count == 1 ? null : count - 1);
        }
    }

    /// How many observations there are.
    int total() {
        synchronized (counts) {
            return counts.values().stream().mapToInt(Integer::intValue).sum();
        }
    }
}
