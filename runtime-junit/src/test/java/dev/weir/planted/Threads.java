package dev.weir.planted;

import dev.weir.runtime.junit.Bubble;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Starts the threads of a scenario and waits for their ends.
final class Threads {
    private Threads() {}

    static void run(Bubble.Body... bodies) throws InterruptedException {
        var failure = new AtomicReference<@Nullable Throwable>();
        var threads = new Thread[bodies.length];
        for (int i = 0; i < bodies.length; i++) {
            var body = bodies[i];
            threads[i] = Thread.ofVirtual().name("worker-" + i).start(() -> call(body, failure));
        }
        for (var thread : threads) {
            thread.join();
        }
        if (failure.get() != null) {
            throw new AssertionError(failure.get());
        }
    }

    /// In a bubble, what a thread throws ends the test; elsewhere it is kept for the end of `run`.
    private static void call(Bubble.Body body, AtomicReference<@Nullable Throwable> failure) {
        try {
            body.run();
        } catch (RuntimeException | Error thrown) {
            failure.compareAndSet(null, thrown);
            if (Bubble.isInside()) {
                throw thrown;
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
