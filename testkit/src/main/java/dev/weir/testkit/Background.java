package dev.weir.testkit;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Something that a test does on a thread of its own, because it may block.
public final class Background {
    private final String what;
    private final Thread thread;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private Background(String what, Task task) {
        this.what = what;
        this.thread = Thread.ofVirtual().name("test-" + what).start(() -> {
            try {
                task.run();
            } catch (Throwable thrown) {
                failure.set(thrown);
            }
        });
    }

    /// What may block and may fail.
    @FunctionalInterface
    public interface Task {
        void run() throws Exception;
    }

    /// Starts it.
    ///
    /// @param what what is done, for messages: `close`
    public static Background start(String what, Task task) {
        return new Background(what, task);
    }

    /// Interrupts it.
    public void interrupt() {
        thread.interrupt();
    }

    /// Whether it still runs.
    public boolean isRunning() {
        return thread.isAlive();
    }

    /// Waits for its end, ten seconds at most: then it fails with a stack trace of where it hangs.
    ///
    /// @return what it threw, or null
    public @Nullable Throwable outcome() throws InterruptedException {
        if (!thread.join(Eventually.PATIENCE)) {
            AssertionError hanging = new AssertionError(
                    what + " did not end within " + Eventually.PATIENCE.toSeconds() + " s; it hangs at:");
            hanging.setStackTrace(thread.getStackTrace());
            throw hanging;
        }
        return failure.get();
    }

    /// Waits for its end, ten seconds at most, and fails if it threw.
    public void join() throws InterruptedException {
        Throwable thrown = outcome();
        if (thrown != null) {
            throw new AssertionError(what + " threw " + thrown, thrown);
        }
    }
}
