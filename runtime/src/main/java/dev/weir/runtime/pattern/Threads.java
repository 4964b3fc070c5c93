package dev.weir.runtime.pattern;

import dev.weir.runtime.WaitGroup;
import java.util.function.BooleanSupplier;

/// The end of the threads of a pattern.
final class Threads {
    private Threads() {}

    /// Waits until all have ended, unless somebody has given up on them. An interrupt does not end
    /// the wait, since no thread may outlive its pattern; it is kept for the caller.
    static void awaitEnd(WaitGroup threads, BooleanSupplier givenUp) {
        boolean interrupted = false;
        while (!givenUp.getAsBoolean()) {
            try {
                threads.await();
                break;
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
