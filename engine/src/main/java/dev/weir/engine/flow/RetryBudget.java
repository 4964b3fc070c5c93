package dev.weir.engine.flow;

import java.util.concurrent.atomic.AtomicLong;

/// Keeps retries a share of the writes, so that a struggling peer does not get many times the load:
/// each write adds a share of a retry, each retry takes a whole one. Shared by a sink's workers.
final class RetryBudget {
    /// How many retries are there in the beginning, and may be saved up.
    static final int RESERVE = 10;

    private static final long WHOLE = 1_000_000;

    private final long share;
    private final AtomicLong balance = new AtomicLong(RESERVE * WHOLE);

    /// @param share of a retry that a write adds, above 0
    RetryBudget(double share) {
        this.share = Math.max(1, Math.round(share * WHOLE));
    }

    /// A write begins.
    void write() {
        balance.accumulateAndGet(share, (before, added) -> Math.min(RESERVE * WHOLE, before + added));
    }

    /// Takes a retry, if there is one.
    boolean tryRetry() {
        long before;
        do {
            before = balance.get();
            if (before < WHOLE) {
                return false;
            }
        } while (!balance.compareAndSet(before, before - WHOLE));
        return true;
    }
}
