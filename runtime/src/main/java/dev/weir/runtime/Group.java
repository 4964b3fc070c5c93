package dev.weir.runtime;

import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// Runs tasks in virtual threads and waits for all of them, as Go's `errgroup`: the first failure
/// cancels the group's context, which the tasks should watch, and is what [#await()] reports.
///
/// {@snippet file="ExamplesTest.java" region="group"}
///
/// Cancellation goes by the context: tasks are not interrupted, because an interrupt closes the
/// file that a task is writing. A group is used once. Any thread may call any method, tasks
/// included, but a task that awaits its own group waits for itself.
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
    private final Crew crew;
    private final ReentrantLock lock = new ReentrantLock();

    // guarded by the lock
    private @Nullable Throwable failure;
    private String failedTask = "";
    private int laterFailures;

    private Group(Context parent, String name) {
        this.name = Objects.requireNonNull(name, "name");
        this.context = parent.withCancel();
        this.crew = new Crew(this, "group", name);
    }

    /// A group whose context is a child of `parent`.
    ///
    /// @param name names the threads, which are `name-1`, `name-2` and so on
    public static Group of(Context parent, String name) {
        return new Group(parent, name);
    }

    /// The context for the tasks: done after the first failure, when [#await()] returns, when the
    /// group is closed, or with the parent.
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
        crew.limit(tasks);
        return this;
    }

    /// Starts a task; waits while as many run as the limit allows, even if the context is done
    /// meanwhile.
    ///
    /// @throws IllegalStateException if the group has ended
    /// @throws InterruptedException if the thread is interrupted while it waits; the task was not
    ///     started
    public void go(Task task) throws InterruptedException {
        crew.go(null, task, body(task));
    }

    /// Starts a task as [#go(Task)] does, for as long as `context` is not done; with [#context()],
    /// no task is started after the first failure.
    ///
    /// @throws ContextException if the context is done before there was room; the task was not
    ///     started
    /// @throws IllegalStateException if the group has ended
    /// @throws InterruptedException if the thread is interrupted while it waits; the task was not
    ///     started
    public void go(Context context, Task task) throws InterruptedException {
        crew.go(Objects.requireNonNull(context, "context"), task, body(task));
    }

    /// Starts a task unless as many run as the limit allows or others wait for that in
    /// [#go(Task)]. Never blocks.
    ///
    /// @return whether the task was started
    /// @throws IllegalStateException if the group has ended
    public boolean tryGo(Task task) {
        return crew.tryGo(task, body(task));
    }

    /// Waits until all tasks have ended, and then ends the group: its context is cancelled and no
    /// task can be started any more. May be called repeatedly, with the same outcome.
    ///
    /// @throws TaskFailedException if a task has thrown something: its cause is the first failure,
    ///     whose suppressed exceptions are the later ones
    /// @throws InterruptedException if the thread is interrupted while it waits; the tasks go on
    ///     and the group can be awaited again
    public void await() throws InterruptedException {
        crew.await();
        context.cancel();
        throwIfFailed();
    }

    /// Waits as [#await()] does, for as long as `context` is not done.
    ///
    /// @throws ContextException if the context is done before; the tasks go on and the group can
    ///     be awaited again
    /// @throws TaskFailedException if a task has thrown something, as for [#await()]
    /// @throws InterruptedException if the thread is interrupted while it waits; the tasks go on
    ///     and the group can be awaited again
    public void await(Context context) throws InterruptedException {
        context.throwIfDone();
        if (!crew.await(context)) {
            context.throwIfDone();
        }
        await();
    }

    /// Cancels the context and waits until all tasks have ended, for the case that [#await()] was
    /// not reached. Reports no failure. An interrupt does not end the wait, since no task may
    /// outlive its group; it is kept for the caller.
    @Override
    public void close() {
        context.cancel();
        crew.awaitUninterruptibly();
    }

    private LongFunction<Runnable> body(Task task) {
        Objects.requireNonNull(task, "task");
        return _ -> () -> run(task);
    }

    // Whatever a task throws must reach the owner, errors included.
    @SuppressWarnings("CatchingUnchecked")
    private void run(Task task) {
        try {
            task.run();
        } catch (Throwable thrown) {
            fail(Thread.currentThread().getName(), thrown);
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
        Crew.reportError(thrown);
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

    long crew() {
        return crew.id();
    }

    @Override
    public String toString() {
        return "Group(" + name + ")";
    }
}
