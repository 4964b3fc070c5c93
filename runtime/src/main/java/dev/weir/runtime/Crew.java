package dev.weir.runtime;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// The threads of a [Group] or [Gather]: starts them, no more than a limit at the same time, and
/// waits until none runs.
final class Crew {
    // set once
    private final String name;
    private final String kind;
    private final Tally running;
    private final AtomicLong started = new AtomicLong();

    // written before the first task
    private volatile @Nullable WeightedSemaphore slots;

    /// @param owner what those who wait are blocked on
    /// @param kind of the owner, for messages
    Crew(Object owner, String kind, String name) {
        this.kind = kind;
        this.name = name;
        this.running = new Tally(owner, true);
    }

    long id() {
        return running.id;
    }

    void limit(int tasks) {
        if (tasks < 0) {
            throw new IllegalArgumentException("limit must be at least 0, but was " + tasks);
        }
        if (started.get() > 0) {
            throw new IllegalStateException("limit of " + kind + " " + name + " must be set before its first task");
        }
        slots = WeightedSemaphore.of(tasks, running.id);
    }

    /// Starts a task; waits for a slot.
    ///
    /// @param origin whose class says where the task was started
    /// @param task makes the task of its number, which counts from 1; the task must not throw
    void go(@Nullable Context context, Object origin, LongFunction<Runnable> task) throws InterruptedException {
        var limit = slots;
        if (context != null) {
            context.throwIfDone();
        }
        if (limit != null) {
            limit.acquire(1, context == null ? Context.background() : context);
        }
        start(origin, task, limit);
    }

    /// Starts a task if there is a slot.
    boolean tryGo(Object origin, LongFunction<Runnable> task) {
        var limit = slots;
        if (limit != null && !limit.tryAcquire(1)) {
            return false;
        }
        start(origin, task, limit);
        return true;
    }

    private void start(Object origin, LongFunction<Runnable> task, @Nullable WeightedSemaphore limit) {
        boolean counted = false;
        boolean started = false;
        try {
            counted = running.add(1);
            if (!counted) {
                throw new IllegalStateException(kind + " " + name + " has ended; it is used once");
            }
            long number = this.started.incrementAndGet();
            var body = task.apply(number);
            Scheduler.child(name + "-" + number, () -> run(body, limit), origin, running.id)
                    .start();
            started = true;
        } finally {
            if (!started) {
                ended(counted, limit);
            }
        }
    }

    private void run(Runnable body, @Nullable WeightedSemaphore limit) {
        try {
            body.run();
        } finally {
            ended(true, limit);
        }
    }

    private void ended(boolean counted, @Nullable WeightedSemaphore limit) {
        if (limit != null) {
            limit.release(1);
        }
        if (counted) {
            running.add(-1);
        }
    }

    /// Waits until no task runs, after which none can be started.
    void await() throws InterruptedException {
        running.await(null, null);
    }

    /// Waits as [#await()] does; returns false if the context was done before.
    boolean await(Context context) throws InterruptedException {
        return running.await(context, null);
    }

    void awaitUninterruptibly() {
        running.awaitUninterruptibly();
    }

    /// An error is told at once, and not only when somebody waits for the task: a broken program
    /// should be heard of now.
    static void reportError(Throwable thrown) {
        if (thrown instanceof Error) {
            var thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
        }
    }
}
