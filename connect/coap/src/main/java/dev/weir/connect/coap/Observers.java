package dev.weir.connect.coap;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.eclipse.californium.core.coap.Token;

/// Which observations each peer has open. As many peers as there are observations at most, whose
/// number Californium bounds. Thread-safe.
final class Observers {
    private final int maxPerPeer;

    /// Guarded by itself.
    private final Map<InetSocketAddress, Set<Token>> open = new HashMap<>();

    Observers(int maxPerPeer) {
        this.maxPerPeer = maxPerPeer;
    }

    /// Whether a peer may begin an observation, or renew one that it has.
    boolean mayHave(InetSocketAddress peer, Token token) {
        synchronized (open) {
            Set<Token> ofPeer = open.getOrDefault(peer, Set.of());
            return ofPeer.size() < maxPerPeer || ofPeer.contains(token);
        }
    }

    void began(InetSocketAddress peer, Token token) {
        synchronized (open) {
            open.computeIfAbsent(peer, _ -> new HashSet<>(2)).add(token);
        }
    }

    void ended(InetSocketAddress peer, Token token) {
        synchronized (open) {
            Set<Token> ofPeer = open.get(peer);
            if (ofPeer != null && ofPeer.remove(token) && ofPeer.isEmpty()) {
                open.remove(peer);
            }
        }
    }

    /// How many observations there are.
    int total() {
        synchronized (open) {
            return open.values().stream().mapToInt(Set::size).sum();
        }
    }
}
