package dev.weir.runtime;

import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Runs tasks in virtual threads and waits for all of them, as Go's `errgroup`: the first failure cancels the
/// group's context, which the tasks should watch, and is what [#await()] reports.
///
/// {@snippet file="ExamplesTest.java" region="group"}
///
/// Cancellation goes by the context: tasks are not interrupted, because an interrupt closes the file that a
/// task is writing. A group is used once. Any thread may call any method, tasks included, but a task that
/// awaits its own group waits for itself.
public final class Group implements AutoCloseable {
    /// Beyond this many failures, later ones are only counted: a group may run any number of tasks.
    private static final int MAX_SUPPRESSED = 32;

    /// What a task does.
    @FunctionalInterface
    public interface Task {
        /// Does the work; what it throws fails the group.
        void run() throws Exception;
    }

    // set once
    private final String name;
    private final CancellableContext context;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();

    // guarded by the lock
    private @Nullable Semaphore slots;
    private long started;
    private int active;
    private boolean ended;
    private @Nullable Throwable failure;
    private String failedTask = "";
    private int laterFailures;

    private Group(Context parent, String name) {
        this.name = Objects.requireNonNull(name, "name");
        this.context = parent.withCancel();
    }

    /// A group whose context is a child of `parent`.
    ///
    /// @param name names the threads, which are `name-1`, `name-2` and so on
    public static Group of(Context parent, String name) {
        return new Group(parent, name);
    }

    /// The context for the tasks: done after the first failure, when [#await()] returns, when the group is
    /// closed, or with the parent.
    public Context context() {
        return context;
    }

    /// Lets at most `tasks` tasks run at the same time; without this there is no limit.
    ///
    /// @param tasks 0 lets none run
    /// @return this group
    /// @throws IllegalArgumentException if `tasks` is negative
    /// @throws IllegalStateException if a task has been started already
    public Group limit(int tasks) {
        if (tasks < 0) {
            throw new IllegalArgumentException("limit must be at least 0, but was " + tasks);
        }
        lock.lock();
        try {
            if (started > 0) {
                throw new IllegalStateException("limit of group " + name + " must be set before its first task");
            }
            slots = new Semaphore(tasks, true);
        } finally {
            lock.unlock();
        }
        return this;
    }

    /// Starts a task; waits while as many run as the limit allows, even if the context is done meanwhile.
    ///
    /// @throws IllegalStateException if the group has ended
    /// @throws InterruptedException if the thread is interrupted while it waits; the task was not started
    public void go(Task task) throws InterruptedException {
        Objects.requireNonNull(task, "task");
        var semaphore = slots();
        if (semaphore != null) {
            semaphore.acquire();
        }
        start(task, semaphore);
    }

    /// Starts a task unless as many run as the limit allows. Never blocks; may overtake callers who wait in
    /// [#go(Task)].
    ///
    /// @return whether the task was started
    /// @throws IllegalStateException if the group has ended
    public boolean tryGo(Task task) {
        Objects.requireNonNull(task, "task");
        var semaphore = slots();
        if (semaphore != null && !semaphore.tryAcquire()) {
            return false;
        }
        start(task, semaphore);
        return true;
    }

    /// Waits until all tasks have ended, and then ends the group: its context is cancelled and no task can be
    /// started any more. May be called repeatedly, with the same outcome.
    ///
    /// @throws TaskFailedException if a task has thrown something; see there for what became of it
    /// @throws InterruptedException if the thread is interrupted while it waits; the tasks go on and the
    /// group can be awaited again
    public void await() throws InterruptedException {
        lock.lock();
        try {
            while (active > 0) {
                idle.await();
            }
            ended = true;
        } finally {
            lock.unlock();
        }
        context.cancel();
        throwIfFailed();
    }

    /// Cancels the context and waits until all tasks have ended, for the case that [#await()] was not
    /// reached. Reports no failure. An interrupt does not end the wait, since no task may outlive its group;
    /// it is kept for the caller.
    @Override
    public void close() {
        context.cancel();
        lock.lock();
        try {
            while (active > 0) {
                idle.awaitUninterruptibly();
            }
            ended = true;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Semaphore slots() {
        lock.lock();
        try {
            return slots;
        } finally {
            lock.unlock();
        }
    }

    private void start(Task task, @Nullable Semaphore semaphore) {
        boolean running = false;
        try {
            var threadName = register();
            try {
                Scheduler.child(threadName, () -> run(task, threadName, semaphore))
                        .start();
                running = true;
            } finally {
                if (!running) {
                    unregister();
                }
            }
        } finally {
            if (!running && semaphore != null) {
                semaphore.release();
            }
        }
    }

    private String register() {
        lock.lock();
        try {
            if (ended) {
                throw new IllegalStateException("group " + name + " has ended; a group is used once");
            }
            active++;
            started++;
            return name + "-" + started;
        } finally {
            lock.unlock();
        }
    }

    private void unregister() {
        lock.lock();
        try {
            active--;
            if (active == 0) {
                idle.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    // Whatever a task throws must reach the owner, errors included.
    @SuppressWarnings("CatchingUnchecked")
    private void run(Task task, String threadName, @Nullable Semaphore semaphore) {
        try {
            task.run();
        } catch (Throwable thrown) {
            fail(threadName, thrown);
        } finally {
            if (semaphore != null) {
                semaphore.release();
            }
            unregister();
        }
    }

    private void fail(String threadName, Throwable thrown) {
        boolean first;
        lock.lock();
        try {
            first = failure == null;
            if (first) {
                failure = thrown;
                failedTask = threadName;
            } else {
                suppress(thrown);
            }
        } finally {
            lock.unlock();
        }
        if (first) {
            context.cancel(thrown);
        }
        if (thrown instanceof Error) {
            // A broken program should be heard of now, and not only when somebody awaits the group.
            var thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
        }
    }

    @SuppressWarnings("ReferenceEquality") // an exception cannot suppress itself
    private void suppress(Throwable later) {
        // That a sibling stopped because the context was cancelled is the consequence of the first failure, not
        // another one.
        if (later == failure || later instanceof ContextException || failure == null) {
            return;
        }
        laterFailures++;
        if (laterFailures <= MAX_SUPPRESSED) {
            failure.addSuppressed(later);
        }
    }

    private void throwIfFailed() {
        lock.lock();
        try {
            if (failure != null) {
                var more = laterFailures == 0 ? "" : " (and " + laterFailures + " more failures)";
                throw new TaskFailedException("task " + failedTask + " failed: " + failure + more, failure);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return "Group(" + name + ")";
    }
}
