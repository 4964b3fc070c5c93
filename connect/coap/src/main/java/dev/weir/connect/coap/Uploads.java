package dev.weir.connect.coap;

import java.net.InetSocketAddress;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Which uploads in blocks are under way: so many in all, so many of each peer, each for a limited
/// time. Californium puts them together and takes memory for the whole body at the first block.
/// Thread-safe.
final class Uploads {
    /// How many of one peer; RFC 7959 has no use for more than one for each path.
    static final int MAX_PER_PEER = 4;

    /// How long one may take from its first block to its last.
    static final long LIFE_NANOS = TimeUnit.MINUTES.toNanos(5);

    /// How long one may pause.
    static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final int max;
    private final LongSupplier nanoClock;

    /// Guarded by itself.
    private final Map<Key, Times> under = new LinkedHashMap<>();

    /// @param of tells the uploads of a peer apart
    private record Key(InetSocketAddress peer, Object of) {}

    private record Times(long begun, long last) {}

    Uploads(int max, LongSupplier nanoClock) {
        this.max = max;
        this.nanoClock = nanoClock;
    }

    /// How many there may be in all.
    int max() {
        return max;
    }

    /// Asks for one more block.
    ///
    /// @param of what Californium tells the uploads of a peer apart by
    /// @return false when the upload would be one too many, or took too long
    boolean block(InetSocketAddress peer, Object of, boolean first, boolean last) {
        long now = nanoClock.getAsLong();
        Key key = new Key(peer, of);
        synchronized (under) {
            expire(now);
            Times known = under.get(key);
            if (last) {
                under.remove(key);
                return true;
            }
            if (known == null && !first) {
                // Nothing is held for it: Californium answers 4.08.
                return true;
            }
            if (known == null && (under.size() >= max || count(peer) >= MAX_PER_PEER)) {
                return false;
            }
            if (known != null && !first && now - known.begun > LIFE_NANOS) {
                return false;
            }
            under.put(key, new Times(known == null || first ? now : known.begun, now));
            return true;
        }
    }

    private int count(InetSocketAddress peer) {
        int count = 0;
        for (Key key : under.keySet()) {
            count += key.peer.equals(peer) ? 1 : 0;
        }
        return count;
    }

    private void expire(long now) {
        Iterator<Times> all = under.values().iterator();
        while (all.hasNext()) {
            if (now - all.next().last > IDLE_NANOS) {
                all.remove();
            }
        }
    }

    /// How many are under way.
    int size() {
        synchronized (under) {
            return under.size();
        }
    }
}
