package dev.weir.testkit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Waits for what another thread or another process does.
public final class Eventually {
    /// How long anything may take before it counts as never. Generous, since test machines stall.
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    /// How long to look for what should not happen.
    public static final Duration MOMENT = Duration.ofMillis(150);

    private static final long STEP_NANOS = 2_000_000;

    private Eventually() {}

    /// Something that is to become true.
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws Exception;
    }

    /// Waits until a condition holds, [#PATIENCE] at most.
    ///
    /// @param what what is waited for, for the failure's message
    public static void until(String what, Condition condition) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within " + PATIENCE.toSeconds() + " s: " + what);
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("while waiting for: " + what);
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
    }

    /// Looks for [#MOMENT] whether a condition stays false.
    ///
    /// @param what what must not happen, for the failure's message
    public static void never(String what, Condition condition) throws Exception {
        long end = System.nanoTime() + MOMENT.toNanos();
        do {
            if (condition.holds()) {
                throw new AssertionError("it happened: " + what);
            }
            LockSupport.parkNanos(STEP_NANOS);
        } while (System.nanoTime() - end < 0);
    }
}
