package dev.weir.connect.http;

import java.util.concurrent.atomic.AtomicLong;

/// How many bytes all requests together may hold. Thread-safe.
final class Budget {
    private final long most;
    private final AtomicLong used = new AtomicLong();

    Budget(long most) {
        this.most = most;
    }

    long used() {
        return used.get();
    }

    /// Takes bytes before memory is.
    ///
    /// @throws Refusal if there are not as many left
    void take(long bytes) throws Refusal {
        if (used.addAndGet(bytes) > most) {
            used.addAndGet(-bytes);
            throw Refusal.overloaded("requests hold " + most + " bytes already: try again");
        }
    }

    void release(long bytes) {
        used.addAndGet(-bytes);
    }
}
