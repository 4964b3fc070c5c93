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

    /// Whether `bytes` could be taken if `freed` were given back.
    boolean fits(int bytes, long freed) {
        return used.get() - freed + bytes <= limit;
    }

    void release(int bytes) {
        used.addAndGet(-bytes);
    }

    long used() {
        return used.get();
    }
}
