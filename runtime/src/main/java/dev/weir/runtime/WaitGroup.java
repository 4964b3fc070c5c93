package dev.weir.runtime;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/// Waits until a number of tasks, which may grow, have ended, as Go's `sync.WaitGroup`. For tasks
/// that cannot fail or whose failures are nobody's; where one matters, use [Group] or [Gather].
///
/// {@snippet file="ExamplesTest.java" region="wait-group"}
///
/// Unlike a [java.util.concurrent.CountDownLatch] it also counts up, and can be used again. All
/// methods may be called by any thread. What a task did before [#done()] is visible to those whose
/// wait this ends.
public final class WaitGroup {
    private final String name;
    private final Tally tally = new Tally(this, false);
    private final AtomicLong started = new AtomicLong();

    private WaitGroup(String name) {
        this.name = Objects.requireNonNull(name, "name");
    }

    /// A group without tasks.
    ///
    /// @param name names the threads that [#go(Runnable)] starts, which are `name-1`, `name-2` and
    ///     so on
    public static WaitGroup of(String name) {
        return new WaitGroup(name);
    }

    /// Counts `tasks` more; a negative number counts down. Before the tasks are started, or a wait
    /// may miss them.
    ///
    /// @throws IllegalStateException if the count would be negative; it is not changed
    public void add(int tasks) {
        tally.add(tasks);
    }

    /// Counts one down: a task has ended.
    ///
    /// @throws IllegalStateException if the count would be negative; it is not changed
    public void done() {
        tally.add(-1);
    }

    /// Starts a task in a virtual thread, and counts it until it has ended. What it throws goes to
    /// the thread's uncaught exception handler, and ends it like any other.
    public void go(Runnable task) {
        Objects.requireNonNull(task, "task");
        tally.add(1);
        boolean running = false;
        try {
            Runnable counted = () -> {
                try {
                    task.run();
                } finally {
                    tally.add(-1);
                }
            };
            Scheduler.child(name + "-" + started.incrementAndGet(), counted, task, tally.id)
                    .start();
            running = true;
        } finally {
            if (!running) {
                tally.add(-1);
            }
        }
    }

    /// How many tasks are counted at this instant.
    public long count() {
        return tally.count();
    }

    /// Waits until the count is zero, or has been meanwhile.
    ///
    /// @throws InterruptedException if the thread is interrupted before or while it waits
    public void await() throws InterruptedException {
        tally.await(null, null);
    }

    /// Waits as [#await()] does, for as long as `context` is not done.
    ///
    /// @throws ContextException if the context is done before
    /// @throws InterruptedException if the thread is interrupted before or while it waits
    public void await(Context context) throws InterruptedException {
        context.throwIfDone();
        if (!tally.await(context, null)) {
            context.throwIfDone();
        }
    }

    /// Waits as [#await()] does, but no longer than `timeout`; zero or less means not at all.
    ///
    /// @return whether the count was zero in time
    /// @throws InterruptedException if the thread is interrupted before or while it waits
    public boolean tryAwait(Duration timeout) throws InterruptedException {
        return tally.await(null, Deadline.in(timeout));
    }

    long crew() {
        return tally.id;
    }

    @Override
    public String toString() {
        return "WaitGroup(" + name + ")";
    }
}
