package dev.weir.connect.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// How many messages a second each client may send. A client may send a batch as soon as it has
/// waited for those before, however large it is, and then waits in proportion. Remembers the
/// [#CLIENTS] that came last; one that is forgotten begins anew. Thread-safe.
final class ClientRates {
    static final int CLIENTS = 10_000;

    private final double rate;
    private final LongSupplier ticker;
    private final ReentrantLock lock = new ReentrantLock();

    /// Guarded by `lock`.
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > CLIENTS;
        }
    };

    private static final class Bucket {
        double left;
        long at;
    }

    /// @param rate messages a second; 0 for as many as they like
    /// @param ticker nanoseconds
    ClientRates(double rate, LongSupplier ticker) {
        this.rate = rate;
        this.ticker = ticker;
    }

    /// Lets a client in that has waited long enough.
    void admit(String client) throws Refusal {
        double left = change(client, 0);
        if (left < 0) {
            long seconds = Math.max(1, (long) Math.ceil(-left / rate));
            throw new Refusal(
                    429,
                    "rate",
                    "a client may send " + (long) rate + " messages a second",
                    Map.of("Retry-After", String.valueOf(seconds)));
        }
    }

    /// Counts messages of a client.
    void charge(String client, int messages) {
        double _ = change(client, messages);
    }

    private double change(String client, int messages) {
        if (rate == 0) {
            return 0;
        }
        long now = ticker.getAsLong();
        lock.lock();
        try {
            Bucket bucket = buckets.computeIfAbsent(client, _ -> {
                Bucket fresh = new Bucket();
                fresh.left = rate;
                fresh.at = now;
                return fresh;
            });
            bucket.left = Math.min(rate, bucket.left + (now - bucket.at) * rate / 1e9) - messages;
            bucket.at = now;
            return bucket.left;
        } finally {
            lock.unlock();
        }
    }
}
