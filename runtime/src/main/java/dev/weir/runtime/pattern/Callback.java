package dev.weir.runtime.pattern;

import java.util.function.Consumer;

/// Runs what others gave us to be told by, so that it can do no harm.
final class Callback {
    private Callback() {}

    /// Whatever it throws must not reach the pattern that tells.
    @SuppressWarnings("CatchingUnchecked")
    static <E> void tell(Consumer<? super E> callback, E event) {
        try {
            callback.accept(event);
        } catch (Throwable thrown) {
            report(thrown);
        }
    }

    /// An error is heard of at once, as in the groups of the runtime.
    static void reportError(Throwable thrown) {
        if (thrown instanceof Error) {
            report(thrown);
        }
    }

    private static void report(Throwable thrown) {
        var thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
    }
}
