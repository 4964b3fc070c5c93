package dev.weir.runtime;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.function.BooleanSupplier;

/// A thread of a test, with its result. Virtual ones run on the scheduler that the build chose: all
/// tests run once on each.
public final class Running<T> {
    private final FutureTask<T> task;
    private final Thread thread;

    private Running(Callable<T> body, ThreadFactory threads) {
        task = new FutureTask<>(body);
        thread = threads.newThread(task);
        thread.start();
    }

    static <T> Running<T> call(Callable<T> body) {
        return new Running<>(body, Scheduler.shared().factory(Lane.SAMPLE, "test-"));
    }

    static <T> Running<T> callOnPlatform(Callable<T> body) {
        return new Running<>(body, Thread.ofPlatform().daemon().name("test").factory());
    }

    static Running<Boolean> run(Group.Task body) {
        return call(() -> {
            body.run();
            return true;
        });
    }

    /// Waits for the result; what the body threw is thrown again.
    T result() throws Exception {
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    boolean isDone() {
        return task.isDone();
    }

    Thread thread() {
        return thread;
    }

    /// Waits until the thread is parked without a time limit, as one that waits on a channel is.
    Running<T> parked() {
        return parkedAs(Thread.State.WAITING);
    }

    /// Waits until the thread is parked with a time limit.
    Running<T> parkedWithTimeout() {
        return parkedAs(Thread.State.TIMED_WAITING);
    }

    private Running<T> parkedAs(Thread.State state) {
        until(() -> {
            if (task.isDone()) {
                throw new AssertionError("the thread should be waiting, but has ended");
            }
            return thread.getState() == state;
        });
        return this;
    }

    /// Waits until a condition holds; the test's timeout interrupts it.
    @SuppressWarnings("ThreadPriorityCheck") // polls
    public static void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("interrupted while waiting for a condition");
            }
            Thread.yield();
        }
    }
}
