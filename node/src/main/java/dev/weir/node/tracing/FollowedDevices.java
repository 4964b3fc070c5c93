package dev.weir.node.tracing;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/// The devices of which all readings are followed for a while. Thread-safe; asking costs a look at
/// an empty map while there are none.
final class FollowedDevices {
    /// How many at once.
    static final int MOST = 16;

    private final LongSupplier nanoTime;

    /// Until when, by `nanoTime`. Replaced as a whole, guarded by this.
    private volatile Map<String, Long> until = Map.of();

    FollowedDevices(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    boolean has(String device) {
        Map<String, Long> now = until;
        if (now.isEmpty()) {
            return false;
        }
        Long end = now.get(device);
        if (end == null) {
            return false;
        }
        if (nanoTime.getAsLong() - end < 0) {
            return true;
        }
        forget();
        return false;
    }

    /// Follows a device from now on, or for longer.
    ///
    /// @return whether there is room for it
    synchronized boolean add(String device, Duration time) {
        forget();
        if (until.size() >= MOST && !until.containsKey(device)) {
            return false;
        }
        Map<String, Long> next = new HashMap<>(until);
        next.put(device, nanoTime.getAsLong() + time.toNanos());
        until = Map.copyOf(next);
        return true;
    }

    /// How long each will still be followed.
    Map<String, Duration> left() {
        forget();
        long now = nanoTime.getAsLong();
        Map<String, Duration> left = new TreeMap<>();
        until.forEach((device, end) -> left.put(device, Duration.ofNanos(end - now)));
        return left;
    }

    private synchronized void forget() {
        long now = nanoTime.getAsLong();
        Map<String, Long> next = new HashMap<>(until);
        if (next.values().removeIf(end -> now - end >= 0)) {
            until = Map.copyOf(next);
        }
    }
}
