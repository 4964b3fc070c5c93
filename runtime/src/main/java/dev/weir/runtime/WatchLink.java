package dev.weir.runtime;

import java.util.Objects;

/// A context that ends when a blocking call has returned, with the thread that makes the call.
final class WatchLink implements ForeignContext.Link {
    private final Thread watcher;

    private WatchLink(ForeignContext.Wait wait, CancellableContext ours) {
        watcher = Scheduler.child("weir-foreign-context", () -> watch(wait, ours), wait, 0);
        watcher.start();
    }

    static ForeignContext foreign(ForeignContext.Wait wait) {
        Objects.requireNonNull(wait, "wait");
        return ours -> new WatchLink(wait, ours);
    }

    // Whatever ends the wait ends the context.
    @SuppressWarnings("CatchingUnchecked")
    private static void watch(ForeignContext.Wait wait, CancellableContext ours) {
        try {
            wait.await();
            ours.cancel();
        } catch (Throwable thrown) {
            ours.cancel(StageLink.unwrapped(thrown));
        }
    }

    @Override
    public void unlink() {
        watcher.interrupt();
    }
}
