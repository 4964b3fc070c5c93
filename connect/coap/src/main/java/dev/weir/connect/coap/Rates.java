package dev.weir.connect.coap;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// How many datagrams a second each address may send: a token bucket each, which holds what a
/// second brings. Remembers so many addresses; beyond, the one that was silent longest is forgotten
/// and would begin anew with a full bucket. Thread-safe.
final class Rates {
    private static final double NANOS_PER_SECOND = 1e9;

    private final int perSecond;
    private final LongSupplier nanoClock;

    /// Guarded by itself; in the order of last use.
    private final Map<InetAddress, Bucket> buckets;

    private static final class Bucket {
        private double tokens;
        private long filled;

        Bucket(double tokens, long filled) {
            this.tokens = tokens;
            this.filled = filled;
        }
    }

    Rates(int perSecond, int maxAddresses, LongSupplier nanoClock) {
        this.perSecond = perSecond;
        this.nanoClock = nanoClock;
        this.buckets = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<InetAddress, Bucket> eldest) {
                return size() > maxAddresses;
            }
        };
    }

    /// Whether one more of that address is within its rate.
    boolean take(InetAddress address) {
        long now = nanoClock.getAsLong();
        synchronized (buckets) {
            Bucket bucket = buckets.get(address);
            if (bucket == null) {
                buckets.put(address, new Bucket(perSecond - 1, now));
                return true;
            }
            double brought = (now - bucket.filled) / NANOS_PER_SECOND * perSecond;
            bucket.tokens = Math.min(perSecond, bucket.tokens + brought);
            bucket.filled = now;
            if (bucket.tokens < 1) {
                return false;
            }
            bucket.tokens--;
            return true;
        }
    }

    /// How many addresses are remembered.
    int size() {
        synchronized (buckets) {
            return buckets.size();
        }
    }
}
