package dev.weir.runtime.supervise;

import dev.weir.runtime.control.Simulations;
import org.jspecify.annotations.Nullable;

/// What has become of the runs of a child. Only for the supervisor's loop.
final class Counts {
    private long runs;
    private long expected;
    private long unexpected;
    private long abandoned;
    private long poisoned;
    private @Nullable Failure last;

    /// Another run begins; returns how many there were before.
    long begin() {
        return runs++;
    }

    /// A run has ended because it was told to.
    void cancelled() {
        expected++;
    }

    Failure failed(Child child, Throwable thrown) {
        boolean isExpected = isExpected(child, thrown);
        var failure = new Failure(Simulations.instant(), isExpected, thrown);
        expected += isExpected ? 1 : 0;
        unexpected += isExpected ? 0 : 1;
        last = failure;
        return failure;
    }

    // A predicate that throws must not end the supervisor.
    private static boolean isExpected(Child child, Throwable thrown) {
        try {
            return child.expected().test(thrown);
        } catch (RuntimeException | Error e) {
            Supervision.report(e);
            return false;
        }
    }

    void abandoned() {
        abandoned++;
    }

    void poisoned() {
        poisoned++;
    }

    long restarts() {
        return Math.max(0, runs - 1);
    }

    long expected() {
        return expected;
    }

    long unexpected() {
        return unexpected;
    }

    long abandonedInAll() {
        return abandoned;
    }

    long poisonedInAll() {
        return poisoned;
    }

    @Nullable
    Failure last() {
        return last;
    }
}
