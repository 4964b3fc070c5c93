package dev.weir.runtime.pattern;

import java.util.function.BooleanSupplier;

/// Waits for what other threads do.
final class Eventually {
    private Eventually() {}

    /// Waits until a condition holds; the test's timeout interrupts it.
    @SuppressWarnings("ThreadPriorityCheck") // polls
    static void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("interrupted while waiting for a condition");
            }
            Thread.yield();
        }
    }
}
