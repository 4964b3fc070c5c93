package dev.weir.connect.mqtt;

import java.util.concurrent.atomic.AtomicLong;

/// Bytes that many queues share. Thread-safe.
final class Budget {
    private final long limit;
    private final AtomicLong used = new AtomicLong();

    Budget(long limitBytes) {
        this.limit = limitBytes;
    }

    /// Takes `bytes` if they are left.
    boolean tryTake(int bytes) {
        if (used.addAndGet(bytes) <= limit) {
            return true;
        }
        used.addAndGet(-bytes);
        return false;
    }

    void release(int bytes) {
        used.addAndGet(-bytes);
    }

    long used() {
        return used.get();
    }
}
